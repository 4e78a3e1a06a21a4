import { Button, Dialog, IconButton, SearchInput, TextInput, useDelayed } from "@storeloop/ui";
import { Dropdown, Select } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { useSearchParams } from "wouter";
import { useWords } from "../words/index.ts";
import { useKept } from "./kept.ts";

export type Filter =
  | { key: string; kind: "search"; label: string }
  | {
      key: string;
      kind: "choice";
      label: string;
      options: { value: string; label: string }[];
      /** What is shown while nothing is chosen, where that is not everything. */
      none?: string;
    }
  /** Comes with a link, shows its name, and can be taken away. */
  | { key: string; kind: "given"; label: string; name: (value: string) => ReactNode };

export type FilterValues = Record<string, string>;

/** The filters of a list, kept in the address so that it can be sent to a colleague. */
export function useFilters(filters: Filter[]): [FilterValues, (next: FilterValues) => void] {
  const [params, setParams] = useSearchParams();
  const values: FilterValues = {};
  for (const filter of filters) {
    const value = params.get(filter.key);
    if (value) values[filter.key] = value;
  }
  const setValues = (next: FilterValues) =>
    setParams(
      (old) => {
        // What else stands in the address (a tab, a view) stays.
        const kept = new URLSearchParams(old);
        for (const filter of filters) kept.delete(filter.key);
        for (const [key, value] of Object.entries(next)) kept.set(key, value);
        return kept;
      },
      { replace: true },
    );
  return [values, setValues];
}

type FilterBarProps = {
  name: string;
  filters: Filter[];
  values: FilterValues;
  onChange: (values: FilterValues) => void;
};

export function FilterBar({ name, filters, values, onChange }: FilterBarProps) {
  const t = useWords();
  const set = (key: string, value: string | undefined) => {
    const next = { ...values };
    if (value) next[key] = value;
    else delete next[key];
    onChange(next);
  };
  return (
    <>
      {filters.map((filter) => {
        const value = values[filter.key];
        if (filter.kind === "search") {
          return (
            <Search
              key={filter.key}
              label={filter.label}
              value={value ?? ""}
              onChange={(typed) => set(filter.key, typed)}
            />
          );
        }
        if (filter.kind === "given") {
          return value ? (
            <span key={filter.key} className="console-given">
              {filter.label}: {filter.name(value)}
              <IconButton
                icon="close"
                label={t.list.without(filter.label)}
                onClick={() => set(filter.key, undefined)}
              />
            </span>
          ) : null;
        }
        return (
          <Select
            key={filter.key}
            aria-label={filter.label}
            prefix={filter.label}
            placeholder={filter.none ?? t.list.any}
            allowClear
            showSearch={{ optionFilterProp: "label" }}
            popupMatchSelectWidth={false}
            style={{ minWidth: 140 }}
            value={value ?? null}
            options={filter.options}
            onChange={(chosen: string | undefined) => set(filter.key, chosen ?? undefined)}
          />
        );
      })}
      {filters.length > 0 && <Views name={name} values={values} onChange={onChange} />}
    </>
  );
}

type SearchProps = { label: string; value: string; onChange: (value: string) => void };

function Search({ label, value, onChange }: SearchProps) {
  const [typed, setTyped] = useState(value);
  const [outer, setOuter] = useState(value);
  // A saved view or "clear" changes the value from outside.
  if (outer !== value) {
    setOuter(value);
    setTyped(value);
  }
  const settled = useDelayed(typed);
  useEffect(() => {
    if (settled === typed && settled !== value) onChange(settled);
    // Only a pause in typing asks; `onChange` is new at every render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [settled]);
  return <SearchInput label={label} value={typed} onChange={setTyped} onSubmit={onChange} />;
}

type View = { name: string; values: FilterValues };
type ViewsProps = Omit<FilterBarProps, "filters">;

/** Filters somebody comes back to, under a name. */
function Views({ name, values, onChange }: ViewsProps) {
  const t = useWords();
  const [views, setViews] = useKept<View[]>(`console.${name}.views`, []);
  const [naming, setNaming] = useState(false);
  const [typed, setTyped] = useState("");
  const filtered = Object.keys(values).length > 0;
  return (
    <>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            ...views.map((view) => ({
              key: view.name,
              label: view.name,
              onClick: () => onChange(view.values),
            })),
            ...(filtered
              ? [{ key: "+save", label: t.list.saveView, onClick: () => setNaming(true) }]
              : []),
            { key: "+all", label: t.list.any, onClick: () => onChange({}) },
          ],
        }}
      >
        <span>
          <Button size="small" icon="filter">
            {t.list.views}
          </Button>
        </span>
      </Dropdown>
      <Dialog title={t.list.saveView} open={naming} onClose={() => setNaming(false)}>
        <form
          className="sl-stack"
          onSubmit={(event) => {
            event.preventDefault();
            setViews([...views.filter((view) => view.name !== typed), { name: typed, values }]);
            setNaming(false);
          }}
        >
          <TextInput
            label={t.list.viewName}
            value={typed}
            onChange={setTyped}
            required
            maxLength={40}
          />
          <Button kind="primary" type="submit">
            {t.list.save}
          </Button>
        </form>
      </Dialog>
    </>
  );
}
