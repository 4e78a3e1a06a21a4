/** What was sold before it was there: where it comes to, who sends it, and by when. */
import type { AwaitedPieces } from "@storeloop/api";
import { defineMessages, useI18n } from "@storeloop/i18n";
import type { ReactNode } from "react";
import { Icon } from "./icons.tsx";
import { Card, Stack } from "./layout.tsx";
import { Tag } from "./feedback.tsx";

const zh = {
  title: "待到货",
  by: (day: string) => `预计 ${day}`,
  readyBy: (day: string) => `预计 ${day} 可取`,
  unknown: "到货日期待定",
  from: (from: string, to: string) => `由${from}发往${to}`,
  waits: (from: string) => `${from}备货中`,
  left: "在路上",
};
const en: typeof zh = {
  title: "Still to come",
  by: (day) => `Expected on ${day}`,
  readyBy: (day) => `Ready by ${day}`,
  unknown: "The day is not known yet",
  from: (from, to) => `Sent from ${from} to ${to}`,
  waits: (from) => `Being packed at ${from}`,
  left: "On its way",
};

const useAheadWords = defineMessages({ zh, en });

type AheadCardProps = {
  ahead: AwaitedPieces[] | undefined;
  /** What else is to be said of one, such as why a place sends it. */
  more?: (awaited: AwaitedPieces) => ReactNode;
};

/** Nothing for an order of which all is there. */
export function AheadCard({ ahead, more }: AheadCardProps) {
  const t = useAheadWords();
  const { text, number, weekday, list } = useI18n();
  if (!ahead || ahead.length === 0) return null;
  const day = ({ promised_at, timezone, sent }: AwaitedPieces) => {
    if (!promised_at) return t.unknown;
    return (sent ? t.readyBy : t.by)(weekday(promised_at, timezone ?? undefined));
  };
  return (
    <Card title={t.title}>
      <Stack gap={2}>
        {ahead.map((awaited, nth) => (
          <div
            key={`${awaited.place_id}${nth}`}
            className="sl-row"
            style={{ alignItems: "flex-start" }}
          >
            <Icon name={awaited.sent ? "truck" : "calendar"} />
            <div className="sl-grow">
              <div className="sl-row sl-row--between">
                <span className="sl-strong">{day(awaited)}</span>
                {awaited.sent && (
                  <Tag tone="info" icon="truck">
                    {awaited.sent.left_at ? t.left : t.waits(text(awaited.sent.from_place_name))}
                  </Tag>
                )}
              </div>
              <div className="sl-small sl-muted">
                {awaited.sent
                  ? t.from(text(awaited.sent.from_place_name), text(awaited.place_name))
                  : text(awaited.place_name)}
                {" · "}
                {list(awaited.lines.map((line) => `${text(line.name)} × ${number(line.quantity)}`))}
              </div>
              {more?.(awaited)}
            </div>
          </div>
        ))}
      </Stack>
    </Card>
  );
}
