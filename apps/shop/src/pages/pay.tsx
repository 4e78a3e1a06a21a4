import type { Order } from "@storeloop/api";
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
  QueryView,
  RadioGroup,
  Skeleton,
  Stack,
} from "@storeloop/ui";
import { useState } from "react";
import { Redirect, useParams } from "wouter";
import { clock, useSecondsUntil } from "../parts/countdown.ts";
import { GiftCards } from "../parts/gift-cards.tsx";
import { ProviderPay } from "../parts/provider-pay.tsx";
import { SandboxPay } from "../parts/sandbox-pay.tsx";
import { lastAsked, type OnlineMethod, usePayMethods } from "../state/methods.ts";
import { giftCardsOf, leftToPay, openPayment, useOrder } from "../state/order.ts";
import { orderPath } from "../state/order-access.ts";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

/** Somebody who has just paid looks at this page until it says so. */
const POLL_MS = 3_000;

/** Where an order is paid, with whom the payer likes. */
export default function PayPage() {
  const { id = "" } = useParams<{ id: string }>();
  const t = useWords();
  const { query, token } = useOrder(id, POLL_MS);
  const methods = usePayMethods();
  const skeleton = (
    <Loading>
      <Skeleton height="16rem" />
    </Loading>
  );
  useTitle(t.pay.title);
  return (
    <Stack>
      <PageHeader title={t.pay.title} back={`/o/${id}`} />
      <QueryView query={query} skeleton={skeleton}>
        {(order) => (
          <QueryView query={methods} skeleton={skeleton}>
            {(offered) => <PayView order={order} token={token} methods={offered} />}
          </QueryView>
        )}
      </QueryView>
    </Stack>
  );
}

type PayProps = { order: Order; token: string | undefined; methods: OnlineMethod[] };

function PayView({ order, token, methods }: PayProps) {
  const t = useWords();
  const { text } = useI18n();
  const { change } = order;
  const left = useSecondsUntil(change?.expires_at ?? order.hold_expires_at);
  const lastId = lastAsked.use();
  const [chosen, setChosen] = useState<OnlineMethod | null>(null);

  // A provider that has reserved the money is asked to take it although the time is over.
  const reserved = order.payments.some(
    (payment) => payment.state === "authorised" && payment.provider !== "gift_card",
  );
  const over = left === 0 && order.state === "pending_payment" && !reserved;
  const asked = order.payments.find((one) => one.id === lastId && one.state === "pending");
  const askedOf = methods.find((one) => one === asked?.provider && one !== "sandbox");
  if (over && askedOf) {
    // The payer may have been faster: only the provider knows whether money moved.
    return (
      <div className="shop-narrow">
        <Notice live title={t.pay.closing(t.pay.with[askedOf])}>
          {t.pay.closingText}
        </Notice>
      </div>
    );
  }
  if (order.state === "expired" || over) {
    return (
      <EmptyState
        icon="clock"
        title={t.pay.expired}
        action={<Button href="/products">{t.cart.browse}</Button>}
      >
        {t.pay.expiredText}
      </EmptyState>
    );
  }
  const changes = change !== null && left !== 0;
  if (order.state !== "pending_payment" && !changes)
    return <Redirect to={orderPath(order.id, token)} replace />;

  const waiting = methods.find((method) => openPayment(order, method));
  const method = chosen ?? waiting ?? methods[0];
  const declined = !waiting && order.payments.some((p) => p.state === "declined");
  return (
    <div className="shop-narrow">
      <Card title={methods.length === 1 && method ? t.pay.with[method] : t.pay.choose}>
        <Stack>
          <Facts
            items={[
              { label: t.pay.order(order.number), value: "" },
              {
                label: change ? t.change.toPay : t.pay.amount,
                value: <Money value={change?.difference ?? order.totals.total} />,
                total: true,
              },
            ]}
          />
          {change && <p>{text(change.what)}</p>}
          {!reserved && !change && <GiftCards order={order} token={token} />}
          {giftCardsOf(order).length > 0 && (
            <Facts
              items={[
                { label: t.gift.left, value: <Money value={leftToPay(order)} />, total: true },
              ]}
            />
          )}
          {left !== null && (
            <p className="sl-small sl-muted" role="timer">
              {t.pay.holdEnds(clock(left))}
            </p>
          )}
          {declined && (
            <Notice tone="warning" live title={t.pay.declined}>
              {t.pay.declinedText}
            </Notice>
          )}
          {reserved ? (
            <Notice live title={t.pay.reserved}>
              {t.pay.reservedText}
            </Notice>
          ) : (
            method && (
              <>
                {methods.length > 1 && (
                  <RadioGroup
                    label={t.pay.choose}
                    labelHidden
                    look="cards"
                    value={method}
                    onChange={setChosen}
                    options={methods.map((value) => ({ value, label: t.pay.with[value] }))}
                  />
                )}
                {method === "sandbox" ? (
                  <SandboxPay order={order} token={token} declined={declined} />
                ) : (
                  <ProviderPay key={method} order={order} token={token} method={method} />
                )}
              </>
            )
          )}
          {methods.length === 0 && <Notice tone="warning" title={t.pay.none} />}
        </Stack>
      </Card>
    </div>
  );
}
