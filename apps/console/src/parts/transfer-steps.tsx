/** The next steps of a transfer: what is about to happen, the figures it happens with, and then it does. */
import {
  type ShortReason,
  type Transfer,
  transferApprove,
  transferCancel,
  transferDueSet,
  type TransferLine,
  type TransferOutcome,
  transferPick,
  transferReceive,
  transferSettle,
  transferShip,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Dialog, RadioGroup, TextArea, TextInput, useGoodsWords } from "@storeloop/ui";
import { InputNumber, Select } from "antd";
import { useState } from "react";
import { useWords } from "../words/index.ts";
import { dayOf, endOf } from "./days.ts";
import { LineTable, StepSheet, useStep } from "./step-sheet.tsx";

export type TransferMove = "approve" | "pack" | "send" | "receive" | "settle" | "cancel" | "due";

type MoveProps = { transfer: Transfer; move: TransferMove | null; onDone: () => void };

/** One dialog for every step; a new one starts with fresh figures. */
export function TransferMoveDialog({ transfer, move, onDone }: MoveProps) {
  const { goods: t } = useWords();
  const titles: Record<TransferMove, string> = {
    approve: t.approve,
    pack: t.pack,
    send: t.send,
    receive: t.receive,
    settle: t.settle,
    cancel: t.cancel,
    due: t.due,
  };
  return (
    <Dialog title={titles[move ?? "approve"]} open={move !== null} onClose={onDone}>
      {move === "approve" && <Quantities transfer={transfer} of="approve" onDone={onDone} />}
      {move === "pack" && <Quantities transfer={transfer} of="pack" onDone={onDone} />}
      {move === "send" && <Send transfer={transfer} onDone={onDone} />}
      {move === "receive" && <Receive transfer={transfer} onDone={onDone} />}
      {move === "settle" && <Settle transfer={transfer} onDone={onDone} />}
      {move === "due" && <DueBy transfer={transfer} onDone={onDone} />}
      {move === "cancel" && <Cancel transfer={transfer} onDone={onDone} />}
    </Dialog>
  );
}

type FormProps = { transfer: Transfer; onDone: () => void };

function Quantities({ transfer, of, onDone }: FormProps & { of: "approve" | "pack" }) {
  const { goods: t } = useWords();
  const { number } = useI18n();
  const most = (line: TransferLine) => (of === "approve" ? line.requested : line.approved);
  const lines = transfer.lines.filter((line) => most(line) > 0);
  const [quantities, setQuantities] = useState<Record<string, number>>({});
  const step = useStep(
    "transfers",
    (body: Parameters<typeof transferPick>[1], intent) =>
      of === "approve"
        ? transferApprove(transfer.id, body, intent)
        : transferPick(transfer.id, body, intent),
    onDone,
  );
  const quantity = (line: TransferLine) => quantities[line.sku_id] ?? most(line);
  const label = of === "approve" ? t.approve : t.pack;
  return (
    <StepSheet
      step={step}
      input={{
        lines: lines.map((line) => ({ sku_id: line.sku_id, quantity: quantity(line) })),
      }}
      label={label}
      text={of === "approve" ? t.approveText : t.packText}
      disabled={lines.every((line) => quantity(line) === 0)}
    >
      <LineTable
        lines={lines}
        columns={[
          of === "approve" ? t.requested : t.approved,
          of === "approve" ? t.approved : t.packed,
        ]}
        cells={(line) => [
          number(most(line)),
          <InputNumber
            key="quantity"
            aria-label={label}
            min={0}
            max={most(line)}
            precision={0}
            value={quantity(line)}
            onChange={(value) => setQuantities((now) => ({ ...now, [line.sku_id]: value ?? 0 }))}
          />,
        ]}
      />
    </StepSheet>
  );
}

function Send({ transfer, onDone }: FormProps) {
  const { goods: t } = useWords();
  const { number } = useI18n();
  const [note, setNote] = useState("");
  const step = useStep(
    "transfers",
    (body: { note?: string }, intent) => transferShip(transfer.id, body, intent),
    onDone,
  );
  const pieces = transfer.lines.reduce((sum, line) => sum + line.picked, 0);
  return (
    <StepSheet
      step={step}
      input={note.trim() ? { note: note.trim() } : {}}
      label={t.send}
      text={t.sendText(number(pieces))}
    >
      <TextInput label={t.sendNote} optional value={note} onChange={setNote} maxLength={500} />
    </StepSheet>
  );
}

function DueBy({ transfer, onDone }: FormProps) {
  const { goods: t } = useWords();
  const before = transfer.due_at ? dayOf(transfer.due_at) : "";
  const [day, setDay] = useState(before);
  const step = useStep(
    "transfers",
    (body: { due_at: string }, intent) => transferDueSet(transfer.id, body, intent),
    onDone,
  );
  const due = endOf(day);
  return (
    <StepSheet
      step={step}
      input={{ due_at: due ?? "" }}
      label={t.due}
      text={t.dueText}
      disabled={due === null || day === before}
    >
      <TextInput label={t.due} type="date" value={day} onChange={setDay} required />
    </StepSheet>
  );
}

const SHORT = ["not_packed", "lost_on_the_way", "another_parcel", "unknown"] as const;

type Arrival = { arrived: number; damaged: number; reason: ShortReason | null };

