import {
  type Transfer,
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
  Dialog,
  Notice,
  ProblemNotice,
  Stack,
  TextArea,
  TransferStateTag,
  useGoodsWords,
} from "@storeloop/ui";
import { useState } from "react";
import { useLocation } from "wouter";
import { type Column, ListView } from "../parts/list-view.tsx";
import { Actor } from "../parts/names.tsx";
import { PlacePicker, usePlaceName, usePlaces } from "../parts/pickers.tsx";
import { type SkuLine, SkuLines } from "../parts/sku-lines.tsx";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function TransfersPage() {
  const { goods: t } = useWords();
  const words = useGoodsWords();
  const { text, number, dateTime } = useI18n();
  const { may } = useSession();
  const placeName = usePlaceName();
  const places = usePlaces().data?.items ?? [];
  const [asking, setAsking] = useState(false);
  const [, navigate] = useLocation();
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
    <>
      <ListView
        name="transfers"
        none={{ title: t.noTransfers, text: t.noTransfersText }}
        title={t.transfers}
        columns={columns}
        filters={[
          {
            key: "place",
            kind: "choice",
            label: t.place,
            options: places.map((place) => ({ value: place.id, label: text(place.name) })),
          },
          {
            key: "state",
            kind: "choice",
            label: t.state,
            options: states.map(([value, label]) => ({ value, label })),
          },
        ]}
        load={(filters, cursor) => transferList({ ...filters, cursor })}
        rowKey={(row) => row.id}
        href={(row) => `/transfers/${row.id}`}
        end={
          may("transfer.request") && (
            <Button size="small" kind="primary" icon="plus" onClick={() => setAsking(true)}>
              {t.newTransfer}
            </Button>
          )
        }
      />
      <Dialog title={t.newTransfer} open={asking} onClose={() => setAsking(false)}>
        <AskForm onDone={(transfer) => navigate(`/transfers/${transfer.id}`)} />
      </Dialog>
    </>
  );
}

function AskForm({ onDone }: { onDone: (transfer: Transfer) => void }) {
  const { goods: t } = useWords();
  const [from, setFrom] = useState<string | null>(null);
  const [to, setTo] = useState<string | null>(null);
  const [lines, setLines] = useState<SkuLine[]>([]);
  const [note, setNote] = useState("");
  const ask = useAction((body: TransferIn, intent) => transferRequest(body, intent), {
    onSuccess: onDone,
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
