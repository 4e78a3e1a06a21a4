/** Why an order costs what it costs: every line from the catalogue's price to what was paid. */
import type { Order, OrderLine } from "@storeloop/api";
import { fromBasisPoints, useI18n } from "@storeloop/i18n";
import { Facts, Money, Why } from "@storeloop/ui";
import { useWords } from "../words/index.ts";
import { PriceSteps } from "./price-steps.tsx";

export function OrderPriceWhy({ order }: { order: Order }) {
  const t = useWords();
  // Orders brought in from another system come without their reasons.
  const priced = order.lines.filter((line) => line.price);
  if (priced.length === 0) return null;
  return (
    <Why label={t.orders.whyPrice}>
      {priced.map((line) => (
        <LineWhy key={line.id} line={line} />
      ))}
      {order.shipping_steps.length > 0 && (
        <div className="console-line-why">
          <strong>{t.orders.shipping}</strong>
          <PriceSteps steps={order.shipping_steps} />
        </div>
      )}
    </Why>
  );
}

function LineWhy({ line }: { line: OrderLine }) {
  const t = useWords();
  const { text, number, money } = useI18n();
  const { price } = line;
  if (!price) return null;
  const listed = { ...line.total, amount_minor: price.list_price.amount_minor * line.quantity };
  return (
    <div className="console-line-why">
      <strong>{[text(line.name), text(line.option)].filter(Boolean).join(" ")}</strong>
      <Facts
        items={[
          {
            label: `${t.prices.listPrice} ${money(price.list_price)} × ${number(line.quantity)}`,
            value: <Money value={listed} />,
          },
        ]}
      />
      <PriceSteps steps={price.steps} />
      <Facts
        items={[
          { label: t.orders.lineTotal, value: <Money value={line.total} />, total: true },
          {
            label: t.prices.tax(`${fromBasisPoints(price.tax_basis_points)} %`),
            value: <Money value={price.tax} />,
          },
        ]}
      />
    </div>
  );
}
