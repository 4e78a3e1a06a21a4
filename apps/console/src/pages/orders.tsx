import { type Channel, orderList, type OrderState, type OrderSummary } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { DateTime, Money, OrderStateTag, useStateWords } from "@storeloop/ui";
import { Door } from "../parts/door.tsx";
import { type Column, ListView } from "../parts/list-view.tsx";
import { usePlaces } from "../parts/pickers.tsx";
import { useWords } from "../words/index.ts";

const STATES: OrderState[] = [
  "pending_payment",
  "paid",
  "allocated",
  "ready",
  "shipped",
  "collected",
  "delivered",
  "closed",
  "cancelled",
  "expired",
  "needs_decision",
  "returned",
  "partly_returned",
];
const CHANNELS: Channel[] = ["web", "app", "mini_program", "store", "pos", "marketplace"];

const DAYS = [1, 7, 30, 90];

/** Midnight, so many days with today ago. */
function daysAgo(days: number): string {
  const midnight = new Date();
  midnight.setHours(0, 0, 0, 0);
  midnight.setDate(midnight.getDate() - days + 1);
  return midnight.toISOString();
}

export default function OrdersPage() {
  const t = useWords();
  const states = useStateWords();
  const { text } = useI18n();
  const places = usePlaces().data?.items ?? [];
  return (
    <ListView
      name="orders"
      area="orders"
      title={t.orders.title}
      columns={useOrderColumns()}
      filters={[
        { key: "q", kind: "search", label: t.orders.search },
        {
          key: "state",
          kind: "choice",
          label: t.orders.state,
          options: STATES.map((value) => ({ value, label: states.order[value] })),
        },
        {
          key: "channel",
          kind: "choice",
          label: t.orders.channel,
          options: CHANNELS.map((value) => ({ value, label: states.channel[value] })),
        },
        {
          key: "place",
          kind: "choice",
          label: t.orders.place,
          options: places.map((place) => ({ value: place.id, label: text(place.name) })),
        },
        {
          key: "since",
          kind: "choice",
          label: t.list.since,
          options: DAYS.map((days) => ({
            value: String(days),
            label: days === 1 ? t.list.today : t.list.lastDays(days),
          })),
        },
      ]}
      load={({ since, ...filters }, cursor) =>
        orderList({ ...filters, cursor, since: since ? daysAgo(Number(since)) : undefined })
      }
      rowKey={(row) => row.id}
      href={(row) => `/orders/${row.id}`}
    />
  );
}

function useOrderColumns(): Column<OrderSummary>[] {
  const t = useWords();
  const states = useStateWords();
  const { text, money, number, dateTime } = useI18n();
  return [
    {
      key: "number",
      title: t.orders.number,
      render: (row) => (
        <Door href={`/orders/${row.id}`}>
          <span className="sl-mono">{row.number}</span>
        </Door>
      ),
      text: (row) => row.number,
    },
    {
      key: "state",
      title: t.orders.state,
      render: (row) => <OrderStateTag state={row.state} />,
      text: (row) => states.order[row.state],
    },
    {
      key: "channel",
      title: t.orders.channel,
      render: (row) => states.channel[row.channel],
      text: (row) => states.channel[row.channel],
    },
    {
      key: "customer",
      title: t.orders.customer,
      render: (row) =>
        row.member_id ? (
          <Door href={`/members/${row.member_id}`}>{row.contact_name}</Door>
        ) : (
          row.contact_name || t.orders.guest
        ),
      text: (row) => row.contact_name,
    },
    {
      key: "place",
      title: t.orders.place,
      render: (row) =>
        row.place_id && <Door href={`/places/${row.place_id}`}>{text(row.place_name)}</Door>,
      text: (row) => text(row.place_name),
    },
    {
      key: "method",
      title: t.orders.method,
      render: (row) => row.fulfilment_method && t.orders[row.fulfilment_method],
      text: (row) => (row.fulfilment_method ? t.orders[row.fulfilment_method] : ""),
    },
    {
      key: "items",
      title: t.orders.items,
      align: "right",
      render: (row) => number(row.item_count),
      text: (row) => String(row.item_count),
      optional: true,
    },
    {
      key: "total",
      title: t.orders.total,
      align: "right",
      render: (row) => <Money value={row.total} />,
      text: (row) => money(row.total),
    },
    {
      key: "placed",
      title: t.orders.placed,
      render: (row) => <DateTime value={row.placed_at} />,
      text: (row) => dateTime(row.placed_at),
    },
  ];
}
