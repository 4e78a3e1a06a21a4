/** Taking proposals, and dismissing one. */
import {
  type ReplenishmentReason,
  type ReplenishmentSummary,
  replenishmentProposalAccept,
  replenishmentProposalDismiss,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Dialog,
  Notice,
  ProblemNotice,
  Select,
  Tag,
  TextArea,
  TextInput,
  toast,
} from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { InputNumber } from "antd";
import { useState } from "react";
import { useWords } from "../words/index.ts";
import { usePlaceName } from "./pickers.tsx";

const TONES = { open: "info", accepted: "success", dismissed: "neutral" } as const;

export function ProposalStateTag({ state }: { state: ReplenishmentSummary["state"] }) {
  const { replenishment: t } = useWords();
  return <Tag tone={TONES[state]}>{t.states[state]}</Tag>;
}

/** The most that is decided about at once. */
const MOST = 200;

type TakeProps = {
  rows: ReplenishmentSummary[] | null;
  onClose: () => void;
  onDone: () => void;
};

export function TakeDialog({ rows, onClose, onDone }: TakeProps) {
  const { replenishment: t } = useWords();
  return (
    <Dialog title={t.accept} open={rows !== null} onClose={onClose}>
      {rows && <TakeForm rows={rows} onDone={onDone} />}
    </Dialog>
  );
}

function TakeForm({ rows, onDone }: { rows: ReplenishmentSummary[]; onDone: () => void }) {
  const { replenishment: t } = useWords();
  const { text, number } = useI18n();
  const placeName = usePlaceName();
  const queries = useQueryClient();
  const [pieces, setPieces] = useState<Record<string, number | null>>({});
  const quantityOf = (row: ReplenishmentSummary) => pieces[row.id] ?? row.quantity;
  const take = useAction(replenishmentProposalAccept, {
    onSuccess: (taken) => {
      toast(t.accepted(taken.transfer_ids.length, taken.supply_ids.length));
      onDone();
      return queries.invalidateQueries();
    },
  });
  if (rows.length > MOST) return <Notice tone="warning" title={t.tooMany(number(MOST))} />;
  const all = rows.reduce((sum, row) => sum + quantityOf(row), 0);
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        take.mutate({ items: rows.map((row) => ({ id: row.id, quantity: quantityOf(row) })) });
      }}
    >
      <p>{t.acceptText}</p>
      <div className="sl-table-scroll" tabIndex={0} role="region" aria-label={t.title}>
        <table className="sl-table">
          <thead>
            <tr>
              <th scope="col">{t.article}</th>
              <th scope="col">
                {t.from} → {t.place}
              </th>
              <th scope="col" className="sl-table__number">
                {t.send}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <th scope="row">
                  {[text(row.name), text(row.option)].filter(Boolean).join(" · ")}
                </th>
                <td>
                  {row.from_place_id ? placeName(row.from_place_id) : (row.supplier ?? t.supplier)}{" "}
                  → {placeName(row.place_id)}
                </td>
                <td className="sl-table__number">
                  <InputNumber
                    aria-label={`${t.send}: ${row.sku_code}`}
                    min={1}
                    precision={0}
                    value={quantityOf(row)}
                    onChange={(value) => setPieces((old) => ({ ...old, [row.id]: value }))}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <strong>{t.summary(number(rows.length), number(all))}</strong>
      <ProblemNotice error={take.error} />
      <Button kind="primary" type="submit" busy={take.isPending}>
        {t.accept}
      </Button>
    </form>
  );
}

type DismissProps = { id: string; open: boolean; onClose: () => void };

export function DismissDialog({ id, open, onClose }: DismissProps) {
  const { replenishment: t } = useWords();
  return (
    <Dialog title={t.dismiss} open={open} onClose={onClose}>
      {open && <DismissForm id={id} onDone={onClose} />}
    </Dialog>
  );
}

function DismissForm({ id, onDone }: { id: string; onDone: () => void }) {
  const { replenishment: t } = useWords();
  const queries = useQueryClient();
  const [reason, setReason] = useState<ReplenishmentReason>("not_needed");
  const [note, setNote] = useState("");
  const [days, setDays] = useState("7");
  const quiet = /^\d{1,2}$/.test(days.trim()) && Number(days) <= 90 ? Number(days) : null;
  const dismiss = useAction(
    (quiet_days: number, intent) =>
      replenishmentProposalDismiss(id, { reason, note: note.trim() || null, quiet_days }, intent),
    {
      onSuccess: () => {
        toast(t.dismissed);
        onDone();
        return queries.invalidateQueries();
      },
    },
  );
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (quiet !== null) dismiss.mutate(quiet);
      }}
    >
      <Select
        label={t.reason}
        value={reason}
        onChange={setReason}
        options={(Object.entries(t.reasons) as [ReplenishmentReason, string][]).map(
          ([value, label]) => ({ value, label }),
        )}
      />
      <TextInput
        label={t.quietDays}
        type="number"
        min={0}
        max={90}
        value={days}
        onChange={setDays}
        required
      />
      <TextArea label={t.note} optional value={note} onChange={setNote} maxLength={500} />
      <ProblemNotice error={dismiss.error} />
      <Button kind="primary" type="submit" busy={dismiss.isPending} disabled={quiet === null}>
        {t.dismiss}
      </Button>
    </form>
  );
}
