import { matchDecide, type MatchDecision, type PaymentMatch, useAction } from "@storeloop/api";
import { Button, Facts, Money, ProblemNotice, RadioGroup, TextArea, toast } from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useWords } from "../words/index.ts";

const DECISIONS: MatchDecision[] = ["accepted", "claimed", "corrected"];

/** What is to become of a difference, and why. */
export function MatchForm({ row, onDone }: { row: PaymentMatch; onDone: () => void }) {
  const t = useWords();
  const queries = useQueryClient();
  const [decision, setDecision] = useState<MatchDecision | null>(null);
  const [note, setNote] = useState("");
  const decide = useAction(
    (body: { decision: MatchDecision; note: string }, intent) => matchDecide(row.id, body, intent),
    {
      onSuccess: () => {
        toast(t.payments.decided);
        onDone();
        return Promise.all([
          queries.invalidateQueries({ queryKey: ["matches"] }),
          queries.invalidateQueries({ queryKey: ["statements"] }),
        ]);
      },
    },
  );
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (decision) decide.mutate({ decision, note: note.trim() });
      }}
    >
      <Facts
        items={[
          {
            label: `${t.orders.provider[row.provider]} · ${row.day}`,
            value: t.payments.outcomes[row.outcome],
          },
          { label: t.payments.ours, value: row.ours ? <Money value={row.ours} /> : "—" },
          { label: t.payments.theirs, value: row.theirs ? <Money value={row.theirs} /> : "—" },
          {
            label: t.payments.reference,
            value: <span className="sl-mono">{row.provider_reference ?? "—"}</span>,
          },
        ]}
      />
      <RadioGroup
        label={t.payments.decision}
        look="cards"
        value={decision}
        onChange={setDecision}
        options={DECISIONS.map((value) => ({
          value,
          label: t.payments.decisions[value],
          hint: t.payments.hints[value],
        }))}
      />
      <TextArea label={t.payments.note} value={note} onChange={setNote} required maxLength={500} />
      <ProblemNotice error={decide.error} />
      <Button
        kind="primary"
        type="submit"
        busy={decide.isPending}
        disabled={!decision || !note.trim()}
      >
        {t.payments.decide}
      </Button>
    </form>
  );
}
