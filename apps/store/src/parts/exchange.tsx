/** What goes out for what comes back: found, priced by the server, agreed to, done in one go. */
import {
  type CounterTender,
  exchangePreview,
  type ExchangePreview,
  exchangeTake,
  type ExchangeIn,
  type Order,
  type ReturnDoc,
  type ReturnIn,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  Facts,
  Money,
  Notice,
  ProblemNotice,
  QueryView,
  RadioGroup,
  Row,
  Stack,
  Stepper,
  Tag,
  TextInput,
} from "@storeloop/ui";
import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { usePlaceId } from "../session.tsx";
import { useWords } from "../words/index.ts";
import { type Found, SkuFinder } from "./sku-finder.tsx";

type Wanted = { sku: Found; quantity: number };

type ExchangeProps = {
  order: Order;
  lines: ReturnIn["lines"];
  note: string;
  onDone: (doc: ReturnDoc) => void;
};

export function Exchange({ order, lines, note, onDone }: ExchangeProps) {
  const t = useWords();
  const { text } = useI18n();
  const placeId = usePlaceId();
  const [wanted, setWanted] = useState<Wanted[]>([]);
  const set = (sku: Found, quantity: (before: number) => number) =>
    setWanted((now) => {
      const known = now.some((one) => one.sku.id === sku.id);
      const all = known ? now : [...now, { sku, quantity: 0 }];
      return all
        .map((one) => (one.sku.id === sku.id ? { ...one, quantity: quantity(one.quantity) } : one))
        .filter((one) => one.quantity > 0);
    });
  const taken = wanted.map((one) => ({ sku_id: one.sku.id, quantity: one.quantity }));
  const asked = { order_id: order.id, place_id: placeId, lines, taken };
  return (
    <>
      <h2>{t.exchange.choose}</h2>
      <SkuFinder label={t.exchange.scan} onFound={(sku) => set(sku, (before) => before + 1)} />
      {wanted.map(({ sku, quantity }) => (
        <Card key={sku.id}>
          <Row nowrap between>
            <span>{[text(sku.product.name), text(sku.option)].filter(Boolean).join(" · ")}</span>
            <Stepper
              label={text(sku.product.name)}
              min={0}
              value={quantity}
              onChange={(next) => set(sku, () => next)}
            />
          </Row>
        </Card>
      ))}
      {lines.length === 0 || taken.length === 0 ? (
        <p className="sl-caption">{lines.length === 0 ? t.ret.none : t.exchange.none}</p>
      ) : (
        <Settle asked={asked} note={note} onDone={onDone} />
      )}
    </>
  );
}

type Asked = Pick<ExchangeIn, "order_id" | "place_id" | "lines" | "taken">;

function Settle({
  asked,
  note,
  onDone,
}: { asked: Asked } & Pick<ExchangeProps, "note" | "onDone">) {
  const queries = useQueryClient();
  const [tender, setTender] = useState<CounterTender>("cash");
  const [card, setCard] = useState<ShownCard | null>(null);
  const preview = useQuery({
    queryKey: ["exchange", asked],
    queryFn: () => exchangePreview(asked),
    placeholderData: keepPreviousData,
    // A price is a price of this moment.
    staleTime: 0,
  });
  const take = useAction((body: ExchangeIn, intent) => exchangeTake(body, intent), {
    onSuccess: (doc) => {
      onDone(doc);
      void queries.invalidateQueries({ queryKey: ["stock"] });
      return queries.invalidateQueries({ queryKey: ["order", asked.order_id] });
    },
    // The price or the shelf has changed: show what it is now.
    onError: () => void preview.refetch(),
  });
  return (
    <QueryView query={preview}>
      {(data) => (
        <Stack>
          <Sum preview={data} />
          {data.difference.amount_minor > 0 && (
            <>
              <Tender value={tender} onChange={setTender} />
              <WithGiftCard value={card} onChange={setCard} />
            </>
          )}
          <ProblemNotice error={take.error} />
          <Confirm
            preview={data}
            busy={take.isPending || preview.isPlaceholderData}
            onClick={() =>
              take.mutate({
                ...asked,
                agreed_difference: data.difference,
                tender,
                ...(card?.number.trim() && data.difference.amount_minor > 0
                  ? { gift_card: card }
                  : {}),
                ...(note ? { note } : {}),
              })
            }
          />
        </Stack>
      )}
    </QueryView>
  );
}