function Receive({ transfer, onDone }: FormProps) {
  const { goods: t } = useWords();
  const words = useGoodsWords();
  const { number } = useI18n();
  const lines = transfer.lines.filter((line) => line.on_the_road > 0);
  const [arrivals, setArrivals] = useState<Record<string, Arrival>>({});
  const step = useStep(
    "transfers",
    (body: Parameters<typeof transferReceive>[1], intent) =>
      transferReceive(transfer.id, body, intent),
    onDone,
  );
  const of = (line: TransferLine): Arrival =>
    arrivals[line.sku_id] ?? { arrived: line.on_the_road, damaged: 0, reason: null };
  const missing = (line: TransferLine) => line.on_the_road - of(line).arrived - of(line).damaged;
  const set = (line: TransferLine, change: Partial<Arrival>) =>
    setArrivals((now) => ({ ...now, [line.sku_id]: { ...of(line), ...change } }));
  const unclear = lines.some(
    (line) => missing(line) < 0 || (missing(line) > 0 && of(line).reason === null),
  );
  return (
    <StepSheet
      step={step}
      input={{
        lines: lines.map((line) => {
          const { arrived, damaged, reason } = of(line);
          return {
            sku_id: line.sku_id,
            arrived,
            damaged,
            reason: missing(line) > 0 ? reason : null,
          };
        }),
      }}
      label={t.receive}
      text={t.receiveText}
      disabled={unclear}
    >
      <LineTable
        lines={lines}
        columns={[t.sent, t.arrived, t.damaged, t.shortReason]}
        cells={(line) => [
          number(line.on_the_road),
          <InputNumber
            key="arrived"
            aria-label={t.arrived}
            min={0}
            max={line.on_the_road}
            precision={0}
            value={of(line).arrived}
            onChange={(value) => set(line, { arrived: value ?? 0 })}
          />,
          <InputNumber
            key="damaged"
            aria-label={t.damaged}
            min={0}
            max={line.on_the_road}
            precision={0}
            value={of(line).damaged}
            onChange={(value) => set(line, { damaged: value ?? 0 })}
          />,
          missing(line) > 0 ? (
            <Select
              key="reason"
              aria-label={t.shortReason}
              style={{ minWidth: 150 }}
              placeholder={`${t.chooseReason} (−${number(missing(line))})`}
              value={of(line).reason}
              options={SHORT.map((value) => ({ value, label: words.shortReason[value] }))}
              onChange={(reason: ShortReason) => set(line, { reason })}
            />
          ) : null,
        ]}
      />
    </StepSheet>
  );
}

const OUTCOMES = ["found", "damaged", "lost", "never_left"] as const;

function Settle({ transfer, onDone }: FormProps) {
  const { goods: t } = useWords();
  const words = useGoodsWords();
  const lines = transfer.lines.filter((line) => line.on_the_road > 0);
  const goingBack = transfer.state === "return_short";
  const [chosen, setChosen] = useState<
    Record<string, { quantity: number; outcome: TransferOutcome }>
  >({});
  const step = useStep(
    "transfers",
    (body: Parameters<typeof transferSettle>[1], intent) =>
      transferSettle(transfer.id, body, intent),
    onDone,
  );
  const settled = lines.flatMap((line) => {
    const one = chosen[line.sku_id];
    return one && one.quantity > 0 ? [{ sku_id: line.sku_id, ...one }] : [];
  });
  return (
    <StepSheet
      step={step}
      input={{ lines: settled }}
      label={t.settle}
      text={t.settleText}
      disabled={settled.length === 0}
    >
      <LineTable
        lines={lines}
        columns={[t.missing, t.outcome]}
        cells={(line) => [
          <InputNumber
            key="quantity"
            aria-label={t.missing}
            min={0}
            max={line.on_the_road}
            precision={0}
            value={chosen[line.sku_id]?.quantity ?? line.on_the_road}
            onChange={(value) =>
              setChosen((now) => ({
                ...now,
                [line.sku_id]: {
                  outcome: now[line.sku_id]?.outcome ?? "lost",
                  quantity: value ?? 0,
                },
              }))
            }
          />,
          <Select
            key="outcome"
            aria-label={t.outcome}
            style={{ minWidth: 200 }}
            placeholder={t.chooseReason}
            value={chosen[line.sku_id]?.outcome ?? null}
            options={OUTCOMES.filter((value) => !goingBack || value !== "never_left").map(
              (value) => ({ value, label: words.outcome[value] }),
            )}
            onChange={(outcome: TransferOutcome) =>
              setChosen((now) => ({
                ...now,
                [line.sku_id]: {
                  quantity: now[line.sku_id]?.quantity ?? line.on_the_road,
                  outcome,
                },
              }))
            }
          />,
        ]}
      />
    </StepSheet>
  );
}

function Cancel({ transfer, onDone }: FormProps) {
  const { goods: t } = useWords();
  const [goods, setGoods] = useState<"return" | "write_off" | null>(null);
  const [note, setNote] = useState("");
  const step = useStep(
    "transfers",
    (body: Parameters<typeof transferCancel>[1], intent) =>
      transferCancel(transfer.id, body, intent),
    onDone,
  );
  const onTheRoad = transfer.state === "shipped";
  return (
    <StepSheet
      step={step}
      input={{ goods, note: note.trim() || null }}
      label={t.cancel}
      text={onTheRoad ? t.cancelRoad : t.cancelText}
      danger
      disabled={onTheRoad && goods === null}
    >
      {onTheRoad && (
        <RadioGroup
          look="cards"
          label={t.cancelRoad}
          value={goods}
          onChange={setGoods}
          options={[
            { value: "return", label: t.goBack, hint: t.goBackText },
            { value: "write_off", label: t.writeOff, hint: t.writeOffText },
          ]}
        />
      )}
      <TextArea label={t.note} optional value={note} onChange={setNote} maxLength={500} />
    </StepSheet>
  );
}
