import {
  type GiftCard,
  giftCardGet,
  type GiftCardHistory,
  giftCardLoad,
  type GiftCardSource,
  giftCardSetState,
  useAction,
} from "@storeloop/api";
import { toMinor } from "@storeloop/i18n";
import {
  Button,
  Card,
  DateTime,
  Dialog,
  Facts,
  Money,
  PageHeader,
  ProblemNotice,
  QueryView,
  Row,
  Select,
  Stack,
  TextArea,
  TextInput,
  toast,
} from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Table } from "antd";
import { useState } from "react";
import { Door } from "../parts/door.tsx";
import { useStaffName } from "../parts/names.tsx";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";
import { GiftCardStateTag, SOURCES } from "./gift-cards.tsx";

export default function GiftCardPage({ id }: { id: string }) {
  const card = useQuery({ queryKey: ["object", id], queryFn: () => giftCardGet(id) });
  return <QueryView query={card}>{(data) => <Body history={data} />}</QueryView>;
}

type Asked = "load" | "state" | null;

function Body({ history }: { history: GiftCardHistory }) {
  const { giftCards: t } = useWords();
  const { may } = useSession();
  const [asked, setAsked] = useState<Asked>(null);
  const { card, entries } = history;
  return (
    <>
      <PageHeader
        back="/gift-cards"
        title={<span className="sl-mono">•••• {card.last4}</span>}
        end={
          <Row>
            <GiftCardStateTag card={card} />
            {may("gift_card.issue") && (
              <>
                {card.state === "active" && (
                  <Button size="small" icon="plus" onClick={() => setAsked("load")}>
                    {t.load}
                  </Button>
                )}
                <Button size="small" icon="lock" onClick={() => setAsked("state")}>
                  {card.state === "active" ? t.block : t.unblock}
                </Button>
              </>
            )}
          </Row>
        }
      />
      <Card>
        <Facts
          items={[
            { label: t.balance, value: <Money value={card.balance} /> },
            { label: t.held, value: <Money value={card.held} /> },
            {
              label: t.expires,
              value: card.expires_at ? <DateTime value={card.expires_at} as="exact" /> : t.never,
            },
            ...(card.locked_until
              ? [{ label: t.locked, value: <DateTime value={card.locked_until} as="exact" /> }]
              : []),
            ...(card.note ? [{ label: t.note, value: card.note }] : []),
            { label: t.available, value: <Money value={card.available} />, total: true },
          ]}
        />
      </Card>
      <Entries entries={entries} />
      <Dialog title={t.load} open={asked === "load"} onClose={() => setAsked(null)}>
        <LoadForm card={card} onDone={() => setAsked(null)} />
      </Dialog>
      <Dialog
        title={card.state === "active" ? t.block : t.unblock}
        open={asked === "state"}
        onClose={() => setAsked(null)}
      >
        <StateForm card={card} onDone={() => setAsked(null)} />
      </Dialog>
    </>
  );
}

function Entries({ entries }: { entries: GiftCardHistory["entries"] }) {
  const { giftCards: t } = useWords();
  const nameOf = useStaffName();
  return (
    <Card title={t.entries}>
      <Table
        size="small"
        pagination={false}
        rowKey={(row) => `${row.at}-${row.kind}-${row.balance_after.amount_minor}`}
        dataSource={entries}
        scroll={{ x: true }}
        columns={[
          { title: t.at, render: (_, row) => <DateTime value={row.at} as="exact" /> },
          {
            title: t.what,
            render: (_, row) => (
              <>
                {t.kinds[row.kind]}
                {row.account !== "orders" && ` · ${t.sources[row.account]}`}
              </>
            ),
          },
          { title: t.amount, align: "right", render: (_, row) => <Money value={row.amount} /> },
          {
            title: t.after,
            align: "right",
            render: (_, row) => <Money value={row.balance_after} />,
          },
          {
            title: t.order,
            render: (_, row) =>
              row.order_id && <Door href={`/orders/${row.order_id}`}>{t.toOrder}</Door>,
          },
          { title: t.actor, render: (_, row) => nameOf(row.actor) ?? "" },
        ]}
      />
    </Card>
  );
}

type FormProps = { card: GiftCard; onDone: () => void };

function useDone(card: GiftCard, onDone: () => void) {
  const { giftCards: t } = useWords();
  const queries = useQueryClient();
  return () => {
    toast(t.done);
    onDone();
    void queries.invalidateQueries({ queryKey: ["gift-cards"] });
    return queries.invalidateQueries({ queryKey: ["object", card.id] });
  };
}

function LoadForm({ card, onDone }: FormProps) {
  const { giftCards: t } = useWords();
  const [amount, setAmount] = useState("");
  const [source, setSource] = useState<GiftCardSource>("cash");
  const { currency } = card.balance;
  const done = useDone(card, onDone);
  const load = useAction(
    (body: Parameters<typeof giftCardLoad>[1], intent) => giftCardLoad(card.id, body, intent),
    { onSuccess: done },
  );
  const amount_minor = toMinor(amount, currency);
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (amount_minor) load.mutate({ amount: { amount_minor, currency }, source });
      }}
    >
      <TextInput
        label={`${t.amount} (${currency})`}
        inputMode="decimal"
        value={amount}
        onChange={setAmount}
        required
      />
      <Select
        label={t.source}
        value={source}
        onChange={setSource}
        options={SOURCES.map((value) => ({ value, label: t.sources[value] }))}
      />
      <ProblemNotice error={load.error} />
      <Button kind="primary" type="submit" busy={load.isPending} disabled={!amount_minor}>
        {t.load}
      </Button>
    </form>
  );
}

function StateForm({ card, onDone }: FormProps) {
  const { giftCards: t } = useWords();
  const [note, setNote] = useState("");
  const done = useDone(card, onDone);
  const state = card.state === "active" ? ("blocked" as const) : ("active" as const);
  const change = useAction(
    (why: string, intent) => giftCardSetState(card.id, { state, note: why }, intent),
    { onSuccess: done },
  );
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (note.trim()) change.mutate(note.trim());
      }}
    >
      <Stack gap={2}>
        <p>{state === "blocked" ? t.blockText : t.unblockText}</p>
      </Stack>
      <TextArea label={t.why} value={note} onChange={setNote} required maxLength={500} />
      <ProblemNotice error={change.error} />
      <Button kind="primary" type="submit" busy={change.isPending} disabled={!note.trim()}>
        {state === "blocked" ? t.block : t.unblock}
      </Button>
    </form>
  );
}
