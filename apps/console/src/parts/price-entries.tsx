/** The prices of a list in one dense table: type, paste, take away; saved together or not at all. */
import {
  itemsOf,
  pages,
  type PriceEntry,
  priceEntryList,
  priceEntryPut,
  type PriceList,
  useAction,
} from "@storeloop/api";
import { fromMinor, toMinor, useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  EmptyState,
  IconButton,
  Money,
  Notice,
  ProblemNotice,
  QueryView,
  Row,
  Stack,
  TextArea,
  toast,
} from "@storeloop/ui";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Table } from "antd";
import { useState } from "react";
import { useWords } from "../words/index.ts";
import { readTable } from "./price-table.ts";
import { SkuPicker } from "./sku-picker.tsx";

/** What one request takes. */
const MAX_ROWS = 1_000;

type Line = {
  key: string;
  sku: { sku_id: string } | { sku_code: string };
  name: string;
  code: string;
  minQuantity: number;
  listPrice: PriceEntry["list_price"];
  /** What is saved; null for a new line. */
  saved: number | null;
};
/** What is typed for a line; null takes it away. */
type Draft = Record<string, string | null>;

export function PriceEntries({ list, readOnly }: { list: PriceList; readOnly: boolean }) {
  const t = useWords();
  const { text, number } = useI18n();
  const queries = useQueryClient();
  const key = ["price-entries", list.id];
  const query = useInfiniteQuery(
    pages(key, (cursor) => priceEntryList(list.id, { cursor, limit: 200 })),
  );
  const [added, setAdded] = useState<Line[]>([]);
  const [draft, setDraft] = useState<Draft>({});
  const [pasting, setPasting] = useState(false);

  const saved = itemsOf(query.data).map((row): Line => ({
    key: `${row.sku_code}|${row.min_quantity}`,
    sku: { sku_id: row.sku_id },
    name: [text(row.name), text(row.option)].filter(Boolean).join(" "),
    code: row.sku_code,
    minQuantity: row.min_quantity,
    listPrice: row.list_price,
    saved: row.price.amount_minor,
  }));
  const known = new Set(saved.map((line) => line.key));
  const lines = [...added.filter((line) => !known.has(line.key)), ...saved];
  const typed = (line: Line) =>
    draft[line.key] ?? (line.saved === null ? "" : fromMinor(line.saved, list.currency));
  const isGone = (line: Line) => draft[line.key] === null;
  const isChanged = (line: Line) =>
    line.saved === null ||
    isGone(line) ||
    (line.key in draft && toMinor(typed(line), list.currency) !== line.saved);
  const changed = lines.filter(isChanged);
  const isBad = (line: Line) => !isGone(line) && toMinor(typed(line), list.currency) === null;

  const forget = () => {
    setAdded([]);
    setDraft({});
  };
  const save = useAction(
    (entries: Parameters<typeof priceEntryPut>[1]["entries"], intent) =>
      priceEntryPut(list.id, { entries }, intent),
    {
      onSuccess: async (after) => {
        queries.setQueryData(["object", list.id], after);
        void queries.invalidateQueries({ queryKey: ["price-lists"] });
        await queries.invalidateQueries({ queryKey: key });
        forget();
        toast(t.prices.saved);
      },
    },
  );
  const put = (more: Line[], values: Draft) => {
    const taken = new Set(lines.map((line) => line.key));
    setAdded([...more.filter((line) => !taken.has(line.key)), ...added]);
    setDraft({ ...draft, ...values });
  };
  const takeAway = (line: Line) => {
    if (line.saved !== null) {
      setDraft({ ...draft, [line.key]: null });
      return;
    }
    setAdded(added.filter((one) => one.key !== line.key));
  };
  const bringBack = (line: Line) =>
    setDraft(Object.fromEntries(Object.entries(draft).filter(([one]) => one !== line.key)));

  return (
    <Card
      title={t.prices.prices}
      end={
        !readOnly && (
          <Button size="small" icon="plus" onClick={() => setPasting(!pasting)}>
            {t.prices.paste}
          </Button>
        )
      }
    >
      <Stack>
        {pasting && (
          <PasteForm
            currency={list.currency}
            onRead={(more, values) => {
              put(more, values);
              setPasting(false);
            }}
          />
        )}
        {!readOnly && (
          <SkuPicker
            label={t.prices.addRow}
            onChoose={({ sku, name }) =>
              put(
                [
                  {
                    key: `${sku.code}|1`,
                    sku: { sku_id: sku.id },
                    name,
                    code: sku.code,
                    minQuantity: 1,
                    listPrice: sku.price,
                    saved: null,
                  },
                ],
                {},
              )
            }
          />
        )}
        <QueryView
          query={query}
          empty={() =>
            lines.length === 0 ? (
              <EmptyState icon="list" title={t.prices.noPrices}>
                {t.prices.noPricesText}
              </EmptyState>
            ) : null
          }
        >
          {() => (
            <Table<Line>
              className="console-entries"
              size="small"
              pagination={false}
              scroll={{ x: "max-content" }}
              rowKey="key"
              dataSource={lines}
              rowClassName={(line) => (isGone(line) ? "console-gone" : "")}
              columns={[
                {
                  key: "sku",
                  title: t.prices.sku,
                  render: (_, line) => (
                    <>
                      {line.name} <span className="sl-mono sl-muted">{line.code}</span>
                    </>
                  ),
                },
                {
                  key: "from",
                  title: t.prices.fromPieces,
                  align: "right",
                  render: (_, line) => number(line.minQuantity),
                },
                {
                  key: "list",
                  title: t.prices.listPrice,
                  align: "right",
                  render: (_, line) => <Money value={line.listPrice} />,
                },
                {
                  key: "price",
                  title: `${t.prices.price} (${list.currency})`,
                  align: "right",
                  render: (_, line) => (
                    <input
                      className={`console-cell ${isChanged(line) ? "console-cell--changed" : ""}`}
                      aria-label={t.prices.priceOf(`${line.name} ${line.code}`)}
                      aria-invalid={isBad(line) ? true : undefined}
                      title={isBad(line) ? t.prices.badAmount : undefined}
                      inputMode="decimal"
                      disabled={readOnly || isGone(line)}
                      value={typed(line)}
                      onChange={(event) => setDraft({ ...draft, [line.key]: event.target.value })}
                    />
                  ),
                },
                {
                  key: "change",
                  title: t.prices.change,
                  align: "right",
                  render: (_, line) => (
                    <Change line={line} minor={toMinor(typed(line), list.currency)} />
                  ),
                },
                {
                  key: "away",
                  title: "",
                  width: 48,
                  render: (_, line) =>
                    readOnly ? null : isGone(line) ? (
                      <IconButton
                        icon="undo"
                        label={t.prices.undoRow(line.name)}
                        onClick={() => bringBack(line)}
                      />
                    ) : (
                      <IconButton
                        icon="trash"
                        label={t.prices.deleteRow(line.name)}
                        onClick={() => takeAway(line)}
                      />
                    ),
                },
              ]}
            />
          )}
        </QueryView>
        {query.hasNextPage && (
          <Button
            size="small"
            busy={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            {t.prices.more}
          </Button>
        )}
        <ProblemNotice error={save.error} />
        {changed.length > 0 && (
          <div className="console-changes" role="status">
            <span className="sl-grow">{t.prices.changes(changed.length)}</span>
            <Row>
              <Button size="small" onClick={forget}>
                {t.prices.discard}
              </Button>
              <Button
                size="small"
                kind="primary"
                busy={save.isPending}
                disabled={changed.some(isBad) || changed.length > MAX_ROWS}
                onClick={() =>
                  save.mutate(
                    changed.map((line) => ({
                      ...line.sku,
                      min_quantity: line.minQuantity,
                      amount_minor: isGone(line) ? null : toMinor(typed(line), list.currency),
                    })),
                  )
                }
              >
                {t.prices.saveChanges}
              </Button>
            </Row>
          </div>
        )}
      </Stack>
    </Card>
  );
}

/** By how much a price differs from the catalogue's, where both are of one currency. */
function Change({ line, minor }: { line: Line; minor: number | null }) {
  const { number } = useI18n();
  const before = line.listPrice?.amount_minor ?? 0;
  if (minor === null || before === 0) return <>—</>;
  const percent = Math.round(((minor - before) * 100) / before);
  return (
    <span className="sl-muted">{percent > 0 ? `+${number(percent)}` : number(percent)} %</span>
  );
}

type PasteFormProps = {
  currency: string;
  onRead: (lines: Line[], values: Draft) => void;
};

function PasteForm({ currency, onRead }: PasteFormProps) {
  const t = useWords();
  const [pasted, setPasted] = useState("");
  const { rows, bad } = readTable(pasted, currency);
  const put = () => {
    const lines = rows.map((row): Line => ({
      key: `${row.code}|${row.minQuantity}`,
      sku: { sku_code: row.code },
      name: "",
      code: row.code,
      minQuantity: row.minQuantity,
      listPrice: null,
      saved: null,
    }));
    const values = rows.map((row) => [
      `${row.code}|${row.minQuantity}`,
      fromMinor(row.minor, currency),
    ]);
    onRead(lines, Object.fromEntries(values) as Draft);
  };
  return (
    <Stack gap={2}>
      <TextArea
        label={t.prices.paste}
        hint={t.prices.pasteHint}
        value={pasted}
        onChange={setPasted}
        rows={6}
        spellCheck={false}
      />
      {bad.length > 0 && (
        <Notice tone="warning" live>
          {bad.slice(0, 5).map((one) => (
            <div key={one.line}>{t.prices.pasteBad(one.line, one.text)}</div>
          ))}
        </Notice>
      )}
      {rows.length > MAX_ROWS && <Notice tone="warning">{t.prices.pasteTooMany(MAX_ROWS)}</Notice>}
      <Row>
        <span role="status">{t.prices.pasteRead(rows.length)}</span>
        <Button
          size="small"
          kind="primary"
          disabled={rows.length === 0 || rows.length > MAX_ROWS || bad.length > 0}
          onClick={put}
        >
          {t.prices.apply}
        </Button>
      </Row>
    </Stack>
  );
}
