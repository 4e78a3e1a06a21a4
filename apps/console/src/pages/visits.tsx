import { type Conversion, conversionGet } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Card, Facts, Stack, Tag } from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "wouter";
import { type Column, ListView } from "../parts/list-view.tsx";
import { usePlaceName } from "../parts/pickers.tsx";
import { useWords } from "../words/index.ts";

const PERIODS = ["7", "30", "90"];
const USUAL = "30";

export default function VisitsPage() {
  const { visits: t } = useWords();
  const { number, percent } = useI18n();
  const placeName = usePlaceName();
  const between = (row: Conversion) =>
    row.interval ? t.between(percent(row.interval[0]), percent(row.interval[1])) : "";
  const figure = (key: "visits" | "purchases" | "days_counted", title: string) => ({
    key,
    title,
    align: "right" as const,
    render: (row: Conversion) => number(row[key]),
    text: (row: Conversion) => String(row[key]),
  });
  const columns: Column<Conversion>[] = [
    {
      key: "place",
      title: t.place,
      render: (row) => placeName(row.place_id),
      text: (row) => placeName(row.place_id),
    },
    figure("visits", t.visits),
    figure("purchases", t.purchases),
    {
      key: "rate",
      title: t.rate,
      align: "right",
      render: (row) =>
        row.rate === null ? (
          "—"
        ) : (
          <>
            <strong>{percent(row.rate)}</strong>
            <div className="sl-caption">{between(row)}</div>
          </>
        ),
      text: (row) => (row.rate === null ? "" : String(row.rate)),
    },
    figure("days_counted", t.counted),
    {
      key: "doubt",
      title: t.doubt,
      render: (row) =>
        row.doubt ? (
          <Tag tone="warning" icon="alert">
            {t.doubts[row.doubt]}
          </Tag>
        ) : (
          <Tag tone="success" icon="check">
            {t.believed}
          </Tag>
        ),
      text: (row) => (row.doubt ? t.doubts[row.doubt] : t.believed),
    },
  ];
  return (
    <ListView
      name="visits"
      title={t.title}
      none={{ title: t.none, text: t.noneText }}
      intro={
        <Stack gap={2}>
          <p className="sl-muted">{t.intro}</p>
          <Chain />
        </Stack>
      }
      columns={columns}
      filters={[
        {
          key: "days",
          kind: "choice",
          label: t.days,
          none: t.lastDays(USUAL),
          options: PERIODS.map((value) => ({ value, label: t.lastDays(value) })),
        },
      ]}
      load={async (filters) => ({
        items: (await conversionGet({ days: Number(filters["days"] ?? USUAL) })).items,
        next: null,
      })}
      rowKey={(row) => row.place_id ?? ""}
      href={(row) => `/places/${row.place_id}`}
    />
  );
}

/** All stores whose counters are believed. */
function Chain() {
  const { visits: t } = useWords();
  const { number, percent } = useI18n();
  const [params] = useSearchParams();
  const days = Number(params.get("days") ?? USUAL);
  const all = useQuery({
    queryKey: ["visits", "all", days],
    queryFn: () => conversionGet({ days }),
  }).data?.all;
  if (!all || all.rate === null) return null;
  return (
    <Card title={t.all}>
      <Facts
        items={[
          { label: t.visits, value: number(all.visits) },
          { label: t.purchases, value: number(all.purchases) },
          {
            label: t.rate,
            value: all.interval
              ? `${percent(all.rate)} · ${t.between(percent(all.interval[0]), percent(all.interval[1]))}`
              : percent(all.rate),
          },
        ]}
      />
    </Card>
  );
}
