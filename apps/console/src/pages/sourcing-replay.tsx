import {
  itemsOf,
  pages,
  sourcingReplayGet,
  sourcingReplayOrderList,
  type SourcingReplay,
  type SourcingReplayedOrder,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Card,
  DateTime,
  EmptyState,
  PageHeader,
  QueryView,
  Row,
  ShowMore,
  Stack,
  Tag,
  Why,
} from "@storeloop/ui";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Table } from "antd";
import { Door } from "../parts/door.tsx";
import { usePlaceName } from "../parts/pickers.tsx";
import { useTierSentence } from "../parts/sourcing-editor.tsx";
import { tierKey } from "../parts/sourcing-form.ts";
import { LOOK_MS, ReplayProgress, ReplayStateTag, StopReplay } from "../parts/sourcing-replays.tsx";
import "../sourcing.css";
import { useWords } from "../words/index.ts";

export default function SourcingReplayPage({ id }: { id: string }) {
  const replay = useQuery({
    queryKey: ["sourcing", "replay", id],
    queryFn: () => sourcingReplayGet(id),
    refetchInterval: (query) => (query.state.data?.state === "running" ? LOOK_MS : false),
  });
  return <QueryView query={replay}>{(data) => <Body replay={data} />}</QueryView>;
}

function Body({ replay }: { replay: SourcingReplay }) {
  const { sourcing: t } = useWords();
  const { number } = useI18n();
  const { result } = replay;
  return (
    <>
      <PageHeader
        back="/sourcing"
        title={replay.note ?? t.replayTitle}
        end={
          <Row>
            <ReplayStateTag state={replay.state} />
            <StopReplay replay={replay} />
          </Row>
        }
      />
      <Stack>
        <Card>
          <Stack gap={2}>
            <span>
              <DateTime value={replay.from} as="date" /> – <DateTime value={replay.to} as="date" />{" "}
              · {replay.base_version === 0 ? t.initial : t.against(number(replay.base_version))}
            </span>
            {replay.state === "running" && <ReplayProgress replay={replay} />}
            <strong>{t.changedOf(number(result.changed), number(replay.orders_done))}</strong>
            <span className="sl-muted">
              {t.basisText(number(result.recorded), number(result.reconstructed))}
            </span>
            <Why label={t.showRules}>
              <Precedence replay={replay} />
            </Why>
            <Door href={`/sourcing?replay=${replay.id}`}>{t.openRules}</Door>
          </Stack>
        </Card>
        <Compared replay={replay} />
        <ByPlace replay={replay} />
        <Changed key={replay.state} replay={replay} />
      </Stack>
    </>
  );
}

function Precedence({ replay }: { replay: SourcingReplay }) {
  const { sourcing: t } = useWords();
  const sentence = useTierSentence();
  if (replay.rules.tiers.length === 0) return <p>{t.noTiers}</p>;
  return (
    <ol className="sourcing-tiers sourcing-tiers--read">
      {replay.rules.tiers.map((tier) => (
        <li key={tierKey(tier)}>{sentence(tier)}</li>
      ))}
    </ol>
  );
}

type Line = {
  key: string;
  label: string;
  before: number | null;
  after: number | null;
  shown: (value: number) => string;
  /** Whether more is better; null where neither is. */
  moreIsBetter: boolean;
};

function Compared({ replay }: { replay: SourcingReplay }) {
  const { sourcing: t } = useWords();
  const { number, money, duration } = useI18n();
  const { before, after } = replay.result;
  const currency = replay.rules.currency;
  const sum = (minor: number) => money({ amount_minor: Math.round(minor), currency });
  const mean = (tally: typeof before) => (tally.served === 0 ? null : tally.minutes / tally.served);
  const line = (
    key: keyof typeof t.rows,
    one: number | null,
    other: number | null,
    shown: (value: number) => string,
    moreIsBetter = false,
  ): Line => ({ key, label: t.rows[key], before: one, after: other, shown, moreIsBetter });
  const lines: Line[] = [
    line("served", before.served, after.served, number, true),
    line("unserved", before.unserved, after.unserved, number),
    line("paid", before.paid_minor, after.paid_minor, sum),
    line("cost", before.cost_minor, after.cost_minor, sum),
    line("changedCost", before.changed_cost_minor, after.changed_cost_minor, sum),
    line("parcels", before.parcels, after.parcels, number),
    line("split", before.split_orders, after.split_orders, number),
    line("late", before.late_orders, after.late_orders, number),
    line("hours", mean(before), mean(after), (minutes) => duration(Math.round(minutes))),
  ];
  return (
    <Card title={t.replayTitle}>
      <Table<Line>
        size="small"
        pagination={false}
        scroll={{ x: "max-content" }}
        rowKey="key"
        dataSource={lines}
        columns={[
          { key: "label", title: t.measure, render: (_, row) => row.label },
          {
            key: "before",
            title: t.before,
            align: "right",
            render: (_, row) => (row.before === null ? "—" : row.shown(row.before)),
          },
          {
            key: "after",
            title: t.after,
            align: "right",
            render: (_, row) => (row.after === null ? "—" : row.shown(row.after)),
          },
          {
            key: "difference",
            title: t.difference,
            align: "right",
            render: (_, row) => <Difference line={row} />,
          },
        ]}
      />
    </Card>
  );
}

