import {
  type ReplenishmentRun,
  type ReplenishmentSummary,
  replenishmentProposalList,
  replenishmentRunList,
  replenishmentRunStart,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { A, Button, DateTime, Notice, ProblemNotice, Row, Stack, Tag } from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Door } from "../parts/door.tsx";
import { type Column, ListView } from "../parts/list-view.tsx";
import { usePlaceName, usePlaces } from "../parts/pickers.tsx";
import { ProposalStateTag, TakeDialog } from "../parts/proposal-decide.tsx";
import "../replenishment.css";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

/** How often a run under way is looked at. */
const LOOK_MS = 1_500;

export default function ReplenishmentPage() {
  const { replenishment: t } = useWords();
  const { text, number, dateTime } = useI18n();
  const { may } = useSession();
  const placeName = usePlaceName();
  const places = usePlaces().data?.items ?? [];
  const [chosen, setChosen] = useState<ReplenishmentSummary[]>([]);
  const [taking, setTaking] = useState(false);
  const from = (row: ReplenishmentSummary) =>
    row.from_place_id ? placeName(row.from_place_id) : (row.supplier ?? t.supplier);
  const figure = (
    key: "available" | "on_the_way" | "reorder_at" | "order_up_to",
    title: string,
    optional = false,
  ): Column<ReplenishmentSummary> => ({
    key,
    title,
    align: "right",
    optional,
    render: (row) => number(row[key]),
    text: (row) => String(row[key]),
  });
  const lasts = (row: ReplenishmentSummary) =>
    row.lasts_days === null ? t.enough : number(Math.floor(row.lasts_days * 10) / 10);
  const columns: Column<ReplenishmentSummary>[] = [
    {
      key: "article",
      title: t.article,
      render: (row) => (
        <>
          <A href={`/replenishment/proposals/${row.id}`}>
            {[text(row.name), text(row.option)].filter(Boolean).join(" · ")}
          </A>
          <div className="sl-caption sl-mono">{row.sku_code}</div>
        </>
      ),
      text: (row) => `${row.sku_code} ${text(row.name)} ${text(row.option)}`.trim(),
    },
    {
      key: "place",
      title: t.place,
      render: (row) => placeName(row.place_id),
      text: (row) => placeName(row.place_id),
    },
    { key: "from", title: t.from, render: from, text: from },
    {
      key: "quantity",
      title: t.quantity,
      align: "right",
      render: (row) => <strong>{number(row.accepted ?? row.quantity)}</strong>,
      text: (row) => String(row.accepted ?? row.quantity),
    },
    {
      key: "lasts",
      title: t.lasts,
      align: "right",
      render: (row) =>
        row.lasts_days !== null && row.lasts_days < 1 ? (
          <Tag tone="danger" icon="alert">
            {lasts(row)}
          </Tag>
        ) : (
          lasts(row)
        ),
      text: lasts,
    },
    figure("available", t.available),
    figure("on_the_way", t.onTheWay),
    {
      key: "rate",
      title: t.rate,
      align: "right",
      render: (row) => number(Math.round(row.rate * 100) / 100),
      text: (row) => row.rate.toFixed(3),
    },
    figure("reorder_at", t.reorderAt, true),
    figure("order_up_to", t.upTo, true),
    {
      key: "expected",
      title: t.expected,
      render: (row) => <DateTime value={row.expected_at} as="date" />,
      text: (row) => dateTime(row.expected_at),
    },
    {
      key: "state",
      title: t.state,
      optional: true,
      render: (row) => <ProposalStateTag state={row.state} />,
      text: (row) => t.states[row.state],
    },
    {
      key: "transfer",
      title: t.toTransfer,
      optional: true,
      render: (row) =>
        row.transfer_id && <Door href={`/transfers/${row.transfer_id}`}>{t.toTransfer}</Door>,
      text: (row) => row.transfer_id ?? "",
    },
  ];
  const open = chosen.filter((row) => row.state === "open");
  return (
    <>
      <ListView
        name="replenishment"
        title={t.title}
        none={{ title: t.none, text: t.noneText }}
        intro={
          <Stack gap={2}>
            <p className="sl-muted">{t.intro}</p>
            <LastRun />
            {open.length > 0 && (
              <Row>
                <Button size="small" kind="primary" onClick={() => setTaking(true)}>
                  {t.acceptChosen(number(open.length))}
                </Button>
                <Button size="small" kind="quiet" onClick={() => setChosen([])}>
                  {t.clear}
                </Button>
              </Row>
            )}
          </Stack>
        }
        end={<Door href="/replenishment/settings">{t.settings}</Door>}
        columns={columns}
        filters={[
          { key: "search", kind: "search", label: t.search },
          {
            key: "place",
            kind: "choice",
            label: t.place,
            options: places.map((place) => ({ value: place.id, label: text(place.name) })),
          },
          {
            key: "from",
            kind: "choice",
            label: t.from,
            none: t.anyFrom,
            options: [
              { value: "place", label: t.fromPlace },
              { value: "supplier", label: t.fromSupplier },
            ],
          },
          {
            key: "state",
            kind: "choice",
            label: t.state,
            none: t.openOnly,
            options: (["accepted", "dismissed"] as const).map((value) => ({
              value,
              label: t.states[value],
            })),
          },
        ]}
        load={(filters, cursor) => replenishmentProposalList({ ...filters, cursor })}
        rowKey={(row) => row.id}
        href={(row) => `/replenishment/proposals/${row.id}`}
        {...(may("replenishment.decide")
          ? { selection: { selected: chosen.map((row) => row.id), onChange: setChosen } }
          : {})}
      />
      <TakeDialog
        rows={taking ? open : null}
        onClose={() => setTaking(false)}
        onDone={() => {
          setTaking(false);
          setChosen([]);
        }}
      />
    </>
  );
}

