import { isProblem, type Order, paymentStart, paymentSandbox, useAction } from "@storeloop/api";
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
  Skeleton,
  Stack,
} from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { Redirect, useParams } from "wouter";
import { clock, useSecondsUntil } from "../parts/countdown.ts";
import { openPayment, useOrder } from "../state/order.ts";
import { orderPath } from "../state/order-access.ts";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

/** The page a payment provider would show; the sandbox lets the payer choose the outcome. */
export default function PayPage() {
  const { id = "" } = useParams<{ id: string }>();
  const t = useWords();
  const { query, token } = useOrder(id);
  useTitle(t.pay.title);
  return (
    <Stack>
      <PageHeader title={t.pay.title} back={`/o/${id}`} />
      <QueryView
        query={query}
        skeleton={
          <Loading>
            <Skeleton height="16rem" />
          </Loading>
        }
      >
        {(order) => <PayView order={order} token={token} />}
      </QueryView>
    </Stack>
  );
}

function PayView({ order, token }: { order: Order; token: string | undefined }) {
  const t = useWords();
  const client = useQueryClient();
  const left = useSecondsUntil(order.hold_expires_at);
  const pay = useAction(
    async (outcome: "approve" | "decline", intent) => {
      // A declined payment is over; a second try is a payment of its own.
      const payment =
        openPayment(order) ??
        (await paymentStart(
          order.id,
          { payment_method: "sandbox" },
          { token },
          { key: `${intent.key}p` },
        ));
      return paymentSandbox(payment.id, { outcome }, { token }, intent);
    },
    {
      // The answer shows the order as its payer sees it, who may be somebody else; the owner's
      // view is asked for anew, and leads on to the order once it is paid.
      onSuccess: () => client.invalidateQueries({ queryKey: ["order", order.id] }),
      onError: (error) => {
        if (isProblem(error) && !error.isTransient) {
          void client.invalidateQueries({ queryKey: ["order", order.id] });
        }
      },
    },
  );

  if (order.state === "expired" || (left === 0 && order.state === "pending_payment")) {
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
  if (order.state !== "pending_payment")
    return <Redirect to={orderPath(order.id, token)} replace />;

  const declined = !openPayment(order) && order.payments.some((p) => p.state === "declined");
  return (
    <div className="shop-narrow">
      <Card title={t.pay.sandbox}>
        <Stack>
          <p className="sl-muted">{t.pay.sandboxText}</p>
          <Facts
            items={[
              { label: t.pay.order(order.number), value: "" },
              { label: t.pay.amount, value: <Money value={order.totals.total} />, total: true },
            ]}
          />
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
          <ProblemNotice error={pay.error} />
          <Button
            kind="primary"
            block
            icon="lock"
            busy={pay.isPending}
            onClick={() => pay.mutate("approve")}
          >
            {declined ? t.pay.again : t.pay.approve}
          </Button>
          <Button block busy={pay.isPending} onClick={() => pay.mutate("decline")}>
            {t.pay.decline}
          </Button>
        </Stack>
      </Card>
    </div>
  );
}
