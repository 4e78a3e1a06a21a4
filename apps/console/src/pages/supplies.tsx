import {
  supplyEnter,
  type SupplyIn,
  supplyList,
  type SupplyState,
  type SupplySummary,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Notice,
  ProblemNotice,
  Select,
  Stack,
  Tag,
  TextArea,
  TextInput,
} from "@storeloop/ui";
import { useState } from "react";
import { useLocation } from "wouter";
import { endOf } from "../parts/days.ts";
import { Documents } from "../parts/documents.tsx";
import type { Column } from "../parts/list-view.tsx";
import { Actor } from "../parts/names.tsx";
import { PlacePicker, usePlaceName } from "../parts/pickers.tsx";
import { type SkuLine, SkuLines } from "../parts/sku-lines.tsx";
import { SupplyTag } from "../parts/supply-tag.tsx";
import { useWords } from "../words/index.ts";

export default function SuppliesPage() {
  const { supplies: t } = useWords();
  const { number, date } = useI18n();
  const placeName = usePlaceName();
  const columns: Column<SupplySummary>[] = [
    {
      key: "due",
      title: t.due,
      render: (row) => (
        <>
          {date(row.due_at)}
          {row.slips > 0 && <div className="sl-caption">{t.slipped(number(row.slips))}</div>}
        </>
      ),
      text: (row) => date(row.due_at),
    },
    {
      key: "reference",
      title: t.reference,
      render: (row) => <span className="sl-mono">{row.reference}</span>,
      text: (row) => row.reference,
    },
    {
      key: "kind",
      title: t.kind,
      render: (row) => t.kinds[row.kind],
      text: (row) => t.kinds[row.kind],
    },
    {
      key: "place",
      title: t.place,
      render: (row) => placeName(row.place_id),
      text: (row) => placeName(row.place_id),
    },
    {
      key: "state",
      title: t.state,
      render: (row) =>
        row.overdue ? (
          <Tag tone="danger" icon="clock">
            {t.overdue}
          </Tag>
        ) : (
          <SupplyTag state={row.state} />
        ),
      text: (row) => (row.overdue ? t.overdue : t.states[row.state]),
    },
    {
      key: "skus",
      title: t.skus,
      align: "right",
      render: (row) => number(row.skus),
      text: (row) => String(row.skus),
    },
    {
      key: "expected",
      title: t.expected,
      align: "right",
      render: (row) => number(row.expected),
      text: (row) => String(row.expected),
    },
    {
      key: "left",
      title: t.left,
      align: "right",
      render: (row) => <strong>{number(row.due)}</strong>,
      text: (row) => String(row.due),
    },
    {
      key: "by",
      title: t.by,
      optional: true,
      render: (row) => <Actor id={row.entered_by} />,
      text: (row) => row.entered_by,
    },
    { key: "note", title: t.note, render: (row) => row.note, text: (row) => row.note ?? "" },
  ];
  const states = Object.entries(t.states) as [SupplyState, string][];
  return (
    <Documents
      name="supplies"
      title={t.title}
      none={{ title: t.none, text: t.noneText }}
      columns={columns}
      states={states.map(([value, label]) => ({ value, label }))}
      load={(filters, cursor) => supplyList({ ...filters, cursor })}
      begin={{ right: "supply.manage", label: t.enter, form: <EnterForm /> }}
    />
  );
}

function EnterForm() {
  const { supplies: t } = useWords();
  const [, navigate] = useLocation();
  const [kind, setKind] = useState<SupplyIn["kind"]>("purchase_order");
  const [reference, setReference] = useState("");
  const [place, setPlace] = useState<string | null>(null);
  const [day, setDay] = useState("");
  const [lines, setLines] = useState<SkuLine[]>([]);
  const [note, setNote] = useState("");
  const enter = useAction((body: SupplyIn, intent) => supplyEnter(body, intent), {
    onSuccess: (supply) => navigate(`/supplies/${supply.id}`),
  });
  const due = endOf(day);
  const complete = reference.trim() !== "" && place !== null && due !== null && lines.length > 0;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!place || !due || !complete) return;
        enter.mutate({
          kind,
          reference: reference.trim(),
          place_id: place,
          due_at: due,
          lines: lines.map((line) => ({ sku_id: line.sku.id, quantity: line.quantity })),
          ...(note.trim() ? { note: note.trim() } : {}),
        });
      }}
    >
      <Stack>
        <Select
          label={t.kind}
          value={kind}
          onChange={setKind}
          options={(["purchase_order", "shipping_notice"] as const).map((value) => ({
            value,
            label: t.kinds[value],
          }))}
        />
        <TextInput
          label={t.reference}
          value={reference}
          onChange={setReference}
          maxLength={60}
          required
          autoComplete="off"
        />
        <PlacePicker label={t.place} value={place} onChange={setPlace} />
        <TextInput label={t.due} type="date" value={day} onChange={setDay} required />
        <SkuLines lines={lines} onChange={setLines} withQuantity />
        <TextArea label={t.note} optional value={note} onChange={setNote} maxLength={500} />
        <Notice>{t.enterText}</Notice>
        <ProblemNotice error={enter.error} />
        <Button kind="primary" type="submit" busy={enter.isPending} disabled={!complete}>
          {t.enter}
        </Button>
      </Stack>
    </form>
  );
}
