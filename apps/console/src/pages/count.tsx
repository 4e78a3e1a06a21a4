import {
  type Count,
  countApprove,
  countCancel,
  countGet,
  type CountLine,
  countLineList,
  type CountReason,
  countRecount,
  countSubmit,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  CountStateTag,
  DateTime,
  Dialog,
  Facts,
  Money,
  PageHeader,
  ProblemNotice,
  QueryView,
  Ring,
  Row,
  Stack,
  Tag,
  toast,
  useGoodsWords,
  Why,
} from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { Door } from "../parts/door.tsx";
import { type Column, ListView } from "../parts/list-view.tsx";
import { Actor, SkuName } from "../parts/names.tsx";
import { usePlaceName } from "../parts/pickers.tsx";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function CountPage({ id }: { id: string }) {
  const count = useQuery({ queryKey: ["object", id], queryFn: () => countGet(id) });
  return <QueryView query={count}>{(data) => <Body count={data} />}</QueryView>;
}

type Asked = "submit" | "approve" | "recount" | "cancel";
type Reasons = Record<string, CountReason>;

function Body({ count }: { count: Count }) {
  const { goods: t } = useWords();
  const words = useGoodsWords();
  const { number, percent } = useI18n();
  const { may } = useSession();
  const placeName = usePlaceName();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [reasons, setReasons] = useState<Reasons>({});
  const share = count.lines === 0 ? 0 : count.counted / count.lines;
  const figure = (value: number | null) => (value === null ? t.hidden : number(value));
  const action = (what: Asked, kind: "primary" | "secondary" | "danger", label: string) => (
    <Button size="small" kind={kind} onClick={() => setAsked(what)}>
      {label}
    </Button>
  );
  return (
    <>
      <PageHeader
        back="/counts"
        title={placeName(count.place_id)}
        end={
          <Row>
            {count.blind && <Tag>{t.blind}</Tag>}
            <CountStateTag state={count.state} />
            {count.state === "open" && may("count.take") && action("submit", "primary", t.submit)}
            {count.state === "review" && may("count.approve") && (
              <>
                {action("approve", "primary", t.approveCount)}
                {action("recount", "secondary", t.recount)}
              </>
            )}
            {(count.state === "open" || count.state === "review") &&
              may("count.take") &&
              action("cancel", "danger", t.cancelCount)}
          </Row>
        }
      />
      <Row>
        <Ring value={share} label={t.progress} tone={share === 1 ? "success" : "accent"}>
          {percent(share)}
        </Ring>
        <div className="sl-grow">
          <Facts
            items={[
              {
                label: t.progress,
                value: `${number(count.counted)} / ${number(count.lines)} · ${words.scope[count.scope]}`,
              },
              { label: t.differing, value: figure(count.differing) },
              { label: t.missing, value: figure(count.missing) },
              { label: t.surplus, value: figure(count.surplus) },
              {
                label: t.at,
                value: (
                  <>
                    <Actor id={count.created_by} /> · <DateTime value={count.created_at} />
                  </>
                ),
              },
              ...(count.note ? [{ label: t.note, value: count.note }] : []),
              ...(count.state === "posted"
                ? [
                    {
                      label: t.entries,
                      value: <Door href={`/ledger?source=${count.id}`}>{t.entries}</Door>,
                    },
                  ]
                : []),
            ]}
          />
        </div>
      </Row>
      <Why label={t.why}>
        <p>{t.whyText}</p>
      </Why>
      <Lines count={count} reasons={reasons} onReasons={setReasons} />
      <Ask count={count} asked={asked} reasons={reasons} onDone={() => setAsked(null)} />
    </>
  );
}

const REASONS = ["lost", "damaged", "misplaced", "unrecorded", "miscounted", "other"] as const;

type LinesProps = { count: Count; reasons: Reasons; onReasons: (next: Reasons) => void };

