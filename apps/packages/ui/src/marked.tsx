import type { NameParts } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";

/** A name with what was asked for marked. */
export function MarkedName({ parts }: { parts: NameParts }) {
  const { locale } = useI18n();
  const own = parts[locale];
  // A name that is missing in one language is shown in the other, as everywhere.
  const shown = own.length > 0 ? own : parts[locale === "zh" ? "en" : "zh"];
  return shown.map((part, index) =>
    part.hit ? (
      <mark key={index} className="sl-mark">
        {part.text}
      </mark>
    ) : (
      part.text
    ),
  );
}
