/** Every step from a list price to what is paid, with who took it and why. */
import type { PriceStep } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { useWords } from "../words/index.ts";

export function PriceSteps({ steps }: { steps: PriceStep[] }) {
  const t = useWords();
  const { text, money } = useI18n();
  if (steps.length === 0) return null;
  return (
    <ul className="console-price-steps" aria-label={t.prices.why}>
      {steps.map((step, index) => (
        <li key={`${step.code}-${index}`}>
          <span className="sl-grow">
            {text(step.name)} <span className="sl-muted">{text(step.why)}</span>
          </span>
          <span className="sl-price">{money(step.amount)}</span>
        </li>
      ))}
    </ul>
  );
}