/** Up or down by an arrow and a sign; the colour repeats whether that is good. */
function Difference({ line }: { line: Line }) {
  if (line.before === null || line.after === null) return <>—</>;
  const difference = line.after - line.before;
  const shown = line.shown(Math.abs(difference));
  if (difference === 0 || shown === line.shown(0)) return <>—</>;
  const better = difference > 0 === line.moreIsBetter;
  return (
    <span className={better ? "sourcing-better" : "sourcing-worse"}>
      {difference > 0 ? "▲ +" : "▼ −"}
      {shown}
    </span>
  );
}

function ByPlace({ replay }: { replay: SourcingReplay }) {
  const { sourcing: t } = useWords();
  const { number } = useI18n();
  const name = usePlaceName();
  const rows = [...replay.result.places].sort((a, b) => b.parcels_before - a.parcels_before);
  if (rows.length === 0) return null;
  const difference = (value: number) =>
    value === 0 ? "—" : `${value > 0 ? "▲ +" : "▼ −"}${number(Math.abs(value))}`;
  return (
    <Card title={t.byPlace}>
      <Table<(typeof rows)[number]>
        size="small"
        pagination={rows.length > 20 ? { pageSize: 20 } : false}
        scroll={{ x: "max-content" }}
        rowKey="place_id"
        dataSource={rows}
        columns={[
          {
            key: "place",
            title: t.place,
            render: (_, row) => <Door href={`/places/${row.place_id}`}>{name(row.place_id)}</Door>,
          },
          {
            key: "before",
            title: t.parcelsBefore,
            align: "right",
            render: (_, row) => number(row.parcels_before),
          },
          {
            key: "after",
            title: t.parcelsAfter,
            align: "right",
            render: (_, row) => number(row.parcels_after),
          },
          {
            key: "difference",
            title: t.difference,
            align: "right",
            render: (_, row) => difference(row.parcels_after - row.parcels_before),
          },
        ]}
      />
    </Card>
  );
}

function Changed({ replay }: { replay: SourcingReplay }) {
  const { sourcing: t } = useWords();
  const orders = useInfiniteQuery(
    pages(["sourcing", "replay-orders", replay.id], (cursor) =>
      sourcingReplayOrderList(replay.id, { cursor, limit: 50 }),
    ),
  );
  return (
    <Card title={t.changedOrders}>
      <QueryView
        query={orders}
        empty={(data) =>
          itemsOf(data).length > 0 ? null : (
            <EmptyState icon="check" title={t.noChanges}>
              {t.noChangesText}
            </EmptyState>
          )
        }
      >
        {(data) => (
          <Stack gap={2}>
            <ChangedTable rows={itemsOf(data)} currency={replay.rules.currency} />
            <span className="sl-caption">{t.kept}</span>
            <ShowMore query={orders} />
          </Stack>
        )}
      </QueryView>
    </Card>
  );
}

function ChangedTable({ rows, currency }: { rows: SourcingReplayedOrder[]; currency: string }) {
  const { sourcing: t } = useWords();
  const { money, number, duration } = useI18n();
  const name = usePlaceName();
  const sum = (minor: number) => money({ amount_minor: minor, currency });
  const served = (one: SourcingReplayedOrder["before"]) =>
    one.places.length === 0 ? (
      t.unservable
    ) : (
      <>
        {one.places.map((place) => `${name(place.place_id)} × ${number(place.pieces)}`).join("、")}
        <div className="sl-caption">
          {sum(one.cost_minor)}
          {one.minutes !== null && ` · ${duration(one.minutes)}`}
          {one.late_minutes > 0 && ` · ${t.late} ${duration(one.late_minutes)}`}
        </div>
      </>
    );
  return (
    <Table<SourcingReplayedOrder>
      size="small"
      pagination={false}
      scroll={{ x: "max-content" }}
      rowKey="order_id"
      dataSource={rows}
      columns={[
        {
          key: "order",
          title: t.order,
          render: (_, row) => (
            <>
              <Door href={`/orders/${row.order_id}`}>
                <span className="sl-mono">{row.number}</span>
              </Door>
              <div className="sl-caption">
                <DateTime value={row.placed_at} as="day" />
              </div>
            </>
          ),
        },
        { key: "before", title: t.servedBefore, render: (_, row) => served(row.before) },
        { key: "after", title: t.servedAfter, render: (_, row) => served(row.after) },
        {
          key: "saves",
          title: t.saves,
          align: "right",
          render: (_, row) => (
            <span className={row.saved_minor < 0 ? "sourcing-worse" : "sourcing-better"}>
              {row.saved_minor < 0 ? "▼ −" : "▲ +"}
              {sum(Math.abs(row.saved_minor))}
            </span>
          ),
        },
        {
          key: "basis",
          title: t.basis,
          render: (_, row) => (
            <Tag tone={row.basis === "recorded" ? "success" : "neutral"}>{t.bases[row.basis]}</Tag>
          ),
        },
      ]}
    />
  );
}
