/** What a kit is made of, in one line. */
import type { OrderLineComponent } from "@storeloop/api";
import { defineMessages, useI18n } from "@storeloop/i18n";

const zh = { contains: (parts: string) => `内含 ${parts}` };
const en: typeof zh = { contains: (parts) => `Contains ${parts}` };

const useKitWords = defineMessages({ zh, en });

type KitPartsProps = {
  parts: OrderLineComponent[] | undefined;
  /** Of how many kits; of one unless said. */
  times?: number;
};

/** Nothing for an article that is no kit. */
export function KitParts({ parts, times = 1 }: KitPartsProps) {
  const t = useKitWords();
  const { text, number, list } = useI18n();
  if (!parts || parts.length === 0) return null;
  const named = parts.map(
    (part) =>
      `${[text(part.name), text(part.option)].filter(Boolean).join(" ")} × ${number(part.quantity * times)}`,
  );
  return <div className="sl-small sl-muted">{t.contains(list(named))}</div>;
}
