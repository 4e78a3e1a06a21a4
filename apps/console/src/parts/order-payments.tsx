import { type Order, type Payment, paymentMethodList } from "@storeloop/api";
import { Card, DateTime, Money, PaymentStateTag, Row, Stack, Tag } from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";
import { Door } from "./door.tsx";

/** How an order was paid: with whom, how it stands, under which name the provider knows it. */
export function OrderPayments({ order }: { order: Order }) {
  const t = useWords();
  const { may } = useSession();
  if (order.payments.length === 0) return null;
  return (
    <Card
      title={t.orders.payments}
      end={may("payment.read") && <Door href="/payments?which=all">{t.payments.title}</Door>}
    >
      <Stack>
        {order.payments.map((payment) => (
          <OnePayment key={payment.id} payment={payment} />
        ))}
        {order.payments.filter(hasPaid).length > 1 && <RefundOrder />}
      </Stack>
    </Card>
  );
}

const hasPaid = (payment: Payment) =>
  ["captured", "partly_refunded", "refunded"].includes(payment.state);

/** Which of several tenders gives back first; a setting of the installation. */
function RefundOrder() {
  const t = useWords();
  const methods = useQuery({ queryKey: ["payment-methods"], queryFn: () => paymentMethodList() });
  if (!methods.data) return null;
  return (
    <span className="sl-caption">
      {t.orders.refundOrder} {t.orders.refundOrders[methods.data.refund_order]}
    </span>
  );
}

/** A gift card keeps its part while the order waits for the rest. */
const isKept = (payment: Payment) =>
  payment.provider === "gift_card" && payment.state === "authorised";

function OnePayment({ payment }: { payment: Payment }) {
  const t = useWords();
  return (
    <Stack gap={1}>
      <Row between>
        <span>
          {t.orders.provider[payment.provider]}
          {payment.label && <span className="sl-mono"> ···· {payment.label}</span>}{" "}
          {isKept(payment) ? (
            <Tag tone="info" icon="lock">
              {t.orders.kept}
            </Tag>
          ) : (
            <PaymentStateTag state={payment.state} />
          )}
        </span>
        <Money value={payment.amount} />
      </Row>
      {payment.refunded.amount_minor > 0 && (
        <Row between>
          <span className="sl-caption">{t.orders.refunded}</span>
          <span className="sl-caption">
            −<Money value={payment.refunded} />
          </span>
        </Row>
      )}
      <span className="sl-caption">
        {t.orders.paymentStarted} <DateTime value={payment.created_at} as="exact" />
      </span>
      <span className="sl-caption console-reference">
        {t.orders.paymentReference} <span className="sl-mono">{payment.id}</span>
      </span>
    </Stack>
  );
}
