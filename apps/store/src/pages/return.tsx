import {
  type Order,
  orderGet,
  type OrderLine,
  orderList,
  type Payment,
  type ReturnCondition,
  returnTake,
  type ReturnDoc,
  type ReturnIn,
  type ReturnReason,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  DateTime,
  EmptyState,
  Facts,
  List,
  ListItem,
  Money,
  Notice,
  OrderStateTag,
  PageHeader,
  Picture,
  ProblemNotice,
  QueryView,
  RadioGroup,
  Row,
  SearchInput,
  Select,
  Stack,
  Stepper,
  TextArea,
  useDelayed,
} from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Exchange } from "../parts/exchange.tsx";
import { TenderName, wentBack, type WentBack } from "../parts/tenders.tsx";
import { usePlaceId } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function ReturnPage({ orderId }: { orderId: string | null }) {
  return orderId === null ? <FindOrder /> : <TakeReturn orderId={orderId} />;
}

function FindOrder() {
  const t = useWords();
  const [q, setQ] = useState("");
  const wanted = useDelayed(q.trim());
  const orders = useQuery({
    queryKey: ["orders", "find", wanted],
    queryFn: () => orderList({ q: wanted, limit: 20 }),
    enabled: wanted.length >= 3,
  });
  return (
    <>
      <PageHeader back="/" title={t.ret.title} />
      <SearchInput autoFocus label={t.ret.find} value={q} onChange={setQ} />
      <p className="sl-caption">{t.ret.findHint}</p>
      {wanted.length >= 3 && (
        <QueryView
          query={orders}
          empty={(page) =>
            page.items.length === 0 ? <EmptyState icon="search" title={t.ret.noOrder} /> : null
          }
        >
          {(page) => (
            <List>
              {page.items.map((order) => (
                <ListItem
                  key={order.id}
                  href={`/returns/${order.id}`}
                  title={<strong className="sl-mono">{order.number}</strong>}
                  hint={
                    <>
                      {order.contact_name} · <DateTime value={order.placed_at} as="date" /> ·{" "}
                      <Money value={order.total} />
                    </>
                  }
                  end={<OrderStateTag state={order.state} />}
                />
              ))}
            </List>
          )}
        </QueryView>
      )}
    </>
  );
}

function TakeReturn({ orderId }: { orderId: string }) {
  const order = useQuery({ queryKey: ["order", orderId], queryFn: () => orderGet(orderId) });
  const [taken, setTaken] = useState<{ doc: ReturnDoc; before: Payment[] } | null>(null);
  if (taken) {
    return <Receipt doc={taken.doc} back={wentBack(taken.before, order.data?.payments ?? [])} />;
  }
  return (
    <QueryView query={order}>
      {(data) => (
        <ReturnForm order={data} onDone={(doc) => setTaken({ doc, before: data.payments })} />
      )}
    </QueryView>
  );
}

type Choice = { quantity: number; reason: ReturnReason; condition: ReturnCondition };

const left = (line: OrderLine) => line.quantity - line.quantity_cancelled - line.quantity_returned;

/** What the customer paid for `quantity` pieces of a line; the server decides to the last fen. */
function expected(line: OrderLine, quantity: number): number {
  return Math.floor((line.total.amount_minor * quantity) / line.quantity);
}

function ReturnForm({ order, onDone }: { order: Order; onDone: (doc: ReturnDoc) => void }) {
  const t = useWords();
  const placeId = usePlaceId();
  const queries = useQueryClient();
  const [choices, setChoices] = useState<Record<string, Choice>>({});
  const [note, setNote] = useState("");
  const [instead, setInstead] = useState<"refund" | "exchange">("refund");
  const take = useAction((body: ReturnIn, intent) => returnTake(body, intent), {
    onSuccess: (doc) => {
      onDone(doc);
      return queries.invalidateQueries({ queryKey: ["order", order.id] });
    },
  });
  const chosen = order.lines.filter((line) => (choices[line.id]?.quantity ?? 0) > 0);
  const refund = chosen.reduce(
    (sum, line) => sum + expected(line, choices[line.id]?.quantity ?? 0),
    0,
  );
  const lines = chosen.flatMap((line) => {
    const choice = choices[line.id];
    return choice ? [{ order_line_id: line.id, ...choice }] : [];
  });
  const submit = () =>
    take.mutate({
      order_id: order.id,
      place_id: placeId,
      lines,
      ...(note.trim() ? { note: note.trim() } : {}),
    });
  return (
    <>
      <PageHeader
        back="/returns"
        title={<span className="sl-mono">{order.number}</span>}
        end={<OrderStateTag state={order.state} />}
      />
      <h2>{t.ret.choose}</h2>
      {order.lines.map((line) => (
        <LineChoice
          key={line.id}
          line={line}
          choice={choices[line.id]}
          onChange={(choice) => setChoices((now) => ({ ...now, [line.id]: choice }))}
        />
      ))}
      {order.lines.every((line) => left(line) === 0) ? (
        <Button block href={`/orders/${order.id}`}>
          {t.order.open}
        </Button>
      ) : (
        <>
          <TextArea label={t.ret.note} optional value={note} onChange={setNote} maxLength={500} />
          <RadioGroup
            look="chips"
            label={t.ret.instead}
            value={instead}
            onChange={setInstead}
            options={[
              { value: "refund", label: t.ret.moneyBack },
              { value: "exchange", label: t.exchange.title },
            ]}
          />
          {instead === "exchange" ? (
            <Exchange order={order} lines={lines} note={note.trim()} onDone={onDone} />
          ) : (
            <>
              <Notice
                title={
                  <>
                    {t.ret.summary}{" "}
                    <Money value={{ amount_minor: refund, currency: order.currency }} />
                  </>
                }
              >
                {t.ret.summaryHint}
              </Notice>
              <ProblemNotice error={take.error} />
              <Button
                kind="primary"
                block
                icon="return"
                disabled={chosen.length === 0}
                busy={take.isPending}
                onClick={submit}
              >
                {t.ret.submit}
              </Button>
              {chosen.length === 0 && <p className="sl-caption">{t.ret.none}</p>}
            </>
          )}
        </>
      )}
    </>
  );
}

