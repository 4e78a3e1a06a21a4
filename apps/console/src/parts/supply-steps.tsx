/** What can be done with expected supply: received, given another day, given up. */
import { isProblem, type Supply, supplyCancel, supplyChange, supplyReceive } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Checkbox, Dialog, TextArea, TextInput } from "@storeloop/ui";
import { InputNumber } from "antd";
import { useState } from "react";
import { useWords } from "../words/index.ts";
import { dayOf, endOf } from "./days.ts";
import { LineTable, StepSheet, useStep } from "./step-sheet.tsx";

export type SupplyMove = "receive" | "move" | "cancel";

type MoveProps = { supply: Supply; move: SupplyMove | null; onDone: () => void };
type FormProps = { supply: Supply; onDone: () => void };

/** One dialog for every step; a new one starts with fresh figures. */
export function SupplyMoveDialog({ supply, move, onDone }: MoveProps) {
  const { supplies: t } = useWords();
  return (
    <Dialog title={t[move ?? "receive"]} open={move !== null} onClose={onDone}>
      {move === "receive" && <Receive supply={supply} onDone={onDone} />}
      {move === "move" && <AnotherDay supply={supply} onDone={onDone} />}
      {move === "cancel" && <Cancel supply={supply} onDone={onDone} />}
    </Dialog>
  );
}

/** Somebody must mean it when orders are left without what they were promised. */
function Meant({ error, value, onChange }: MeantProps) {
  const { supplies: t } = useWords();
  if (!value && !isProblem(error, "supply.promised")) return null;
  return <Checkbox label={t.promised} checked={value} onChange={onChange} />;
}

type MeantProps = { error: unknown; value: boolean; onChange: (value: boolean) => void };

function Receive({ supply, onDone }: FormProps) {
  const { supplies: t } = useWords();
  const { number } = useI18n();
  const lines = supply.lines.filter((line) => line.due > 0);
  const [came, setCame] = useState<Record<string, number>>({});
  const [last, setLast] = useState(false);
  const [overriding, setOverriding] = useState(false);
  const step = useStep(
    "supplies",
    (body: Parameters<typeof supplyReceive>[1], intent) => supplyReceive(supply.id, body, intent),
    onDone,
  );
  const of = (line: Supply["lines"][number]) => came[line.sku_id] ?? line.due;
  const some = lines.filter((line) => of(line) > 0);
  return (
    <StepSheet
      step={step}
      input={{
        lines: some.map((line) => ({ sku_id: line.sku_id, quantity: of(line) })),
        last,
        overriding,
      }}
      label={t.receive}
      text={t.receiveText}
      disabled={some.length === 0}
    >
      <LineTable
        lines={lines}
        columns={[t.left, t.now]}
        cells={(line) => [
          number(line.due),
          <InputNumber
            key="now"
            aria-label={t.now}
            min={0}
            precision={0}
            value={of(line)}
            onChange={(value) => setCame((now) => ({ ...now, [line.sku_id]: value ?? 0 }))}
          />,
        ]}
      />
      <Checkbox label={t.last} checked={last} onChange={setLast} />
      <Meant error={step.error} value={overriding} onChange={setOverriding} />
    </StepSheet>
  );
}

function AnotherDay({ supply, onDone }: FormProps) {
  const { supplies: t } = useWords();
  const [day, setDay] = useState(dayOf(supply.due_at));
  const [note, setNote] = useState("");
  const step = useStep(
    "supplies",
    (body: Parameters<typeof supplyChange>[1], intent) => supplyChange(supply.id, body, intent),
    onDone,
  );
  const due = endOf(day);
  return (
    <StepSheet
      step={step}
      input={{ ...(due ? { due_at: due } : {}), ...(note.trim() ? { note: note.trim() } : {}) }}
      label={t.move}
      text={t.moveText}
      disabled={due === null || day === dayOf(supply.due_at)}
    >
      <TextInput label={t.due} type="date" value={day} onChange={setDay} required />
      <TextArea label={t.why} optional value={note} onChange={setNote} maxLength={500} />
    </StepSheet>
  );
}

function Cancel({ supply, onDone }: FormProps) {
  const { supplies: t } = useWords();
  const [note, setNote] = useState("");
  const [overriding, setOverriding] = useState(false);
  const step = useStep(
    "supplies",
    (body: Parameters<typeof supplyCancel>[1], intent) => supplyCancel(supply.id, body, intent),
    onDone,
  );
  return (
    <StepSheet
      step={step}
      input={{ overriding, ...(note.trim() ? { note: note.trim() } : {}) }}
      label={t.cancel}
      text={t.cancelText}
      danger
    >
      <TextArea label={t.why} optional value={note} onChange={setNote} maxLength={500} />
      <Meant error={step.error} value={overriding} onChange={setOverriding} />
    </StepSheet>
  );
}
