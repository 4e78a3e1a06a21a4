import {
  changeBody,
  type ChangeLine,
  changeLines,
  type FulfilmentChoice,
  isProblem,
  lacking,
  type Order,
  orderChange,
  type OrderChangePreview,
  useAction,
  useChangePreview,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  EmptyState,
  Facts,
  Loading,
  Money,
  Notice,
  PageHeader,
  ProblemNotice,
  QueryView,
  RadioGroup,
  Skeleton,
  Stack,
  Stepper,
  TextInput,
  toast,
  useDelayed,
} from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation, useParams } from "wouter";
import { AddArticle } from "../parts/add-article.tsx";
import { OtherStore } from "../parts/other-store.tsx";
import { PriceSteps } from "../parts/price-why.tsx";
import { SignInButton } from "../parts/sign-in-button.tsx";
import { TotalsTable } from "../parts/totals.tsx";
import { type CheckoutForm, choiceOf, missing } from "../state/contact.ts";
import { usePayMethods } from "../state/methods.ts";
import { useOrder } from "../state/order.ts";
import { orderPath, payPath } from "../state/order-access.ts";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

/** The most pieces of one article that a bag and an order take. */
const MOST = 9_999;

/** Where a placed order becomes another one: what, how many, and how it is received. */
export default function OrderChangePage() {
  const { id = "" } = useParams<{ id: string }>();
  const t = useWords();
  const { query, token } = useOrder(id);
  useTitle(t.change.title);
  const back = orderPath(id, token);
  return (
    <Stack>
      <PageHeader title={t.change.title} back={back} />
      <QueryView
        query={query}
        skeleton={
          <Loading>
            <Skeleton height="16rem" />
          </Loading>
        }
        signIn={<SignInButton />}
        empty={(order) =>
          order.changeable && !order.change ? null : (
            <EmptyState
              icon="clock"
              title={order.change ? t.change.waits : t.change.over}
              action={<Button href={back}>{t.change.backToOrder}</Button>}
            >
              {order.change ? t.change.waitsText : t.change.overText}
            </EmptyState>
          )
        }
      >
        {(order) => <ChangeForm key={order.id} order={order} token={token} />}
      </QueryView>
    </Stack>
  );
}

type Way = "keep" | "collect" | "delivery";

/** The form of the delivery, from what the order knows. */
function startOf(order: Order): CheckoutForm {
  const { address } = order;
  return {
    method: "delivery",
    placeId: null,
    contact: {
      name: address?.name ?? order.contact.name,
      phone: address?.phone ?? order.contact.phone,
    },
    address: {
      province: address?.province ?? "",
      city: address?.city ?? "",
      district: address?.district ?? "",
      line: address?.line ?? "",
    },
  };
}

