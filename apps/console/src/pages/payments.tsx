/** The desk where our books are laid beside the payment providers': what fits, what does not, what was decided. */
import { type MatchOutcome, matchList, type PaymentMatch } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button, DateTime, Dialog, Money, Stack, Tag } from "@storeloop/ui";
import { useState } from "react";
import { Door } from "../parts/door.tsx";
import { type Column, ListView } from "../parts/list-view.tsx";
import { MatchForm } from "../parts/match-form.tsx";
import { FailedRefunds } from "../parts/failed-refunds.tsx";
import { OUTSIDE, StatementForm, Statements } from "../parts/statements.tsx";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

const TONES = {
  matched: "success",
  missing_here: "danger",
  missing_there: "danger",
  amount_differs: "warning",
} as const satisfies Record<MatchOutcome, string>;
const OUTCOMES = Object.keys(TONES) as MatchOutcome[];

export default function PaymentsPage() {
  const t = useWords();
  const { may } = useSession();
  const mayDecide = may("payment.reconcile");
  const [loading, setLoading] = useState(false);
  const [deciding, setDeciding] = useState<PaymentMatch | null>(null);
  return (
    <>
      <ListView
        name="matches"
        title={t.payments.title}
        end={
          mayDecide && (
            <Button size="small" kind="primary" icon="plus" onClick={() => setLoading(true)}>
              {t.payments.load}
            </Button>
          )
        }
        intro={
          <Stack>
            <p className="sl-muted">{t.payments.intro}</p>
            <FailedRefunds />
            <Statements />
            <h2 className="sl-card__title">{t.payments.differences}</h2>
          </Stack>
        }
        none={{ title: t.payments.nothingOpen, text: t.payments.nothingOpenText }}
        columns={useColumns(mayDecide ? setDeciding : null)}
        filters={[
          {
            key: "which",
            kind: "choice",
            label: t.payments.which,
            none: t.payments.open,
            options: [{ value: "all", label: t.payments.all }],
          },
          {
            key: "provider",
            kind: "choice",
            label: t.payments.provider,
            options: OUTSIDE.map((value) => ({ value, label: t.orders.provider[value] })),
          },
          {
            key: "outcome",
            kind: "choice",
            label: t.payments.outcome,
            options: OUTCOMES.map((value) => ({ value, label: t.payments.outcomes[value] })),
          },
        ]}
        // What fits and what is decided is asked for; what waits is there.
        load={({ which, ...filters }, cursor) =>
          matchList({ ...filters, open: which !== "all", cursor })
        }
        rowKey={(row) => row.id}
      />
      <Dialog title={t.payments.load} open={loading} onClose={() => setLoading(false)}>
        <StatementForm onDone={() => setLoading(false)} />
      </Dialog>
      <Dialog
        title={t.payments.decideTitle}
        open={deciding !== null}
        onClose={() => setDeciding(null)}
      >
        {deciding && <MatchForm row={deciding} onDone={() => setDeciding(null)} />}
      </Dialog>
    </>
  );
}

function useColumns(onDecide: ((row: PaymentMatch) => void) | null): Column<PaymentMatch>[] {
  const t = useWords();
  const { money, dateTime } = useI18n();
  const sum = (key: "ours" | "theirs" | "fee") => ({
    key,
    title: t.payments[key],
    align: "right" as const,
    render: (row: PaymentMatch) => (row[key] ? <Money value={row[key]} /> : "—"),
    text: (row: PaymentMatch) => (row[key] ? money(row[key]) : ""),
  });
  return [
    { key: "day", title: t.payments.day, render: (row) => row.day, text: (row) => row.day },
    {
      key: "provider",
      title: t.payments.provider,
      render: (row) => t.orders.provider[row.provider],
      text: (row) => t.orders.provider[row.provider],
    },
    {
      key: "kind",
      title: t.payments.kind,
      render: (row) => t.payments.kinds[row.kind],
      text: (row) => t.payments.kinds[row.kind],
    },
    {
      key: "outcome",
      title: t.payments.outcome,
      render: (row) => <Tag tone={TONES[row.outcome]}>{t.payments.outcomes[row.outcome]}</Tag>,
      text: (row) => t.payments.outcomes[row.outcome],
    },
    sum("ours"),
    sum("theirs"),
    { ...sum("fee"), optional: true },
    {
      key: "order",
      title: t.payments.order,
      render: (row) =>
        row.order_id ? <Door href={`/orders/${row.order_id}`}>{t.payments.toOrder}</Door> : "—",
      text: (row) => row.order_id ?? "",
    },
    {
      key: "reference",
      title: t.payments.reference,
      optional: true,
      render: (row) => <span className="sl-mono">{row.provider_reference ?? "—"}</span>,
      text: (row) => row.provider_reference ?? "",
    },
    {
      key: "at",
      title: t.payments.at,
      optional: true,
      render: (row) => <DateTime value={row.booked_at} as="exact" />,
      text: (row) => dateTime(row.booked_at),
    },
    {
      key: "decision",
      title: t.payments.decision,
      render: (row) => <Decided row={row} onDecide={onDecide} />,
      text: (row) =>
        row.decision ? `${t.payments.decisions[row.decision]}: ${row.note ?? ""}` : "",
    },
  ];
}

type DecidedProps = { row: PaymentMatch; onDecide: ((row: PaymentMatch) => void) | null };

function Decided({ row, onDecide }: DecidedProps) {
  const t = useWords();
  if (row.outcome === "matched") return "—";
  if (row.decision) {
    return (
      <>
        {t.payments.decisions[row.decision]}
        <div className="sl-caption console-note">{row.note}</div>
      </>
    );
  }
  if (!onDecide) return <Tag tone="warning">{t.payments.open}</Tag>;
  return (
    <Button size="small" onClick={() => onDecide(row)}>
      {t.payments.decide}
    </Button>
  );
}
