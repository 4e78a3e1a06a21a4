import { type ReturnDoc, returnList } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { DateTime, Money } from "@storeloop/ui";
import { Door } from "../parts/door.tsx";
import { type Column, ListView } from "../parts/list-view.tsx";
import { usePlaces } from "../parts/pickers.tsx";
import { useWords } from "../words/index.ts";

export default function ReturnsPage() {
  const t = useWords();
  const { text, money, number, dateTime, list } = useI18n();
  const places = usePlaces().data?.items ?? [];
  const lines = (row: ReturnDoc) =>
    list(row.lines.map((line) => `${text(line.name)} × ${number(line.quantity)}`));
  const taken = (row: ReturnDoc) =>
    list(
      (row.exchange?.taken ?? []).map((line) => `${text(line.name)} × ${number(line.quantity)}`),
    );
  const columns: Column<ReturnDoc>[] = [
    {
      key: "order",
      title: t.returns.order,
      render: (row) => (
        <Door href={`/orders/${row.order_id}`}>
          <span className="sl-mono">{row.order_number}</span>
        </Door>
      ),
      text: (row) => row.order_number,
    },
    {
      key: "place",
      title: t.returns.place,
      render: (row) => <Door href={`/places/${row.place_id}`}>{text(row.place_name)}</Door>,
      text: (row) => text(row.place_name),
    },
    { key: "lines", title: t.returns.lines, render: lines, text: lines },
    { key: "taken", title: t.returns.taken, render: taken, text: taken },
    {
      key: "paid",
      title: t.returns.paid,
      align: "right",
      render: (row) => row.exchange && <Money value={row.exchange.paid} />,
      text: (row) => (row.exchange ? money(row.exchange.paid) : ""),
    },
    {
      key: "refund",
      title: t.returns.refund,
      align: "right",
      render: (row) => <Money value={row.refund} />,
      text: (row) => money(row.refund),
    },
    {
      key: "points",
      title: t.returns.points,
      align: "right",
      render: (row) => number(row.points_reversed),
      text: (row) => String(row.points_reversed),
    },
    {
      key: "at",
      title: t.returns.at,
      render: (row) => <DateTime value={row.created_at} />,
      text: (row) => dateTime(row.created_at),
    },
  ];
  return (
    <ListView
      name="returns"
      title={t.returns.title}
      columns={columns}
      filters={[
        {
          key: "place",
          kind: "choice",
          label: t.returns.place,
          options: places.map((place) => ({ value: place.id, label: text(place.name) })),
        },
      ]}
      load={(filters, cursor) => returnList({ ...filters, cursor })}
      rowKey={(row) => row.id}
      href={(row) => `/orders/${row.order_id}`}
    />
  );
}
