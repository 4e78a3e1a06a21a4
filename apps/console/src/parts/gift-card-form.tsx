/** Cards are made, and what opens them is shown this once: to be printed, saved or handed over. */
import {
  giftCardIssue,
  type GiftCardIssued,
  type GiftCardSource,
  isProblem,
  useAction,
} from "@storeloop/api";
import { toMinor, useI18n } from "@storeloop/i18n";
import {
  Button,
  Money,
  Notice,
  ProblemNotice,
  Row,
  Select,
  Stack,
  TextArea,
  TextInput,
} from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createPortal } from "react-dom";
import { SOURCES } from "../pages/gift-cards.tsx";
import { useWords } from "../words/index.ts";
import { downloadCsv } from "./csv.ts";
import { TimeField } from "./price-fields.tsx";

const CURRENCY = "CNY";
const COUNT_MAX = 200;

export function GiftCardForm({ onDone }: { onDone: () => void }) {
  const { giftCards: t } = useWords();
  const queries = useQueryClient();
  const [amount, setAmount] = useState("");
  const [count, setCount] = useState("1");
  const [source, setSource] = useState<GiftCardSource>("cash");
  const [expires, setExpires] = useState<string | null>(null);
  const [note, setNote] = useState("");
  const issue = useAction(
    (body: Parameters<typeof giftCardIssue>[0], intent) => giftCardIssue(body, intent),
    { onSuccess: () => queries.invalidateQueries({ queryKey: ["gift-cards"] }) },
  );
  if (issue.data) return <Issued cards={issue.data.items} onDone={onDone} />;
  const amount_minor = toMinor(amount, CURRENCY);
  const wanted = Number(count);
  const countIsRight = Number.isInteger(wanted) && wanted >= 1 && wanted <= COUNT_MAX;
  const problem = isProblem(issue.error) ? issue.error : null;
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!amount_minor || !countIsRight) return;
        issue.mutate({
          amount: { amount_minor, currency: CURRENCY },
          count: wanted,
          source,
          expires_at: expires,
          note: note.trim() || null,
        });
      }}
    >
      <TextInput
        label={`${t.amount} (${CURRENCY})`}
        inputMode="decimal"
        value={amount}
        error={problem?.field("amount.amount_minor")}
        onChange={setAmount}
        required
      />
      <TextInput
        label={t.count}
        hint={t.countHint}
        inputMode="numeric"
        value={count}
        error={problem?.field("count")}
        onChange={setCount}
        required
      />
      <Select
        label={t.source}
        value={source}
        onChange={setSource}
        options={SOURCES.map((value) => ({ value, label: t.sources[value] }))}
      />
      <TimeField label={t.expires} value={expires} onChange={setExpires} />
      <TextArea label={t.note} optional value={note} onChange={setNote} maxLength={500} />
      <ProblemNotice error={issue.error} />
      <Button
        kind="primary"
        type="submit"
        busy={issue.isPending}
        disabled={!amount_minor || !countIsRight}
      >
        {t.issue}
      </Button>
    </form>
  );
}

/** New cards with what opens them. */
function Issued({ cards, onDone }: { cards: GiftCardIssued[]; onDone: () => void }) {
  const { giftCards: t } = useWords();
  const { number, money } = useI18n();
  const save = () =>
    downloadCsv(
      "gift-cards.csv",
      [t.number, t.pin, t.balance],
      cards.map((one) => [one.number, one.pin, money(one.card.balance)]),
    );
  return (
    <Stack>
      <Notice tone="warning" title={t.once}>
        {t.onceText}
      </Notice>
      <p className="sl-strong">{t.issued(number(cards.length))}</p>
      <Slips cards={cards} />
      {createPortal(
        <div className="console-print" aria-hidden="true">
          <Slips cards={cards} />
        </div>,
        document.body,
      )}
      <Row>
        <Button icon="print" onClick={() => window.print()}>
          {t.print}
        </Button>
        <Button icon="down" onClick={save}>
          {t.download}
        </Button>
        <Button kind="primary" onClick={onDone}>
          {t.finish}
        </Button>
      </Row>
    </Stack>
  );
}

function Slips({ cards }: { cards: GiftCardIssued[] }) {
  const { giftCards: t } = useWords();
  return (
    <ul className="console-gift-slips">
      {cards.map((one) => (
        <li key={one.card.id} className="console-gift-slip">
          <span className="sl-strong">
            {t.slip} <Money value={one.card.balance} />
          </span>
          <span className="sl-mono">{one.number}</span>
          <span>
            {t.pin} <span className="sl-mono">{one.pin}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
