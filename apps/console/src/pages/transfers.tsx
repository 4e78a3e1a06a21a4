import {
  type TransferIn,
  transferList,
  transferRequest,
  type TransferState,
  type TransferSummary,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  DateTime,
  Notice,
  ProblemNotice,
  Stack,
  TextArea,
  TransferStateTag,
  useGoodsWords,
} from "@storeloop/ui";
import { useState } from "react";
import { useLocation } from "wouter";
import { Documents } from "../parts/documents.tsx";
import type { Column } from "../parts/list-view.tsx";
import { Actor } from "../parts/names.tsx";
import { PlacePicker, usePlaceName } from "../parts/pickers.tsx";
import { type SkuLine, SkuLines } from "../parts/sku-lines.tsx";
import { useWords } from "../words/index.ts";

export default function TransfersPage() {
  const { goods: t } = useWords();
  const words = useGoodsWords();
  const { number, dateTime } = useI18n();
  const placeName = usePlaceName();
  const columns: Column<TransferSummary>[] = [
    {
      key: "from",
      title: t.from,
      render: (row) => placeName(row.from_place_id),
      text: (row) => placeName(row.from_place_id),
    },
    {
      key: "to",
      title: t.to,
      render: (row) => placeName(row.to_place_id),
      text: (row) => placeName(row.to_place_id),
    },
    {
      key: "state",
      title: t.state,
      render: (row) => <TransferStateTag state={row.state} />,
      text: (row) => words.transfer[row.state],
    },
    {
      key: "requested",
      title: t.requested,
      align: "right",
      render: (row) => number(row.requested),
      text: (row) => String(row.requested),
    },
    {
      key: "sent",
      title: t.sent,
      align: "right",
      render: (row) => number(row.sent),
      text: (row) => String(row.sent),
    },
    {
      key: "road",
      title: t.onTheRoad,
      align: "right",
      render: (row) => number(row.on_the_road),
      text: (row) => String(row.on_the_road),
    },
    {
      key: "by",
      title: t.by,
      render: (row) => <Actor id={row.requested_by} />,
      text: (row) => row.requested_by,
    },
    {
      key: "updated",
      title: t.updated,
      render: (row) => <DateTime value={row.updated_at} />,
      text: (row) => dateTime(row.updated_at),
    },
    { key: "note", title: t.note, render: (row) => row.note, text: (row) => row.note ?? "" },
  ];
  const states = Object.entries(words.transfer) as [TransferState, string][];
  return (
    <Documents
      name="transfers"
      title={t.transfers}
      none={{ title: t.noTransfers, text: t.noTransfersText }}
      columns={columns}
      states={states.map(([value, label]) => ({ value, label }))}
      load={(filters, cursor) => transferList({ ...filters, cursor })}
      begin={{ right: "transfer.request", label: t.newTransfer, form: <AskForm /> }}
    />
  );
}

function AskForm() {
  const { goods: t } = useWords();
  const [, navigate] = useLocation();
  const [from, setFrom] = useState<string | null>(null);
  const [to, setTo] = useState<string | null>(null);
  const [lines, setLines] = useState<SkuLine[]>([]);
  const [note, setNote] = useState("");
  const ask = useAction((body: TransferIn, intent) => transferRequest(body, intent), {
    onSuccess: (transfer) => navigate(`/transfers/${transfer.id}`),
  });
  const complete = from !== null && to !== null && from !== to && lines.length > 0;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!from || !to || !complete) return;
        ask.mutate({
          from_place_id: from,
          to_place_id: to,
          lines: lines.map((line) => ({ sku_id: line.sku.id, quantity: line.quantity })),
          ...(note.trim() ? { note: note.trim() } : {}),
        });
      }}
    >
      <Stack>
        <PlacePicker label={t.from} value={from} onChange={setFrom} />
        <PlacePicker label={t.to} value={to} onChange={setTo} />
        <SkuLines lines={lines} onChange={setLines} withQuantity />
        {lines.length === 0 && <p className="sl-caption">{t.noLines}</p>}
        <TextArea label={t.note} optional value={note} onChange={setNote} maxLength={500} />
        <Notice>{t.askText}</Notice>
        <ProblemNotice error={ask.error} />
        <Button kind="primary" type="submit" busy={ask.isPending} disabled={!complete}>
          {t.ask}
        </Button>
      </Stack>
    </form>
  );
}
