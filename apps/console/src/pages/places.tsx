import { type PlaceKind, placeList, type PlaceNear } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Tag } from "@storeloop/ui";
import { Door } from "../parts/door.tsx";
import { type Column, ListView } from "../parts/list-view.tsx";
import { useWords } from "../words/index.ts";

const KINDS: PlaceKind[] = ["store", "warehouse", "dark_store", "pickup_point"];

export default function PlacesPage() {
  const t = useWords();
  const { text, number } = useI18n();
  const services = (row: PlaceNear) =>
    row.services.map((one) => t.places.serviceNames[one]).join(" · ");
  const columns: Column<PlaceNear>[] = [
    {
      key: "name",
      title: t.places.name,
      render: (row) => <Door href={`/places/${row.id}`}>{text(row.name)}</Door>,
      text: (row) => text(row.name),
    },
    {
      key: "code",
      title: t.places.code,
      render: (row) => <span className="sl-mono">{row.code}</span>,
      text: (row) => row.code,
    },
    {
      key: "kind",
      title: t.places.kind,
      render: (row) => t.places.kinds[row.kind],
      text: (row) => t.places.kinds[row.kind],
    },
    {
      key: "city",
      title: t.places.city,
      render: (row) => text(row.address.city),
      text: (row) => text(row.address.city),
    },
    {
      key: "region",
      title: t.places.region,
      render: (row) => row.region,
      text: (row) => row.region,
    },
    { key: "services", title: t.places.services, render: services, text: services },
    {
      key: "area",
      title: t.places.area,
      align: "right",
      render: (row) => (row.area_m2 === null ? "—" : `${number(row.area_m2)} m²`),
      text: (row) => String(row.area_m2 ?? ""),
    },
    {
      key: "active",
      title: t.places.active,
      render: (row) => (
        <Tag tone={row.active ? "success" : "neutral"}>
          {row.active ? t.places.active : t.places.inactive}
        </Tag>
      ),
      text: (row) => (row.active ? t.places.active : t.places.inactive),
    },
  ];
  return (
    <ListView
      name="places"
      title={t.places.title}
      columns={columns}
      filters={[
        { key: "q", kind: "search", label: t.places.search },
        {
          key: "kind",
          kind: "choice",
          label: t.places.kind,
          options: KINDS.map((value) => ({ value, label: t.places.kinds[value] })),
        },
      ]}
      load={({ kind, ...filters }, cursor) => {
        const chosen = KINDS.find((one) => one === kind);
        return placeList({ ...filters, ...(chosen ? { kind: chosen } : {}), cursor });
      }}
      rowKey={(row) => row.id}
      href={(row) => `/places/${row.id}`}
    />
  );
}
