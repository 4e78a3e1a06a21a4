import { categoryList, type ProductHit, productSearch } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { MarkedName, Money, Picture, Tag } from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { Door } from "../parts/door.tsx";
import { type Column, ListView } from "../parts/list-view.tsx";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

const STATUSES = ["active", "draft", "archived"] as const;

export default function ProductsPage() {
  const t = useWords();
  const { may } = useSession();
  const { text, money, number } = useI18n();
  const categories = useQuery({ queryKey: ["categories"], queryFn: categoryList });
  const categoryName = (id: string) =>
    text(categories.data?.items.find((one) => one.id === id)?.name);
  const columns: Column<ProductHit>[] = [
    {
      key: "image",
      title: "",
      width: 56,
      render: (row) => (
        <span className="console-thumb">
          <Picture media={row.image} name={text(row.name)} decorative />
        </span>
      ),
      text: () => "",
    },
    {
      key: "name",
      title: t.products.name,
      render: (row) => (
        <Door href={`/products/${row.id}`}>
          <MarkedName parts={row.name_parts} />
        </Door>
      ),
      text: (row) => text(row.name),
    },
    {
      key: "code",
      title: t.products.code,
      render: (row) => <span className="sl-mono">{row.code}</span>,
      text: (row) => row.code,
    },
    {
      key: "category",
      title: t.products.category,
      render: (row) => categoryName(row.category_id),
      text: (row) => categoryName(row.category_id),
    },
    {
      key: "brand",
      title: t.products.brand,
      render: (row) => text(row.brand),
      text: (row) => text(row.brand),
      optional: true,
    },
    {
      key: "skus",
      title: t.products.skus,
      align: "right",
      render: (row) => number(row.sku_count),
      text: (row) => String(row.sku_count),
    },
    {
      key: "price",
      title: t.products.price,
      align: "right",
      render: (row) => <Money value={row.price} />,
      text: (row) => money(row.price),
    },
    {
      key: "status",
      title: t.products.status,
      render: (row) => (
        <Tag tone={row.status === "active" ? "success" : "neutral"}>
          {t.products.statuses[row.status]}
        </Tag>
      ),
      text: (row) => t.products.statuses[row.status],
    },
  ];
  return (
    <ListView
      name="products"
      title={t.products.title}
      columns={columns}
      filters={[
        { key: "q", kind: "search", label: t.products.search },
        {
          key: "category",
          kind: "choice",
          label: t.products.category,
          options: (categories.data?.items ?? []).map((one) => ({
            value: one.id,
            label: text(one.name),
          })),
        },
        ...(may("catalog.manage")
          ? [
              {
                key: "status",
                kind: "choice" as const,
                label: t.products.status,
                options: STATUSES.map((value) => ({ value, label: t.products.statuses[value] })),
              },
            ]
          : []),
      ]}
      load={({ status, ...filters }, cursor) =>
        productSearch({ ...filters, status: STATUSES.find((one) => one === status), cursor })
      }
      rowKey={(row) => row.id}
      href={(row) => `/products/${row.id}`}
    />
  );
}
