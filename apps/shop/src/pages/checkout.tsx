import {
  type Cart,
  cartCheckout,
  cartChange,
  isProblem,
  type Order,
  type PaymentMethod,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  EmptyState,
  Loading,
  Notice,
  PageHeader,
  ProblemNotice,
  QueryView,
  RadioGroup,
  Skeleton,
  Stack,
  TextInput,
} from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useLocation } from "wouter";
import { CollectChoice, CollectPromise } from "../parts/collect-choice.tsx";
import { SignInButton } from "../parts/sign-in-button.tsx";
import { WasNow } from "../parts/price-why.tsx";
import { PromotionCode } from "../parts/promotion-code.tsx";
import { TotalsTable } from "../parts/totals.tsx";
import { forgetCart, useCart, useRememberCart } from "../state/cart.ts";
import { type CheckoutForm, choiceOf, missing } from "../state/contact.ts";
import { useMember } from "../state/member.ts";
import { usePayMethods } from "../state/methods.ts";
import { orderPath, rememberOrderToken } from "../state/order-access.ts";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

export default function CheckoutPage() {
  const t = useWords();
  const cart = useCart();
  const member = useMember();
  useTitle(t.checkout.title);
  return (
    <Stack>
      <PageHeader title={t.checkout.title} back="/cart" />
      <QueryView
        // The form starts from what is known of the person, so it waits for the answer.
        query={{ ...cart, data: member.isPending ? undefined : cart.data }}
        skeleton={<CheckoutSkeleton />}
        empty={(data) =>
          data && data.lines.length > 0 ? null : (
            <EmptyState
              icon="bag"
              title={t.cart.emptyTitle}
              action={<Button href="/products">{t.cart.browse}</Button>}
            />
          )
        }
      >
        {(data) =>
          data && <CheckoutFormView key={data.id} cart={data} start={startOf(data, member.data)} />
        }
      </QueryView>
    </Stack>
  );
}

function CheckoutSkeleton() {
  return (
    <Loading>
      <Stack>
        <Skeleton height="5rem" />
        <Skeleton height="12rem" />
        <Skeleton height="8rem" />
      </Stack>
    </Loading>
  );
}

type Known = { name: string | null; phone: string } | null | undefined;

/** What the bag and the membership already say. */
function startOf(cart: Cart, member: Known): CheckoutForm {
  const choice = cart.fulfilment;
  const address = choice?.method === "delivery" ? choice.address : null;
  return {
    method: choice?.method ?? "collect",
    placeId: choice?.method === "collect" ? choice.place_id : null,
    contact: {
      name: cart.contact?.name ?? member?.name ?? "",
      phone: cart.contact?.phone ?? member?.phone ?? "",
    },
    address: {
      province: address?.province ?? "",
      city: address?.city ?? "",
      district: address?.district ?? "",
      line: address?.line ?? "",
    },
  };
}

