/**
 * The list every console page is made of: filters kept in the address, saved views, column choice,
 * keyboard, pages by cursor, export of exactly what is shown.
 */
import { itemsOf, type Page, pages } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button, EmptyState, PageHeader, QueryView, Skeleton } from "@storeloop/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Checkbox, Popover, Table } from "antd";
import { type MouseEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useWords } from "../words/index.ts";
import { useArrivals } from "./arrivals.ts";
import { downloadCsv } from "./csv.ts";
import { type Filter, FilterBar, type FilterValues, useFilters } from "./filters.tsx";
import { useKept } from "./kept.ts";

export type Column<T> = {
  key: string;
  title: string;
  render: (row: T) => ReactNode;
  /** What the export writes. */
  text: (row: T) => string;
  align?: "right";
  width?: number;
  /** Not shown until chosen. */
  optional?: boolean;
};

type ListViewProps<T> = {
  /** Names the list in the cache, in saved views and in the exported file. */
  name: string;
  title: string;
  intro?: ReactNode;
  end?: ReactNode;
  filters: Filter[];
  columns: Column<T>[];
  load: (filters: FilterValues, cursor: string | undefined) => Promise<Page<T>>;
  rowKey: (row: T) => string;
  href?: (row: T) => string;
  selection?: { selected: string[]; onChange: (rows: T[]) => void };
  /** The area of events that change its rows: they announce themselves. */
  area?: string;
  /** What to say when there is nothing at all: what will be here, and how it comes. */
  none?: { title: string; text: string };
  /** Without the page's own header, for a list inside a page. */
  embedded?: boolean;
};

export function ListView<T extends object>(props: ListViewProps<T>) {
  const { name, title, intro, end, filters, load, rowKey, href, selection, area, embedded, none } =
    props;
  const t = useWords();
  const { number } = useI18n();
  const [, navigate] = useLocation();
  const [values, setValues] = useFilters(filters);
  const [hidden, setHidden] = useKept<string[]>(
    `console.${name}.hidden`,
    props.columns.filter((column) => column.optional).map((column) => column.key),
  );
  const columns = props.columns.filter((column) => !hidden.includes(column.key));
  const query = useInfiniteQuery(pages([name, values], (cursor) => load(values, cursor)));
  const rows = itemsOf(query.data);
  const { refetch } = query;
  const fresh = useArrivals(area);
  const active = useKeyboard(rows.length, (at) => {
    const row = rows[at];
    if (row && href) return href(row);
    return null;
  });
  const exportRows = () => {
    downloadCsv(
      `${name}.csv`,
      columns.map((column) => column.title),
      rows.map((row) => columns.map((column) => column.text(row))),
    );
  };
  return (
    <>
      {!embedded && <PageHeader title={title} end={end} />}
      {intro}
      <div className="console-filters">
        <FilterBar name={name} filters={filters} values={values} onChange={setValues} />
        <div className="console-filters__end">
          <span role="status">
            {fresh.count > 0 && (
              <Button
                size="small"
                kind="quiet"
                icon="refresh"
                onClick={() => {
                  fresh.clear();
                  void refetch();
                }}
              >
                {t.list.fresh(fresh.count)}
              </Button>
            )}
          </span>
          <ColumnChoice columns={props.columns} hidden={hidden} onChange={setHidden} />
          <Button size="small" icon="down" disabled={rows.length === 0} onClick={exportRows}>
            {t.list.export}
          </Button>
        </div>
      </div>
      <QueryView
        query={query}
        skeleton={<Skeleton lines={10} height="2.25rem" />}
        empty={() =>
          rows.length > 0 ? null : Object.keys(values).length > 0 ? (
            <EmptyState
              icon="search"
              title={t.list.none}
              action={<Button onClick={() => setValues({})}>{t.list.clear}</Button>}
            >
              {t.list.noneText}
            </EmptyState>
          ) : (
            <EmptyState title={none?.title ?? t.list.empty}>
              {none?.text ?? t.list.emptyText}
            </EmptyState>
          )
        }
      >
        {() => (
          <>
            <Table<T>
              size="small"
              scroll={{ x: "max-content" }}
              pagination={false}
              dataSource={rows}
              rowKey={rowKey}
              columns={columns.map((column) => ({
                key: column.key,
                title: column.title,
                align: column.align,
                width: column.width,
                render: (_: unknown, row: T) => column.render(row),
              }))}
              rowClassName={(_, index) =>
                `${href ? "console-row" : ""} ${index === active ? "console-row--active" : ""}`
              }
              onRow={(row) => ({
                onClick: href ? followUnlessLink(href(row), navigate) : undefined,
              })}
              {...(selection
                ? {
                    rowSelection: {
                      selectedRowKeys: selection.selected,
                      onChange: (_: unknown, chosen: T[]) => selection.onChange(chosen),
                    },
                  }
                : {})}
            />
            <div className="console-list-foot">
              <span role="status">
                {query.hasNextPage
                  ? t.list.shown(rows.length, number(rows.length))
                  : t.list.all(rows.length, number(rows.length))}
              </span>
              {query.hasNextPage && (
                <Button
                  size="small"
                  busy={query.isFetchingNextPage}
                  onClick={() => void query.fetchNextPage()}
                >
                  {t.list.more}
                </Button>
              )}
              <span className="console-list-foot__keys">{t.list.keys}</span>
            </div>
          </>
        )}
      </QueryView>
    </>
  );
}

/** A press on a row opens it, unless it hit a link or a button of its own. */
function followUnlessLink(href: string, follow: (href: string) => void) {
  return (event: MouseEvent) => {
    const target = event.target as HTMLElement;
    if (target.closest("a, button, input, label")) return;
    if (getSelection()?.toString()) return;
    follow(href);
  };
}

function useKeyboard(count: number, hrefAt: (index: number) => string | null): number {
  const [active, setActive] = useState(-1);
  const [, navigate] = useLocation();
  const latest = useRef({ active, count, hrefAt });
  useEffect(() => {
    latest.current = { active, count, hrefAt };
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.metaKey || event.ctrlKey || event.altKey) return;
      if (target.closest("input, textarea, select, [contenteditable], dialog, [role=dialog]"))
        return;
      const now = latest.current;
      if (event.key === "/") {
        event.preventDefault();
        document.querySelector<HTMLElement>(".console-filters input")?.focus();
      } else if (event.key === "j" || event.key === "k") {
        const next = now.active + (event.key === "j" ? 1 : -1);
        setActive(Math.max(0, Math.min(now.count - 1, next)));
      } else if (event.key === "Enter" && target === document.body) {
        const href = now.hrefAt(now.active);
        if (href) navigate(href);
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [navigate]);
  useEffect(() => {
    document.querySelector(".console-row--active")?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return active;
}

type ColumnChoiceProps<T> = {
  columns: Column<T>[];
  hidden: string[];
  onChange: (hidden: string[]) => void;
};

function ColumnChoice<T>({ columns, hidden, onChange }: ColumnChoiceProps<T>) {
  const t = useWords();
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <div className="sl-stack sl-stack--2">
          {columns.map((column) => (
            <Checkbox
              key={column.key}
              checked={!hidden.includes(column.key)}
              onChange={(event) =>
                onChange(
                  event.target.checked
                    ? hidden.filter((key) => key !== column.key)
                    : [...hidden, column.key],
                )
              }
            >
              {column.title}
            </Checkbox>
          ))}
        </div>
      }
    >
      <span>
        <Button size="small" icon="settings">
          {t.list.columns}
        </Button>
      </span>
    </Popover>
  );
}