function ChangeForm({ order, token }: { order: Order; token: string | undefined }) {
  const t = useWords();
  const { text, money } = useI18n();
  const [, go] = useLocation();
  const client = useQueryClient();
  const methods = usePayMethods();
  const [lines, setLines] = useState<ChangeLine[]>(() => changeLines(order));
  const [way, setWay] = useState<Way>("keep");
  const [form, setForm] = useState(() => startOf(order));
  const choice: FulfilmentChoice | null =
    way === "keep" ? null : choiceOf({ ...form, method: way });
  const wished = useDelayed(JSON.stringify(changeBody(order, lines, choice)));
  const body = JSON.parse(wished) as ReturnType<typeof changeBody>;
  const preview = useChangePreview(order, body, token);
  const isSettled = wished === JSON.stringify(changeBody(order, lines, choice));
  const short = lacking(preview.error, lines);
  const shown = body !== null && !preview.error ? preview.data : undefined;

  const change = useAction(
    (agreed: OrderChangePreview, intent) =>
      orderChange(
        order.id,
        {
          ...(body ?? {}),
          agreed_difference: agreed.difference,
          payment_method: methods.data?.[0] ?? "sandbox",
        },
        { token },
        intent,
      ),
    {
      onSuccess: (updated) => {
        client.setQueryData(["order", order.id], updated);
        void client.invalidateQueries({ queryKey: ["order", order.id] });
        if (updated.change) {
          go(payPath(order.id, token));
          return;
        }
        toast(t.change.done);
        go(orderPath(order.id, token));
      },
      onError: (error) => {
        // What was shown is no longer so: look again.
        if (isProblem(error) && !error.isTransient) {
          void client.invalidateQueries({ queryKey: ["order-change", order.id] });
          void client.invalidateQueries({ queryKey: ["order", order.id] });
        }
      },
    },
  );

  const set = (sku: string, quantity: number) =>
    setLines((now) => now.map((line) => (line.sku_id === sku ? { ...line, quantity } : line)));
  const add = (line: ChangeLine) =>
    setLines((now) =>
      now.some((one) => one.sku_id === line.sku_id)
        ? now.map((one) =>
            one.sku_id === line.sku_id ? { ...one, quantity: one.quantity + 1 } : one,
          )
        : [...now, line],
    );
  const lacks = way === "delivery" ? missing({ ...form, method: "delivery" }) : {};
  const address = (part: keyof CheckoutForm["address"], autoComplete: string) => (
    <TextInput
      label={t.checkout[part]}
      autoComplete={autoComplete}
      value={form.address[part]}
      error={lacks[part] && t.checkout.needField}
      onChange={(value) => setForm({ ...form, address: { ...form.address, [part]: value } })}
    />
  );
  const amount = (minor: number) =>
    money({ currency: order.currency, amount_minor: Math.abs(minor) });
  const nothingLeft = lines.every((line) => line.quantity === 0);

  return (
    <div className="shop-two">
      <Stack>
        <Card title={t.order.lines}>
          <Stack>
            <ul className="sl-stack sl-stack--2">
              {lines.map((line) => (
                <li key={line.sku_id} className="shop-line">
                  <span className="sl-grow">
                    <span className="shop-line__name">{text(line.name)}</span>
                    <span className="sl-small sl-muted">{text(line.option)}</span>
                  </span>
                  <Stepper
                    label={text(line.name)}
                    min={0}
                    max={MOST}
                    value={line.quantity}
                    onChange={(quantity) => set(line.sku_id, quantity)}
                  />
                </li>
              ))}
            </ul>
            <AddArticle onAdd={add} />
          </Stack>
        </Card>
        <Card>
          <Stack>
            <RadioGroup
              label={t.change.way}
              look="cards"
              value={way}
              onChange={setWay}
              options={[
                {
                  value: "keep" as const,
                  label: t.change.keep,
                  hint:
                    order.method === "collect"
                      ? t.change.collectedAt(text(order.place_name))
                      : [order.address?.city, order.address?.district, order.address?.line].join(
                          " ",
                        ),
                },
                {
                  value: "collect" as const,
                  label: order.method === "collect" ? t.change.otherStore : t.checkout.collect,
                },
                {
                  value: "delivery" as const,
                  label: order.method === "delivery" ? t.change.otherAddress : t.checkout.delivery,
                },
              ]}
            />
            {way === "collect" && (
              <OtherStore
                lines={lines.filter((line) => line.quantity > 0)}
                here={order.method === "collect" ? order.place_id : null}
                value={form.placeId}
                onChange={(placeId) => setForm({ ...form, placeId })}
              />
            )}
            {way === "delivery" && (
              <div className="shop-fields">
                <TextInput
                  label={t.checkout.recipient}
                  autoComplete="name"
                  value={form.contact.name}
                  error={lacks.name && t.checkout.needName}
                  onChange={(name) => setForm({ ...form, contact: { ...form.contact, name } })}
                />
                <TextInput
                  label={t.checkout.phone}
                  type="tel"
                  inputMode="tel"
                  autoComplete="tel"
                  value={form.contact.phone}
                  error={lacks.phone && t.checkout.needPhone}
                  onChange={(phone) => setForm({ ...form, contact: { ...form.contact, phone } })}
                />
                {address("province", "address-level1")}
                {address("city", "address-level2")}
                {address("district", "address-level3")}
                {address("line", "street-address")}
              </div>
            )}
          </Stack>
        </Card>
      </Stack>
      <Card title={t.change.after}>
        <Stack>
          {nothingLeft && <Notice tone="warning" title={t.change.empty} />}
          {body === null && !nothingLeft && <p className="sl-muted">{t.change.nothing}</p>}
          {body !== null && <ProblemNotice error={preview.error} />}
          {body !== null && short && <p className="sl-strong">{text(short.name)}</p>}
          {shown && (
            <>
              <p className="sl-strong" aria-live="polite">
                {text(shown.what)}
              </p>
              <PriceSteps steps={shown.lines.flatMap((line) => line.price.steps)} />
              {shown.promotion_code && !shown.promotion_code.applied && (
                <Notice tone="warning" title={t.change.codeGone(shown.promotion_code.code)}>
                  {text(shown.promotion_code.why)}
                </Notice>
              )}
              <TotalsTable
                totals={shown.totals}
                shippingKnown
                shippingSteps={shown.shipping_steps}
              />
              <Facts
                items={[
                  { label: t.change.before, value: <Money value={shown.before} /> },
                  {
                    label: shown.difference.amount_minor < 0 ? t.change.goesBack : t.change.toPay,
                    value: amount(shown.difference.amount_minor),
                    total: true,
                  },
                ]}
              />
              {shown.pay === "first" && <p className="sl-small sl-muted">{t.change.firstText}</p>}
              {shown.pay === "at_counter" && (
                <p className="sl-small sl-muted">{t.change.counterText}</p>
              )}
              {shown.pay === "back" && (
                <p className="sl-small sl-muted">
                  {t.change.backText(
                    shown.refund_to.map((to) => t.order.tenders[to.provider]).join(t.order.and),
                  )}
                </p>
              )}
            </>
          )}
          <ProblemNotice error={change.error} />
          <Button
            kind="primary"
            block
            busy={change.isPending}
            disabled={!shown || !isSettled || preview.isFetching}
            onClick={() => {
              if (shown) change.mutate(shown);
            }}
          >
            {shown?.pay === "first"
              ? t.change.payNow(amount(shown.difference.amount_minor))
              : t.change.make}
          </Button>
        </Stack>
      </Card>
    </div>
  );
}
