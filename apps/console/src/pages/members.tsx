import { memberList, type MemberRow } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { DateTime, Money, TierBadge, useStateWords } from "@storeloop/ui";
import { Door } from "../parts/door.tsx";
import { type Column, ListView } from "../parts/list-view.tsx";
import { useWords } from "../words/index.ts";

export default function MembersPage() {
  const t = useWords();
  const states = useStateWords();
  const { number, money, date } = useI18n();
  const columns: Column<MemberRow>[] = [
    {
      key: "name",
      title: t.members.name,
      render: (row) => <Door href={`/members/${row.id}`}>{row.name ?? row.number}</Door>,
      text: (row) => row.name ?? "",
    },
    {
      key: "number",
      title: t.members.number,
      render: (row) => <span className="sl-mono">{row.number}</span>,
      text: (row) => row.number,
    },
    {
      key: "phone",
      title: t.members.phone,
      render: (row) => <span className="sl-mono">{row.phone}</span>,
      text: (row) => row.phone,
    },
    {
      key: "tier",
      title: t.members.tier,
      render: (row) => <TierBadge tier={row.tier} />,
      text: (row) => states.tier[row.tier],
    },
    {
      key: "points",
      title: t.members.points,
      align: "right",
      render: (row) => number(row.points),
      text: (row) => String(row.points),
    },
    {
      key: "orders",
      title: t.members.orders,
      align: "right",
      render: (row) => number(row.order_count),
      text: (row) => String(row.order_count),
    },
    {
      key: "spent",
      title: t.members.spent,
      align: "right",
      render: (row) => <Money value={row.spent} />,
      text: (row) => money(row.spent),
    },
    {
      key: "last",
      title: t.members.last,
      render: (row) => (row.last_order_at ? <DateTime value={row.last_order_at} /> : "—"),
      text: (row) => (row.last_order_at ? date(row.last_order_at) : ""),
    },
    {
      key: "joined",
      title: t.members.joined,
      render: (row) => <DateTime value={row.joined_at} as="date" />,
      text: (row) => date(row.joined_at),
      optional: true,
    },
  ];
  return (
    <ListView
      name="members"
      title={t.members.title}
      columns={columns}
      filters={[{ key: "q", kind: "search", label: t.members.search }]}
      load={(filters, cursor) => memberList({ ...filters, cursor })}
      rowKey={(row) => row.id}
      href={(row) => `/members/${row.id}`}
    />
  );
}
