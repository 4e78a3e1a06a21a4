import { type Movement, movementList } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { DateTime, useStateWords } from "@storeloop/ui";
import { Door } from "../parts/door.tsx";
import { type Column, ListView } from "../parts/list-view.tsx";
import { Actor, SkuName } from "../parts/names.tsx";
import { usePlaceName, usePlaces } from "../parts/pickers.tsx";
import { useWords } from "../words/index.ts";

export default function LedgerPage() {
  const t = useWords();
  const states = useStateWords();
  const { text, number, dateTime } = useI18n();
  const placeName = usePlaceName();
  const places = usePlaces().data?.items ?? [];
  const columns: Column<Movement>[] = [
    {
      key: "at",
      title: t.stock.at,
      render: (row) => <DateTime value={row.occurred_at} as="exact" />,
      text: (row) => dateTime(row.occurred_at),
    },
    {
      key: "kind",
      title: t.stock.kind,
      render: (row) => states.movement[row.kind],
      text: (row) => states.movement[row.kind],
    },
    {
      key: "sku",
      title: t.stock.sku,
      render: (row) => <SkuName id={row.sku_id} />,
      text: (row) => row.sku_id,
    },
    {
      key: "place",
      title: t.stock.place,
      render: (row) => placeName(row.place_id),
      text: (row) => placeName(row.place_id),
    },
    {
      key: "quantity",
      title: t.stock.quantity,
      align: "right",
      render: (row) => <strong>{number(row.quantity, { signDisplay: "exceptZero" })}</strong>,
      text: (row) => String(row.quantity),
    },
    {
      key: "reason",
      title: t.stock.reason,
      render: (row) => row.reason,
      text: (row) => row.reason ?? "",
    },
    {
      key: "source",
      title: t.stock.source,
      render: (row) => (row.source === null ? null : <Source id={row.source} />),
      text: (row) => row.source ?? "",
    },
    {
      key: "actor",
      title: t.stock.actor,
      render: (row) => <Actor id={row.actor} />,
      text: (row) => row.actor,
    },
    {
      key: "recorded",
      title: t.stock.recorded,
      render: (row) => <DateTime value={row.recorded_at} as="exact" />,
      text: (row) => dateTime(row.recorded_at),
      optional: true,
    },
    {
      key: "note",
      title: t.stock.note,
      render: (row) => row.note,
      text: (row) => row.note ?? "",
      optional: true,
    },
  ];
  return (
    <ListView
      name="ledger"
      title={t.stock.ledger}
      columns={columns}
      filters={[
        {
          key: "source",
          kind: "given",
          label: t.stock.source,
          name: (id) => <Source id={id} />,
        },
        { key: "sku", kind: "given", label: t.stock.sku, name: (id) => <SkuName id={id} /> },
        {
          key: "place",
          kind: "choice",
          label: t.stock.place,
          options: places.map((place) => ({ value: place.id, label: text(place.name) })),
        },
      ]}
      load={(filters, cursor) => movementList({ ...filters, cursor })}
      rowKey={(row) => row.id}
    />
  );
}

/** The document behind an entry, as a door where there is one. */
function Source({ id }: { id: string }) {
  const t = useWords();
  if (id.startsWith("ord_")) return <Door href={`/orders/${id}`}>{t.palette.orders}</Door>;
  if (id.startsWith("cnt_")) return <Door href={`/counts/${id}`}>{t.goods.counts}</Door>;
  if (id.startsWith("trf_")) return <Door href={`/transfers/${id}`}>{t.goods.transfers}</Door>;
  return <>{id}</>;
}
