import { type EpcisEvent, epcisCaptureList, epcisEventList } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Card, DateTime, Row, Stack, Tag, Why } from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { type Column, ListView } from "../parts/list-view.tsx";
import { Actor } from "../parts/names.tsx";
import { usePlaceName, usePlaces } from "../parts/pickers.tsx";
import { useWords } from "../words/index.ts";

/** Tags shown of one event; the export names them all. */
const SHOWN_TAGS = 20;

export default function ReadingsPage() {
  const { readings: t } = useWords();
  const { text, number, dateTime } = useI18n();
  const placeName = usePlaceName();
  const places = usePlaces().data?.items ?? [];
  const kindOf = (row: EpcisEvent) => t.kinds[row.kind as keyof typeof t.kinds] ?? row.kind;
  const actionOf = (row: EpcisEvent) =>
    row.action ? (t.actions[row.action as keyof typeof t.actions] ?? row.action) : "";
  const stepOf = (row: EpcisEvent) =>
    row.biz_step ? (t.steps[row.biz_step as keyof typeof t.steps] ?? row.biz_step) : "";
  const where = (row: EpcisEvent) =>
    row.place_id ? placeName(row.place_id) : (row.location ?? "");
  const columns: Column<EpcisEvent>[] = [
    {
      key: "happened",
      title: t.happened,
      render: (row) => <DateTime value={row.happened_at} />,
      text: (row) => dateTime(row.happened_at),
    },
    { key: "kind", title: t.kind, render: kindOf, text: (row) => row.kind },
    { key: "action", title: t.action, render: actionOf, text: (row) => row.action ?? "" },
    { key: "step", title: t.step, render: stepOf, text: (row) => row.biz_step ?? "" },
    { key: "place", title: t.place, render: where, text: where },
    {
      key: "tags",
      title: t.tags,
      render: (row) => (
        <Why label={t.pieces(number(row.tags))}>
          <ul className="sl-mono sl-caption">
            {tagsOf(row)
              .slice(0, SHOWN_TAGS)
              .map((tag) => (
                <li key={tag}>{tag}</li>
              ))}
          </ul>
        </Why>
      ),
      text: (row) => tagsOf(row).join(" "),
    },
    {
      key: "told",
      title: t.told,
      optional: true,
      render: (row) => <DateTime value={row.captured_at} />,
      text: (row) => dateTime(row.captured_at),
    },
  ];
  return (
    <ListView
      name="readings"
      title={t.title}
      none={{ title: t.none, text: t.noneText }}
      intro={
        <Stack gap={2}>
          <p className="sl-muted">{t.intro}</p>
          <Captures />
        </Stack>
      }
      columns={columns}
      filters={[
        { key: "tag", kind: "search", label: t.search },
        {
          key: "place",
          kind: "choice",
          label: t.place,
          options: places.map((place) => ({ value: place.id, label: text(place.name) })),
        },
        {
          key: "kind",
          kind: "choice",
          label: t.kind,
          options: Object.entries(t.kinds).map(([value, label]) => ({ value, label })),
        },
      ]}
      load={(filters, cursor) => epcisEventList({ ...filters, cursor })}
      rowKey={(row) => row.id}
    />
  );
}

/** Every tag an event names, as it was told. */
function tagsOf(row: EpcisEvent): string[] {
  const event = row.event as Record<string, unknown>;
  const lists = ["epcList", "childEPCs", "inputEPCList", "outputEPCList"].flatMap((key) =>
    Array.isArray(event[key]) ? (event[key] as unknown[]) : [],
  );
  return [event.parentID, ...lists].filter((tag): tag is string => typeof tag === "string");
}

/** The documents that came last, and what was wrong with them. */
function Captures() {
  const { readings: t } = useWords();
  const { number } = useI18n();
  const captures = useQuery({
    queryKey: ["readings", "captures"],
    queryFn: () => epcisCaptureList({ limit: 5 }),
  }).data;
  if (!captures || captures.items.length === 0) return null;
  return (
    <Card title={t.captures}>
      <Stack gap={2}>
        {captures.items.map((one) => (
          <Row key={one.captureID}>
            <DateTime value={one.createdAt} />
            <Actor id={one.actor} />
            {one.success ? (
              <Tag tone="success" icon="check">
                {t.capture(number(one.stored), number(one.duplicates))}
              </Tag>
            ) : (
              <>
                <Tag tone="warning" icon="alert">
                  {one.captureErrorBehaviour === "rollback"
                    ? t.rolledBack
                    : t.capture(number(one.stored), number(one.duplicates))}
                </Tag>
                <Why label={t.wrong(number(one.errors.length))}>
                  <ul className="sl-caption">
                    {one.errors.map((fault, at) => (
                      <li key={at}>{t.faultAt(fault.field, fault.expected)}</li>
                    ))}
                  </ul>
                </Why>
              </>
            )}
          </Row>
        ))}
      </Stack>
    </Card>
  );
}
