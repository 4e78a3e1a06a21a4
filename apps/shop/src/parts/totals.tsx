import type { Totals } from "@storeloop/api";
import { Facts, Money } from "@storeloop/ui";
import { isFree } from "../state/cart.ts";
import { useWords } from "../words/index.ts";

/** What a bag or an order comes to, line by line. */
export function TotalsTable({ totals, shippingKnown }: { totals: Totals; shippingKnown: boolean }) {
  const t = useWords();
  const items = [
    { label: t.cart.goods, value: <Money value={totals.goods} /> },
    ...(isFree(totals.discount)
      ? []
      : [
          {
            label: t.cart.discount,
            value: (
              <>
                −<Money value={totals.discount} />
              </>
            ),
          },
        ]),
    ...(shippingKnown
      ? [
          {
            label: t.cart.shipping,
            value: isFree(totals.shipping) ? t.cart.free : <Money value={totals.shipping} />,
          },
        ]
      : []),
    { label: t.cart.total, value: <Money value={totals.total} />, total: true },
  ];
  return (
    <>
      <Facts items={items} />
      {!isFree(totals.tax_included) && (
        <p className="sl-caption">
          {t.cart.taxIncluded} <Money value={totals.tax_included} />
        </p>
      )}
    </>
  );
}