type LineChoiceProps = {
  line: OrderLine;
  choice: Choice | undefined;
  onChange: (choice: Choice) => void;
};

const REASONS = [
  "defective",
  "wrong_item",
  "not_as_described",
  "changed_mind",
  "damaged_in_transit",
  "other",
] as const;
const CONDITIONS = ["sellable", "inspect", "damaged"] as const;

function LineChoice({ line, choice, onChange }: LineChoiceProps) {
  const t = useWords();
  const { text } = useI18n();
  const remaining = left(line);
  const now: Choice = choice ?? { quantity: 0, reason: "changed_mind", condition: "inspect" };
  return (
    <Card>
      <Stack>
        <Row nowrap>
          <span className="store-thumb">
            <Picture media={line.image} name={text(line.name)} decorative />
          </span>
          <div className="sl-grow">
            <div>{text(line.name)}</div>
            <div className="sl-caption">
              {text(line.option)} · {remaining > 0 ? t.ret.left(remaining) : t.ret.nothingLeft}
            </div>
          </div>
          {remaining > 0 && (
            <Stepper
              label={text(line.name)}
              min={0}
              max={remaining}
              value={now.quantity}
              onChange={(quantity) => onChange({ ...now, quantity })}
            />
          )}
        </Row>
        {now.quantity > 0 && (
          <>
            <Select
              label={t.ret.reason}
              value={now.reason}
              options={REASONS.map((value) => ({ value, label: t.ret.reasons[value] }))}
              onChange={(reason) => onChange({ ...now, reason })}
            />
            <Select
              label={t.ret.condition}
              value={now.condition}
              options={CONDITIONS.map((value) => ({ value, label: t.ret.conditions[value] }))}
              onChange={(condition) => onChange({ ...now, condition })}
            />
          </>
        )}
      </Stack>
    </Card>
  );
}

function Receipt({ doc, back }: { doc: ReturnDoc; back: WentBack[] }) {
  const t = useWords();
  const { text, number } = useI18n();
  const { exchange } = doc;
  const settled = () => {
    if (exchange && exchange.paid.amount_minor > 0) {
      return { label: t.exchange.paid, value: <Money value={exchange.paid} /> };
    }
    const isEven = exchange && doc.refund.amount_minor === 0;
    return { label: isEven ? t.exchange.even : t.ret.refund, value: <Money value={doc.refund} /> };
  };
  const minus = (line: ReturnDoc["lines"][number]) => (
    <>
      {exchange && "−"}
      <Money value={line.refund} />
    </>
  );
  return (
    <>
      <PageHeader title={exchange ? t.exchange.receipt : t.ret.receipt} />
      <Notice tone="success" live title={exchange ? t.exchange.done : t.ret.done}>
        <span className="sl-mono">{doc.order_number}</span> · {text(doc.place_name)}
      </Notice>
      <Card>
        <Facts
          items={[
            ...doc.lines.map((line) => ({
              label: `${exchange ? `${t.exchange.back} ` : ""}${text(line.name)} × ${number(line.quantity)}`,
              value: minus(line),
            })),
            ...(exchange?.taken ?? []).map((line) => ({
              label: `${t.exchange.out} ${text(line.name)} × ${number(line.quantity)}`,
              value: <Money value={line.total} />,
            })),
            ...(exchange ? [] : [{ label: t.ret.pointsBack, value: number(doc.points_reversed) }]),
            { ...settled(), total: true },
          ]}
        />
        {back.length > 0 && (
          <Facts
            items={back.map(({ payment, amount }) => ({
              label: <TenderName payment={payment} />,
              value: <Money value={amount} />,
            }))}
          />
        )}
      </Card>
      <Button kind="primary" block href="/returns">
        {t.ret.another}
      </Button>
    </>
  );
}