function CheckoutFormView({ cart, start }: { cart: Cart; start: CheckoutForm }) {
  const t = useWords();
  const { money, number, text } = useI18n();
  const { data: member } = useMember();
  const [, go] = useLocation();
  const client = useQueryClient();
  const remember = useRememberCart();
  const [form, setForm] = useState(start);
  const methods = usePayMethods();
  // With whom is chosen on the page that takes the payment.
  const online = methods.data?.[0];
  const cannotPayOnline = methods.data?.length === 0;
  const [wantsInStore, setWantsInStore] = useState(false);
  // What has to come first is paid when it is ordered.
  const comes = cart.collect !== null && cart.collect.how !== "now";
  const mayPayInStore = form.method === "collect" && !comes;
  const inStore = mayPayInStore && (wantsInStore || cannotPayOnline);
  const [tried, setTried] = useState(false);
  const [shownTotal, setShownTotal] = useState<number | null>(null);

  // Fees depend on how it is received, so the bag learns it before the order is placed.
  const saveChoice = useAction(
    (next: CheckoutForm, intent) => {
      const fulfilment = choiceOf(next);
      return cartChange(cart.id, fulfilment ? { fulfilment } : {}, intent);
    },
    { onSuccess: remember },
  );
  const place = useAction(
    async (
      input: { form: CheckoutForm; payment: PaymentMethod | undefined },
      intent,
    ): Promise<Order | null> => {
      // How one may pay here is known long before; unless the answer got lost.
      const method =
        input.payment ?? (await methods.refetch({ throwOnError: true })).data?.[0] ?? "sandbox";
      const fulfilment = choiceOf(input.form);
      const contact = {
        name: input.form.contact.name.trim(),
        phone: input.form.contact.phone.trim(),
      };
      const update = fulfilment ? { fulfilment, contact } : { contact };
      const updated = await cartChange(cart.id, update, { key: `${intent.key}u` });
      remember(updated);
      // Nobody pays another sum than the one on the button they pressed.
      if (updated.totals.total.amount_minor !== cart.totals.total.amount_minor) {
        setShownTotal(updated.totals.total.amount_minor);
        return null;
      }
      const seen_total = updated.totals.total;
      return cartCheckout(cart.id, { payment_method: method, seen_total }, intent);
    },
    {
      onSuccess: (order, input) => {
        if (!order) return;
        rememberOrderToken(order.id, order.access_token);
        client.setQueryData(["order", order.id], order);
        forgetCart();
        const payNow = order.state === "pending_payment" && input.payment !== "pay_in_store";
        go(payNow ? `/pay/${order.id}` : orderPath(order.id, order.access_token), {
          replace: true,
        });
      },
      onError: () => {
        void client.invalidateQueries({ queryKey: ["availability"] });
        void client.invalidateQueries({ queryKey: ["cart", cart.id] });
      },
    },
  );

  function change(next: CheckoutForm) {
    setForm(next);
    if (choiceOf(next) && next.method === "collect") saveChoice.mutate(next);
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    setShownTotal(null);
    if (Object.keys(missing(form)).length > 0) {
      // The first thing to mend comes to the person, not the other way round.
      requestAnimationFrame(() => {
        document.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid]')?.focus();
      });
      return;
    }
    place.mutate({ form, payment: inStore ? "pay_in_store" : online });
  }

  const lacks = tried ? missing(form) : {};
  const problem = isProblem(place.error) ? place.error : null;
  const address = (part: keyof CheckoutForm["address"], autoComplete: string) => (
    <TextInput
      label={t.checkout[part]}
      autoComplete={autoComplete}
      value={form.address[part]}
      error={lacks[part] && t.checkout.needField}
      onChange={(value) => setForm({ ...form, address: { ...form.address, [part]: value } })}
    />
  );

  return (
    <form className="shop-two" onSubmit={submit} noValidate>
      <Stack>
        {!member && (
          <Card>
            <div className="sl-row sl-row--between">
              <span className="sl-grow sl-small">{t.checkout.memberHint}</span>
              <SignInButton kind="secondary" />
            </div>
          </Card>
        )}
        <Card>
          <Stack>
            <RadioGroup
              label={t.checkout.how}
              look="cards"
              value={form.method}
              onChange={(method) => change({ ...form, method })}
              options={[
                { value: "collect", label: t.checkout.collect, hint: t.checkout.collectText },
                { value: "delivery", label: t.checkout.delivery, hint: t.checkout.deliveryText },
              ]}
            />
            {form.method === "collect" && (
              <CollectChoice
                cart={cart}
                value={form.placeId}
                error={lacks.place && t.checkout.needStore}
                onChange={(placeId) => change({ ...form, placeId })}
              />
            )}
          </Stack>
        </Card>
        <Card title={form.method === "collect" ? t.checkout.contact : t.checkout.address}>
          <div
            className="shop-fields"
            onBlur={() => {
              if (form.method === "delivery" && choiceOf(form)) saveChoice.mutate(form);
            }}
          >
            <TextInput
              label={form.method === "collect" ? t.checkout.name : t.checkout.recipient}
              autoComplete="name"
              value={form.contact.name}
              error={(lacks.name && t.checkout.needName) || problem?.field("contact.name")}
              onChange={(name) => setForm({ ...form, contact: { ...form.contact, name } })}
            />
            <TextInput
              label={t.checkout.phone}
              hint={t.checkout.phoneHint}
              type="tel"
              inputMode="tel"
              autoComplete="tel"
              value={form.contact.phone}
              error={(lacks.phone && t.checkout.needPhone) || problem?.field("contact.phone")}
              onChange={(phone) => setForm({ ...form, contact: { ...form.contact, phone } })}
            />
            {form.method === "delivery" && (
              <>
                {address("province", "address-level1")}
                {address("city", "address-level2")}
                {address("district", "address-level3")}
                {address("line", "street-address")}
              </>
            )}
          </div>
        </Card>
        <Card>
          <RadioGroup
            label={t.checkout.payment}
            look="cards"
            value={inStore ? "pay_in_store" : "online"}
            onChange={(choice) => setWantsInStore(choice === "pay_in_store")}
            options={[
              {
                value: "online" as const,
                label: t.checkout.online,
                hint: cannotPayOnline
                  ? t.pay.none
                  : online === "sandbox"
                    ? t.checkout.sandboxText
                    : methods.data?.map((method) => t.pay.with[method]).join(t.checkout.or),
                disabled: cannotPayOnline,
              },
              ...(mayPayInStore
                ? [
                    {
                      value: "pay_in_store" as const,
                      label: t.checkout.inStore,
                      hint: t.checkout.inStoreText,
                    },
                  ]
                : []),
            ]}
          />
          {!inStore && <p className="sl-small sl-muted">{t.gift.next}</p>}
        </Card>
      </Stack>
      <Card title={t.checkout.summary}>
        <Stack>
          <ul className="shop-summary">
            {cart.lines.map((line) => (
              <li key={line.sku_id}>
                <span className="sl-grow">
                  {text(line.name)} {text(line.option)}
                </span>
                <span className="sl-muted">× {number(line.quantity)}</span>
                <WasNow
                  quantity={line.quantity}
                  total={line.total}
                  listPrice={line.price.list_price}
                />
              </li>
            ))}
          </ul>
          <TotalsTable
            totals={cart.totals}
            shippingKnown={cart.fulfilment?.method === form.method}
            shippingSteps={cart.shipping_steps}
            tax={cart.tax}
          />
          {form.method === "collect" && <CollectPromise cart={cart} />}
          <PromotionCode cart={cart} />
          {cart.points_to_earn > 0 && (
            <p className="sl-small sl-muted">{t.cart.earn(number(cart.points_to_earn))}</p>
          )}
          {shownTotal !== null && (
            <Notice tone="warning" live>
              {t.checkout.totalChanged(money(cart.totals.total))}
            </Notice>
          )}
          <CheckoutProblem error={place.error ?? saveChoice.error} cart={cart} />
          <Button kind="primary" block type="submit" busy={place.isPending || saveChoice.isPending}>
            {t.checkout.place(money(cart.totals.total))}
          </Button>
          <p className="sl-caption">{t.checkout.held}</p>
        </Stack>
      </Card>
    </form>
  );
}

/** A refusal in terms of the bag: which product, how many are left. */
function CheckoutProblem({ error, cart }: { error: Error | null; cart: Cart }) {
  const t = useWords();
  const { text } = useI18n();
  if (isProblem(error, "stock.insufficient")) {
    const skuId = error.factText("sku_id") ?? error.factText("sku");
    const line = cart.lines.find((each) => each.sku_id === skuId);
    if (line) {
      const left = error.factNumber("available") ?? 0;
      return (
        <Notice tone="warning" live>
          {t.checkout.insufficient(text(line.name), left)}
        </Notice>
      );
    }
  }
  return <ProblemNotice error={error} />;
}
