import { decisionList, type UndecidedOrder } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { DateTime, Money } from "@storeloop/ui";
import { Door } from "../parts/door.tsx";
import { type Column, ListView } from "../parts/list-view.tsx";
import { usePlaces } from "../parts/pickers.tsx";
import { useWords } from "../words/index.ts";

/** Orders that nobody can serve as they are, the first placed first. */
export default function DecisionsPage() {
  const t = useWords();
  const { text } = useI18n();
  const places = usePlaces().data?.items ?? [];
  return (
    <ListView
      name="decisions"
      none={{ title: t.decisions.none, text: t.decisions.noneText }}
      title={t.decisions.title}
      intro={<p className="sl-muted">{t.decisions.intro}</p>}
      columns={useDecisionColumns()}
      filters={[
        {
          key: "waiting",
          kind: "choice",
          label: t.decisions.which,
          none: t.decisions.undecided,
          options: [{ value: "true", label: t.decisions.waiting }],
        },
        {
          key: "place",
          kind: "choice",
          label: t.orders.place,
          options: places.map((place) => ({ value: place.id, label: text(place.name) })),
        },
      ]}
      load={({ waiting, ...filters }, cursor) =>
        decisionList({ ...filters, waiting: waiting === "true", cursor })
      }
      rowKey={(row) => row.order.id}
      href={(row) => `/orders/${row.order.id}`}
    />
  );
}

function useDecisionColumns(): Column<UndecidedOrder>[] {
  const t = useWords();
  const { text, money, dateTime, number } = useI18n();
  const missing = (row: UndecidedOrder) =>
    row.decision.missing
      .map((line) => `${text(line.name)} × ${number(line.quantity)}`)
      .join(t.decisions.and);
  return [
    {
      key: "number",
      title: t.orders.number,
      render: ({ order }) => (
        <Door href={`/orders/${order.id}`}>
          <span className="sl-mono">{order.number}</span>
        </Door>
      ),
      text: ({ order }) => order.number,
    },
    {
      key: "why",
      title: t.decisions.why,
      render: ({ decision }) => text(decision.why),
      text: ({ decision }) => text(decision.why),
    },
    { key: "missing", title: t.decisions.missing, render: missing, text: missing },
    {
      key: "place",
      title: t.orders.place,
      render: ({ order }) => text(order.place_name),
      text: ({ order }) => text(order.place_name),
    },
    {
      key: "customer",
      title: t.orders.customer,
      render: ({ order }) => order.contact_name,
      text: ({ order }) => order.contact_name,
      optional: true,
    },
    {
      key: "total",
      title: t.orders.total,
      align: "right",
      render: ({ order }) => <Money value={order.total} />,
      text: ({ order }) => money(order.total),
    },
    {
      key: "since",
      title: t.decisions.since,
      render: ({ decision }) => <DateTime value={decision.since} />,
      text: ({ decision }) => dateTime(decision.since),
    },
    {
      key: "until",
      title: t.decisions.waitsUntil,
      render: ({ decision }) =>
        decision.waits_until ? <DateTime value={decision.waits_until} as="day" /> : "—",
      text: ({ decision }) => (decision.waits_until ? dateTime(decision.waits_until) : ""),
    },
  ];
}