function Lines({ count, reasons, onReasons }: LinesProps) {
  const { goods: t } = useWords();
  const words = useGoodsWords();
  const { number, dateTime, money } = useI18n();
  const { may } = useSession();
  const signed = (value: number) => number(value, { signDisplay: "exceptZero" });
  const editable =
    (count.state === "review" && may("count.approve")) ||
    (count.state === "open" && may("count.take"));
  const columns: Column<CountLine>[] = [
    {
      key: "sku",
      title: t.sku,
      render: (row) => <SkuName id={row.sku_id} />,
      text: (row) => row.sku_id,
    },
    {
      key: "expected",
      title: t.expected,
      align: "right",
      render: (row) =>
        row.expected === null ? (
          "—"
        ) : (
          <>
            {number(row.expected)}
            {(row.picked ?? 0) + (row.picking ?? 0) > 0 && (
              <div className="sl-caption">
                {t.explained(number(row.picked ?? 0), number(row.picking ?? 0))}
              </div>
            )}
            {row.late ? <div className="sl-caption">{t.late(signed(row.late))}</div> : null}
          </>
        ),
      text: (row) => String(row.expected ?? ""),
    },
    {
      key: "counted",
      title: t.counted,
      align: "right",
      render: (row) =>
        row.counted === null || row.again ? (
          <Tag>{row.again ? t.again : t.notCounted}</Tag>
        ) : (
          <strong>{number(row.counted)}</strong>
        ),
      text: (row) => String(row.counted ?? ""),
    },
    {
      key: "variance",
      title: t.variance,
      align: "right",
      render: (row) =>
        row.variance === null ? (
          "—"
        ) : row.variance === 0 ? (
          "0"
        ) : (
          <Tag
            tone={row.variance < 0 ? "danger" : "warning"}
            icon={row.variance < 0 ? "down" : "up"}
          >
            {signed(row.variance)}
          </Tag>
        ),
      text: (row) => String(row.variance ?? ""),
    },
    {
      key: "value",
      title: t.value,
      align: "right",
      render: (row) => (row.variance ? <Money value={row.value} /> : "—"),
      text: (row) => (row.variance ? money(row.value) : ""),
    },
    {
      key: "reason",
      title: t.reason,
      render: (row) =>
        !row.variance ? null : editable ? (
          <Select
            size="small"
            aria-label={t.reason}
            style={{ minWidth: 130 }}
            placeholder={t.unexplained}
            value={reasons[row.sku_id] ?? row.reason ?? null}
            options={REASONS.map((value) => ({ value, label: words.countReason[value] }))}
            onChange={(value: CountReason) => onReasons({ ...reasons, [row.sku_id]: value })}
          />
        ) : row.reason ? (
          words.countReason[row.reason]
        ) : (
          t.unexplained
        ),
      text: (row) => (row.reason ? words.countReason[row.reason] : ""),
    },
    {
      key: "by",
      title: t.countedBy,
      render: (row) => row.counted_by && <Actor id={row.counted_by} />,
      text: (row) => row.counted_by ?? "",
    },
    {
      key: "at",
      title: t.countedAt,
      render: (row) => row.counted_at && <DateTime value={row.counted_at} />,
      text: (row) => (row.counted_at ? dateTime(row.counted_at) : ""),
    },
  ];
  return (
    <ListView
      name={`count-lines-${count.id}`}
      title={t.lines}
      embedded
      columns={columns}
      filters={[]}
      load={(_, cursor) => countLineList(count.id, { cursor, limit: 200 })}
      rowKey={(row) => row.sku_id}
    />
  );
}

type AskProps = { count: Count; asked: Asked | null; reasons: Reasons; onDone: () => void };

/** What is about to happen, before it does. */
function Ask({ count, asked, reasons, onDone }: AskProps) {
  const { goods: t } = useWords();
  const { number } = useI18n();
  const queries = useQueryClient();
  const run = useAction(
    ({ what, given }: { what: Asked; given: Reasons }, intent) => {
      const list = Object.entries(given).map(([sku_id, reason]) => ({ sku_id, reason }));
      switch (what) {
        case "submit":
          return countSubmit(count.id, { reasons: list, leave_uncounted: true }, intent);
        case "approve":
          return countApprove(count.id, { reasons: list }, intent);
        case "recount":
          return countRecount(count.id, {}, intent);
        case "cancel":
          return countCancel(count.id, intent);
      }
    },
    {
      onSuccess: (after) => {
        queries.setQueryData(["object", count.id], after);
        toast(t.done);
        onDone();
        return Promise.all([
          queries.invalidateQueries({ queryKey: ["counts"] }),
          queries.invalidateQueries({ queryKey: [`count-lines-${count.id}`] }),
        ]);
      },
    },
  );
  const left = count.lines - count.counted;
  const [label, text] = {
    submit: [t.submit, left > 0 ? t.submitText(number(left)) : t.submitAll],
    approve: [
      t.approveCount,
      t.approveCountText(number(count.missing ?? 0), number(count.surplus ?? 0)),
    ],
    recount: [t.recount, t.recountText],
    cancel: [t.cancelCount, t.cancelCountText],
  }[asked ?? "submit"] as [string, string];
  return (
    <Dialog title={label} open={asked !== null} onClose={onDone}>
      <Stack>
        <p>{text}</p>
        <ProblemNotice error={run.error} />
        <Button
          kind={asked === "cancel" ? "danger" : "primary"}
          busy={run.isPending}
          onClick={() => asked && run.mutate({ what: asked, given: reasons })}
        >
          {label}
        </Button>
      </Stack>
    </Dialog>
  );
}
