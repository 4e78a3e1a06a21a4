/** With what an order was paid, and what went back to each: a cashier hands over the cash part and no more. */
import type { Order, Payment } from "@storeloop/api";
import { Card, Facts, Money } from "@storeloop/ui";
import { useWords } from "../words/index.ts";

export type WentBack = { payment: Payment; amount: Payment["amount"] };

/** What went back to each tender between two looks at an order. */
export function wentBack(before: Payment[], after: Payment[]): WentBack[] {
  return after.flatMap((payment) => {
    const known = before.find((one) => one.id === payment.id)?.refunded.amount_minor ?? 0;
    const amount_minor = payment.refunded.amount_minor - known;
    return amount_minor > 0 ? [{ payment, amount: { ...payment.refunded, amount_minor } }] : [];
  });
}

/** The tender's name, and the last signs of a gift card. */
export function TenderName({ payment }: { payment: Payment }) {
  const t = useWords();
  return (
    <>
      {t.tenders[payment.provider]}
      {payment.label && <span className="sl-mono"> ···· {payment.label}</span>}
    </>
  );
}

export function Tenders({ order }: { order: Order }) {
  const t = useWords();
  const payments = order.payments.filter((payment) => payment.state !== "voided");
  if (payments.length === 0) return null;
  return (
    <Card title={t.order.payments}>
      <Facts
        items={payments.map((payment) => ({
          label: <TenderName payment={payment} />,
          value: (
            <>
              <Money value={payment.amount} />
              {payment.refunded.amount_minor > 0 && (
                <div className="sl-caption">
                  {t.ret.refund} −<Money value={payment.refunded} />
                </div>
              )}
            </>
          ),
        }))}
      />
    </Card>
  );
}
