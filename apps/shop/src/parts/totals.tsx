import type { CartTax, PriceStep, Totals } from "@storeloop/api";
import { Facts, Money } from "@storeloop/ui";
import { isFree } from "../state/cart.ts";
import { useWords } from "../words/index.ts";
import { PriceSteps } from "./price-why.tsx";

/** 1300 hundredths are 13; 1250 are 12.5. */
const percent = (basisPoints: number) => String(basisPoints / 100);

type TotalsProps = {
  totals: Totals;
  shippingKnown: boolean;
  /** Why the delivery costs what it costs. */
  shippingSteps?: PriceStep[];
  /** The tax by rate; shown apart where the channel does so. */
  tax?: CartTax;
};

/** What a bag or an order comes to, line by line. */
export function TotalsTable({ totals, shippingKnown, shippingSteps = [], tax }: TotalsProps) {
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
    ...(tax?.shown_apart
      ? tax.rates.flatMap((rate) => [
          { label: t.cart.netAt(percent(rate.basis_points)), value: <Money value={rate.net} /> },
          { label: t.cart.taxAt(percent(rate.basis_points)), value: <Money value={rate.tax} /> },
        ])
      : []),
    { label: t.cart.total, value: <Money value={totals.total} />, total: true },
  ];
  return (
    <>
      <Facts items={items} />
      {shippingKnown && <PriceSteps steps={shippingSteps} />}
      {!isFree(totals.tax_included) && !tax?.shown_apart && (
        <p className="sl-caption">
          {t.cart.taxIncluded} <Money value={totals.tax_included} />
        </p>
      )}
    </>
  );
}
