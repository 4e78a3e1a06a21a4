import { levelList, type StockLevel } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button, DateTime, Row } from "@storeloop/ui";
import { type ReactNode, useState } from "react";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";
import { Door } from "./door.tsx";
import type { Filter } from "./filters.tsx";
import { type Column, ListView } from "./list-view.tsx";
import { SkuName } from "./names.tsx";
import { usePlaceName } from "./pickers.tsx";
import { SafetyDialog } from "./safety.tsx";

const keyOf = (row: StockLevel) => `${row.sku_id}${row.place_id}`;

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
  const { may } = useSession();
  const [chosen, setChosen] = useState<StockLevel[]>([]);
  const [keeping, setKeeping] = useState(false);
  const count = (
    key: "on_hand" | "reserved" | "quarantined" | "in_transit" | "expected" | "available",
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
    {
      key: "expected",
      title: t.supplies.column,
      align: "right",
      render: (row) =>
        row.expected > 0 ? (
          <Door href={`/supplies?place=${row.place_id}&state=expected&sku=${row.sku_id}`}>
            {number(row.expected)}
          </Door>
        ) : (
          number(row.expected)
        ),
      text: (row) => String(row.expected),
    },
    {
      key: "safety_stock",
      title: t.stock.safety,
      align: "right",
      render: (row) =>
        row.safety_stock_own ? (
          <strong title={t.safety.own}>{number(row.safety_stock)}</strong>
        ) : (
          number(row.safety_stock)
        ),
      text: (row) => String(row.safety_stock),
    },
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
    <>
      <ListView
        name={name}
        title={title ?? t.stock.title}
        embedded={title === undefined}
        end={end}
        intro={
          <>
            {intro}
            {chosen.length > 0 && (
              <Row>
                <Button size="small" kind="primary" onClick={() => setKeeping(true)}>
                  {t.safety.open(number(chosen.length))}
                </Button>
                <Button size="small" kind="quiet" onClick={() => setChosen([])}>
                  {t.safety.clear}
                </Button>
              </Row>
            )}
          </>
        }
        selection={
          may("stock.protect") ? { selected: chosen.map(keyOf), onChange: setChosen } : undefined
        }
        // What the page says already is no column.
        columns={columns.filter((column) => column.key !== "place" || fixed.place === undefined)}
        filters={filters}
        load={(values, cursor) => levelList({ ...values, ...fixed, cursor })}
        rowKey={keyOf}
      />
      <SafetyDialog
        rows={keeping ? chosen : null}
        onClose={() => setKeeping(false)}
        onDone={() => {
          setKeeping(false);
          setChosen([]);
        }}
      />
    </>
  );
}
