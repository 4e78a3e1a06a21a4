/** Stored value: what is owed on it, and the cards one by one. */
import {
  type GiftCard,
  giftCardAccounts,
  giftCardFind,
  giftCardList,
  type GiftCardSource,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  DateTime,
  Dialog,
  Facts,
  Money,
  ProblemNotice,
  QueryView,
  Row,
  Stack,
  Tag,
  TextInput,
} from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { Door } from "../parts/door.tsx";
import { GiftCardForm } from "../parts/gift-card-form.tsx";
import { type Column, ListView } from "../parts/list-view.tsx";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

export const SOURCES = [
  "cash",
  "terminal",
  "goodwill",
  "migration",
] as const satisfies GiftCardSource[];

export function GiftCardStateTag({ card }: { card: GiftCard }) {
  const { giftCards: t } = useWords();
  const isOver = card.expires_at ? new Date(card.expires_at) <= new Date() : false;
  if (card.state === "blocked") return <Tag tone="danger">{t.states.blocked}</Tag>;
  if (isOver) return <Tag tone="neutral">{t.states.expired}</Tag>;
  return <Tag tone="success">{t.states.active}</Tag>;
}

export default function GiftCardsPage() {
  const { giftCards: t } = useWords();
  const { money, date } = useI18n();
  const { may } = useSession();
  const [issuing, setIssuing] = useState(false);
  const columns: Column<GiftCard>[] = [
    {
      key: "number",
      title: t.number,
      render: (row) => (
        <Door href={`/gift-cards/${row.id}`}>
          <span className="sl-mono">•••• {row.last4}</span>
        </Door>
      ),
      text: (row) => row.last4,
    },
    {
      key: "state",
      title: t.state,
      render: (row) => <GiftCardStateTag card={row} />,
      text: (row) => t.states[row.state],
    },
    {
      key: "balance",
      title: t.balance,
      align: "right",
      render: (row) => <Money value={row.balance} />,
      text: (row) => money(row.balance),
    },
    {
      key: "held",
      title: t.held,
      align: "right",
      render: (row) => <Money value={row.held} />,
      text: (row) => money(row.held),
    },
    {
      key: "expires",
      title: t.expires,
      render: (row) => (row.expires_at ? <DateTime value={row.expires_at} as="date" /> : t.never),
      text: (row) => (row.expires_at ? date(row.expires_at) : ""),
    },
    { key: "note", title: t.note, render: (row) => row.note, text: (row) => row.note ?? "" },
    {
      key: "created",
      title: t.created,
      render: (row) => <DateTime value={row.created_at} />,
      text: (row) => date(row.created_at),
    },
  ];
  return (
    <>
      <ListView
        name="gift-cards"
        title={t.title}
        intro={
          <Stack>
            <Accounts />
            <Find />
          </Stack>
        }
        none={{ title: t.none, text: t.noneText }}
        end={
          may("gift_card.issue") && (
            <Button size="small" kind="primary" icon="plus" onClick={() => setIssuing(true)}>
              {t.issue}
            </Button>
          )
        }
        columns={columns}
        filters={[{ key: "last4", kind: "search", label: t.last4 }]}
        load={(filters, cursor) => giftCardList({ ...filters, cursor })}
        rowKey={(row) => row.id}
        href={(row) => `/gift-cards/${row.id}`}
      />
      <Dialog title={t.issue} open={issuing} onClose={() => setIssuing(false)}>
        <GiftCardForm onDone={() => setIssuing(false)} />
      </Dialog>
    </>
  );
}

/** The card somebody shows: its number leads to it. */
function Find() {
  const { giftCards: t } = useWords();
  const [, go] = useLocation();
  const [number, setNumber] = useState("");
  const find = useAction((typed: string, intent) => giftCardFind({ number: typed }, intent), {
    onSuccess: (card) => go(`/gift-cards/${card.id}`),
  });
  return (
    <form
      className="sl-stack sl-stack--2"
      onSubmit={(event) => {
        event.preventDefault();
        if (number.trim()) find.mutate(number.trim());
      }}
    >
      <Row>
        <TextInput
          label={t.find}
          hint={t.findHint}
          value={number}
          onChange={setNumber}
          autoComplete="off"
          maxLength={64}
        />
        <Button type="submit" icon="search" busy={find.isPending}>
          {t.findGo}
        </Button>
      </Row>
      <ProblemNotice error={find.error} />
    </form>
  );
}

/** What is owed on cards and where it came from; both sides of the books, side by side. */
function Accounts() {
  const { giftCards: t } = useWords();
  const { number } = useI18n();
  const accounts = useQuery({ queryKey: ["gift-cards", "accounts"], queryFn: giftCardAccounts });
  return (
    <QueryView query={accounts} empty={(data) => (data.items.length === 0 ? <span /> : null)}>
      {(data) => (
        <Card
          title={t.books}
          end={
            data.drift === 0 ? (
              <Tag tone="success">{t.booksRight}</Tag>
            ) : (
              <Tag tone="danger">{t.booksWrong(number(data.drift))}</Tag>
            )
          }
        >
          {data.items.map((one) => (
            <Facts
              key={one.owed.currency}
              items={[
                { label: t.sold, value: <Money value={one.sold} /> },
                { label: t.given, value: <Money value={one.given} /> },
                { label: t.used, value: <Money value={one.used} /> },
                { label: t.held, value: <Money value={one.held} /> },
                { label: t.owed, value: <Money value={one.owed} />, total: true },
              ]}
            />
          ))}
        </Card>
      )}
    </QueryView>
  );
}