/** What the last run found, how far the one under way is, and the button that starts the next. */
function LastRun() {
  const { replenishment: t } = useWords();
  const { number } = useI18n();
  const { may } = useSession();
  const queries = useQueryClient();
  const runs = useQuery({
    queryKey: ["replenishment-runs"],
    queryFn: () => replenishmentRunList({ limit: 1 }),
    refetchInterval: (query) => (query.state.data?.items[0]?.state === "running" ? LOOK_MS : false),
  });
  const run = runs.data?.items[0];
  const start = useAction((_: null, intent) => replenishmentRunStart(intent), {
    onSuccess: () => queries.invalidateQueries({ queryKey: ["replenishment-runs"] }),
  });
  // What a run found appears when it ends, not row by row under a finger.
  const before = useRef(run?.state);
  useEffect(() => {
    if (before.current === "running" && run?.state === "done") {
      void queries.invalidateQueries({ queryKey: ["replenishment"] });
    }
    before.current = run?.state;
  }, [run?.state, queries]);
  if (!runs.data) return null;
  return (
    <Notice
      tone={run?.state === "stopped" ? "warning" : "info"}
      title={run ? titleOf(run, t, number) : t.never}
    >
      <Row>
        <span className="sl-caption">
          {run ? <DateTime value={run.finished_at ?? run.updated_at} /> : t.neverText}
        </span>
        {run?.state === "running" && (
          <progress max={Math.max(1, run.skus_total)} value={run.skus_done} />
        )}
        {may("replenishment.manage") && run?.state !== "running" && (
          <Button size="small" busy={start.isPending} onClick={() => start.mutate(null)}>
            {t.run}
          </Button>
        )}
      </Row>
      <ProblemNotice error={start.error} />
    </Notice>
  );
}

function titleOf(
  run: ReplenishmentRun,
  t: ReturnType<typeof useWords>["replenishment"],
  number: (value: number) => string,
): string {
  if (run.state === "running") return t.running(number(run.skus_done), number(run.skus_total));
  if (run.state === "stopped") return t.stopped;
  return t.lastRun(number(run.proposals), number(run.pieces), number(run.series));
}
