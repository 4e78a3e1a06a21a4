import {
  itemsOf,
  pages,
  paymentMethodList,
  type PaymentStatement,
  statementList,
  statementLoad,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  DateTime,
  Field,
  Loading,
  ProblemNotice,
  QueryView,
  Select,
  ShowMore,
  Skeleton,
  Stack,
  Tag,
  TextInput,
  toast,
} from "@storeloop/ui";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useWords } from "../words/index.ts";
import { base64Of, MAX_FILE_BYTES, yesterday } from "./statement-file.ts";

/** The providers that keep books of their own. */
export const OUTSIDE = ["wechat_pay", "alipay", "stripe"] as const;
type Outside = (typeof OUTSIDE)[number];

const WEEK = 7;

/** What each day came to, newest first. */
export function Statements() {
  const t = useWords();
  const query = useInfiniteQuery(
    pages(["statements"], (cursor) => statementList({ cursor, limit: WEEK })),
  );
  return (
    <Card title={t.payments.days}>
      <QueryView
        query={query}
        skeleton={
          <Loading>
            <Skeleton lines={3} height="2.25rem" />
          </Loading>
        }
        empty={(data) =>
          itemsOf(data).length === 0 ? <p className="sl-muted">{t.payments.noDays}</p> : null
        }
      >
        {(data) => (
          <Stack gap={2}>
            <div
              className="sl-table-scroll"
              tabIndex={0}
              role="region"
              aria-label={t.payments.days}
            >
              <StatementTable items={itemsOf(data)} />
            </div>
            <ShowMore query={query} />
          </Stack>
        )}
      </QueryView>
    </Card>
  );
}

function StatementTable({ items }: { items: PaymentStatement[] }) {
  const t = useWords();
  const { number } = useI18n();
  const figures = [
    t.payments.lines,
    t.payments.outcomes.matched,
    t.payments.differing,
    t.payments.open,
  ];
  return (
    <table className="sl-table">
      <thead>
        <tr>
          <th scope="col">{t.payments.day}</th>
          <th scope="col">{t.payments.provider}</th>
          {figures.map((title) => (
            <th key={title} scope="col" className="sl-table__number">
              {title}
            </th>
          ))}
          <th scope="col">{t.payments.loadedAt}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((row) => (
          <tr key={`${row.provider}${row.day}`}>
            <th scope="row">{row.day}</th>
            <td>{t.orders.provider[row.provider]}</td>
            <td className="sl-table__number">{number(row.lines)}</td>
            <td className="sl-table__number">{number(row.matched)}</td>
            <td className="sl-table__number">{number(row.differing)}</td>
            <td className="sl-table__number">
              {row.open > 0 ? <Tag tone="warning">{number(row.open)}</Tag> : number(0)}
            </td>
            <td>
              <DateTime value={row.loaded_at} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Compares a day: the account is fetched from the provider, or brought as the file its console gives out. */
export function StatementForm({ onDone }: { onDone: () => void }) {
  const methods = useQuery({ queryKey: ["payment-methods"], queryFn: () => paymentMethodList() });
  const t = useWords();
  return (
    <QueryView query={methods} skeleton={<Skeleton lines={3} height="2.25rem" />}>
      {({ items }) => {
        const offered = OUTSIDE.filter((name) => items.some((item) => item.provider === name));
        if (offered.length === 0) return <p className="sl-muted">{t.payments.noProviders}</p>;
        return <StatementFields offered={offered} onDone={onDone} />;
      }}
    </QueryView>
  );
}

function StatementFields({ offered, onDone }: { offered: Outside[]; onDone: () => void }) {
  const t = useWords();
  const queries = useQueryClient();
  const [provider, setProvider] = useState<Outside | "">(offered[0] ?? "");
  const [day, setDay] = useState(yesterday);
  const [file, setFile] = useState<File | null>(null);
  const tooBig = file !== null && file.size > MAX_FILE_BYTES;
  const load = useAction(
    async (input: { provider: Outside; day: string; name: string | undefined }, intent) => {
      const content = file ? { content_base64: await base64Of(file) } : {};
      return statementLoad({ provider: input.provider, day: input.day, ...content }, intent);
    },
    {
      onSuccess: (statement) => {
        toast(t.payments.loaded(statement.matched, statement.open));
        onDone();
        return Promise.all([
          queries.invalidateQueries({ queryKey: ["statements"] }),
          queries.invalidateQueries({ queryKey: ["matches"] }),
        ]);
      },
    },
  );
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (provider && !tooBig) load.mutate({ provider, day, name: file?.name });
      }}
    >
      <Select
        label={t.payments.provider}
        value={provider}
        onChange={setProvider}
        options={offered.map((value) => ({ value, label: t.orders.provider[value] }))}
      />
      <TextInput
        label={t.payments.day}
        hint={t.payments.dayHint}
        type="date"
        max={yesterday()}
        value={day}
        onChange={setDay}
        required
      />
      <Field
        label={t.payments.file}
        optional
        hint={t.payments.fileHint}
        error={tooBig ? t.payments.fileTooBig : undefined}
      >
        {(wiring) => (
          <input
            {...wiring}
            type="file"
            accept=".csv,.txt,.zip,.gz,.json"
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
        )}
      </Field>
      <ProblemNotice error={load.error} />
      <Button kind="primary" type="submit" busy={load.isPending}>
        {file ? t.payments.bring : t.payments.fetch}
      </Button>
    </form>
  );
}
