import { levelList, type StockLevel } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { DateTime } from "@storeloop/ui";
import type { ReactNode } from "react";
import { useWords } from "../words/index.ts";
import { Door } from "./door.tsx";
import type { Filter } from "./filters.tsx";
import { type Column, ListView } from "./list-view.tsx";
import { SkuName } from "./names.tsx";
import { usePlaceName } from "./pickers.tsx";

type LevelListProps = {
  name: string;
  title?: string;
  /** Conditions of the page that the person cannot change. */
  fixed?: { product?: string; place?: string };
  filters?: Filter[];
  end?: ReactNode;
  intro?: ReactNode;
};

/** Stock by SKU and place. */
export function LevelList({ name, title, fixed = {}, filters = [], end, intro }: LevelListProps) {
  const t = useWords();
  const { number, dateTime } = useI18n();
  const placeName = usePlaceName();
  const count = (
    key: "on_hand" | "reserved" | "quarantined" | "in_transit" | "safety_stock" | "available",
    label: string,
    optional = false,
  ): Column<StockLevel> => ({
    key,
    title: label,
    align: "right",
    optional,
    render: (row) => (key === "available" ? <strong>{number(row[key])}</strong> : number(row[key])),
    text: (row) => String(row[key]),
  });
  const columns: Column<StockLevel>[] = [
    {
      key: "sku",
      title: t.stock.sku,
      render: (row) => <SkuName id={row.sku_id} option={fixed.product !== undefined} />,
      text: (row) => row.sku_id,
    },
    {
      key: "place",
      title: t.stock.place,
      render: (row) => <Door href={`/places/${row.place_id}`}>{placeName(row.place_id)}</Door>,
      text: (row) => placeName(row.place_id),
    },
    count("available", t.stock.available),
    count("on_hand", t.stock.onHand),
    count("reserved", t.stock.reserved),
    count("quarantined", t.stock.quarantined),
    count("in_transit", t.stock.inTransit, true),
    count("safety_stock", t.stock.safety, true),
    {
      key: "updated",
      title: t.stock.updated,
      render: (row) => <DateTime value={row.updated_at} />,
      text: (row) => dateTime(row.updated_at),
    },
    {
      key: "ledger",
      title: t.stock.ledger,
      render: (row) => (
        <Door href={`/ledger?sku=${row.sku_id}&place=${row.place_id}`}>{t.common.open}</Door>
      ),
      text: () => "",
    },
  ];
  return (
    <ListView
      name={name}
      title={title ?? t.stock.title}
      embedded={title === undefined}
      end={end}
      intro={intro}
      // What the page says already is no column.
      columns={columns.filter((column) => column.key !== "place" || fixed.place === undefined)}
      filters={filters}
      load={(values, cursor) => levelList({ ...values, ...fixed, cursor })}
      rowKey={(row) => `${row.sku_id}${row.place_id}`}
    />
  );
}
