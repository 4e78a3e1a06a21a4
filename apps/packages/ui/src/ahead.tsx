/** What was sold before it was there: where it comes to, and by when. */
import type { AwaitedPieces } from "@storeloop/api";
import { defineMessages, useI18n } from "@storeloop/i18n";
import { Icon } from "./icons.tsx";
import { Card, Stack } from "./layout.tsx";

const zh = {
  title: "待到货",
  by: (day: string) => `预计 ${day}`,
  unknown: "到货日期待定",
};
const en: typeof zh = {
  title: "Still to come",
  by: (day) => `Expected on ${day}`,
  unknown: "The day is not known yet",
};

const useAheadWords = defineMessages({ zh, en });

/** Nothing for an order of which all is there. */
export function AheadCard({ ahead }: { ahead: AwaitedPieces[] | undefined }) {
  const t = useAheadWords();
  const { text, number, weekday, list } = useI18n();
  if (!ahead || ahead.length === 0) return null;
  return (
    <Card title={t.title}>
      <Stack gap={2}>
        {ahead.map((awaited) => (
          <div key={awaited.place_id} className="sl-row">
            <Icon name="calendar" />
            <div className="sl-grow">
              <div className="sl-strong">
                {awaited.promised_at
                  ? t.by(weekday(awaited.promised_at, awaited.timezone ?? undefined))
                  : t.unknown}
              </div>
              <div className="sl-small sl-muted">
                {text(awaited.place_name)} ·{" "}
                {list(awaited.lines.map((line) => `${text(line.name)} × ${number(line.quantity)}`))}
              </div>
            </div>
          </div>
        ))}
      </Stack>
    </Card>
  );
}