function isMissing(line: ExchangePreview["taken"][number]): boolean {
  return line.available !== null && line.available < line.quantity;
}

function Sum({ preview }: { preview: ExchangePreview }) {
  const t = useWords();
  const { text, number, money } = useI18n();
  const { difference } = preview;
  const owed = { ...difference, amount_minor: Math.abs(difference.amount_minor) };
  return (
    <Card title={t.exchange.sum}>
      <Stack>
        <Facts
          items={[
            ...preview.returned.map((line) => ({
              label: `${t.exchange.back} ${text(line.name)} × ${number(line.quantity)}`,
              value: (
                <>
                  −<Money value={line.refund} />
                </>
              ),
            })),
            ...preview.taken.map((line) => ({
              label: (
                <>
                  {t.exchange.out} {text(line.name)} × {number(line.quantity)}{" "}
                  {isMissing(line) && (
                    <Tag tone="danger">{t.exchange.only(number(line.available))}</Tag>
                  )}
                </>
              ),
              value: <Money value={line.total} />,
            })),
            {
              label:
                difference.amount_minor > 0
                  ? t.exchange.pays
                  : difference.amount_minor < 0
                    ? t.exchange.getsBack
                    : t.exchange.even,
              value: <Money value={owed} />,
              total: true,
            },
          ]}
        />
        {preview.taken.flatMap((line) =>
          line.price.steps.map((step, at) => (
            <p key={`${line.sku_id}-${at}`} className="sl-caption">
              {text(step.name)} {money(step.amount)}
            </p>
          )),
        )}
        {preview.refund_to.map((to) => (
          <p key={`${to.provider}-${to.label}`} className="sl-caption">
            {t.exchange.backTo(
              [t.tenders[to.provider], to.label].filter(Boolean).join(" ···· "),
              money(to.amount),
            )}
          </p>
        ))}
      </Stack>
    </Card>
  );
}

export function Tender(props: { value: CounterTender; onChange: (value: CounterTender) => void }) {
  const t = useWords();
  return (
    <RadioGroup
      look="chips"
      label={t.exchange.tender}
      value={props.value}
      onChange={props.onChange}
      options={(["cash", "terminal"] as const).map((value) => ({
        value,
        label: t.tenders[value],
      }))}
    />
  );
}

type ShownCard = { number: string; pin: string };
type WithGiftCardProps = {
  value: ShownCard | null;
  onChange: (value: ShownCard | null) => void;
};

/** A gift card the customer shows: its number and PIN, asked for only when there is one. */
function WithGiftCard({ value, onChange }: WithGiftCardProps) {
  const { exchange: t } = useWords();
  if (!value) {
    return (
      <Button size="small" icon="gift" onClick={() => onChange({ number: "", pin: "" })}>
        {t.giftCard}
      </Button>
    );
  }
  return (
    <>
      <TextInput
        label={t.giftNumber}
        hint={t.giftText}
        value={value.number}
        onChange={(number) => onChange({ ...value, number })}
        autoComplete="off"
        autoCapitalize="characters"
        maxLength={64}
      />
      <TextInput
        label={t.giftPin}
        value={value.pin}
        onChange={(pin) => onChange({ ...value, pin })}
        inputMode="numeric"
        autoComplete="off"
        maxLength={16}
      />
    </>
  );
}

type ConfirmProps = { preview: ExchangePreview; busy: boolean; onClick: () => void };

function Confirm({ preview, busy, onClick }: ConfirmProps) {
  const t = useWords();
  const { money } = useI18n();
  const minor = preview.difference.amount_minor;
  const amount = money({ ...preview.difference, amount_minor: Math.abs(minor) });
  const missing = preview.taken.some(isMissing);
  return (
    <>
      {missing && (
        <Notice tone="warning" title={t.exchange.missing}>
          {t.exchange.missingText}
        </Notice>
      )}
      <Button kind="primary" block icon="return" disabled={missing} busy={busy} onClick={onClick}>
        {minor > 0
          ? t.exchange.take(amount)
          : minor < 0
            ? t.exchange.give(amount)
            : t.exchange.swap}
      </Button>
    </>
  );
}
