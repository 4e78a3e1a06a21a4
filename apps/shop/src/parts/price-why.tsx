import type { PriceStep } from "@storeloop/api";
import { type MoneyValue, useI18n } from "@storeloop/i18n";
import { Money } from "@storeloop/ui";
import { useWords } from "../words/index.ts";

/** What was taken off or put on, by what, and why. */
export function PriceSteps({ steps }: { steps: PriceStep[] }) {
  const t = useWords();
  const { text, money } = useI18n();
  if (steps.length === 0) return null;
  return (
    <ul className="shop-steps" aria-label={t.cart.why}>
      {steps.map((step, index) => (
        <li key={`${step.code}-${index}`}>
          <span className="sl-grow">
            {text(step.name)} · {text(step.why)}
          </span>
          <span className="sl-price">{money(step.amount)}</span>
        </li>
      ))}
    </ul>
  );
}

type WasNowProps = {
  quantity: number;
  total: MoneyValue;
  /** What one piece would cost without lists and promotions; unknown for orders of other systems. */
  listPrice: MoneyValue | null | undefined;
};

/** What a line costs, beside what it would have cost. */
export function WasNow({ quantity, total, listPrice }: WasNowProps) {
  const t = useWords();
  const { money } = useI18n();
  const was = listPrice ? listPrice.amount_minor * quantity : 0;
  return (
    <span className="shop-was-now">
      {was > total.amount_minor && (
        <s className="sl-small sl-muted">
          <span className="sl-visually-hidden">{t.cart.was} </span>
          {money({ ...total, amount_minor: was })}
        </s>
      )}
      <Money value={total} />
    </span>
  );
}
