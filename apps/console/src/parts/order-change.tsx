/** Changing a placed order for its customer, and the change that waits for its payment. */
import {
  changeBody,
  type ChangeLine,
  changeLines,
  type FulfilmentChoice,
  isProblem,
  lacking,
  type Order,
  orderChange,
  type OrderChangePreview,
  orderChangeWithdraw,
  useAction,
  useChangePreview,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  DateTime,
  Facts,
  Money,
  Notice,
  ProblemNotice,
  RadioGroup,
  Row,
  Stack,
  Stepper,
  TextArea,
  TextInput,
  toast,
  useDelayed,
} from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";
import { PlacePicker } from "./pickers.tsx";
import { PriceSteps } from "./price-steps.tsx";
import { SkuPicker } from "./sku-picker.tsx";

/** The most pieces of one article that an order takes. */
const MOST = 9_999;
const PARTS = ["name", "phone", "province", "city", "district", "line"] as const;
type AddressForm = Record<(typeof PARTS)[number], string>;
type Way = "keep" | "collect" | "delivery";

function addressOf(order: Order): AddressForm {
  const { address } = order;
  return {
    name: address?.name ?? order.contact.name,
    phone: address?.phone ?? order.contact.phone,
    province: address?.province ?? "",
    city: address?.city ?? "",
    district: address?.district ?? "",
    line: address?.line ?? "",
  };
}

/** The way that was chosen, or `null` while it says too little. */
function choiceOf(way: Way, place: string | null, address: AddressForm): FulfilmentChoice | null {
  if (way === "collect") return place ? { method: "collect", place_id: place } : null;
  if (way === "keep" || PARTS.some((part) => !address[part].trim())) return null;
  return { method: "delivery", address };
}

export function ChangeForm({ order, onDone }: { order: Order; onDone: () => void }) {
  const { change: t } = useWords();
  const { text, money } = useI18n();
  const queries = useQueryClient();
  const [lines, setLines] = useState<ChangeLine[]>(() => changeLines(order));
  const [way, setWay] = useState<Way>("keep");
  const [place, setPlace] = useState<string | null>(null);
  const [address, setAddress] = useState(() => addressOf(order));
  const [reason, setReason] = useState("");
  const asked = JSON.stringify(changeBody(order, lines, choiceOf(way, place, address)));
  const settled = useDelayed(asked);
  const body = JSON.parse(settled) as ReturnType<typeof changeBody>;
  const preview = useChangePreview(order, body);
  const lacks = lacking(preview.error, lines);
  const shown = body !== null && !preview.error ? preview.data : undefined;
  const amount = (minor: number) =>
    money({ currency: order.currency, amount_minor: Math.abs(minor) });
  const change = useAction(
    (agreed: OrderChangePreview, intent) =>
      orderChange(
        order.id,
        {
          ...(body ?? {}),
          agreed_difference: agreed.difference,
          payment_method: "sandbox",
          reason: reason.trim(),
        },
        {},
        intent,
      ),
    {
      onSuccess: (updated) => {
        queries.setQueryData(["object", order.id], updated);
        void queries.invalidateQueries({ queryKey: ["object", order.id] });
        toast(updated.change ? t.asked : t.done);
        onDone();
      },
      onError: (error) => {
        if (isProblem(error) && !error.isTransient) {
          void queries.invalidateQueries({ queryKey: ["order-change", order.id] });
        }
      },
    },
  );
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (shown) change.mutate(shown);
      }}
    >
      {lines.map((line) => (
        <Row between key={line.sku_id}>
          <span>
            {text(line.name)} <span className="sl-caption">{text(line.option)}</span>
          </span>
          <Stepper
            label={text(line.name)}
            min={0}
            max={MOST}
            value={line.quantity}
            onChange={(quantity) =>
              setLines((now) => now.map((one) => (one === line ? { ...one, quantity } : one)))
            }
          />
        </Row>
      ))}
      <SkuPicker
        label={t.add}
        onChoose={({ sku, name }) =>
          setLines((now) =>
            now.some((one) => one.sku_id === sku.id)
              ? now
              : [
                  ...now,
                  {
                    sku_id: sku.id,
                    name: { zh: name, en: name },
                    option: { zh: "", en: "" },
                    quantity: 1,
                  },
                ],
          )
        }
      />
      <RadioGroup
        label={t.way}
        value={way}
        onChange={setWay}
        options={[
          { value: "keep" as const, label: t.keep },
          { value: "collect" as const, label: t.collect },
          { value: "delivery" as const, label: t.delivery },
        ]}
      />
      {way === "collect" && <PlacePicker label={t.place} value={place} onChange={setPlace} />}
      {way === "delivery" &&
        PARTS.map((part) => (
          <TextInput
            key={part}
            label={t[part]}
            value={address[part]}
            onChange={(value) => setAddress((now) => ({ ...now, [part]: value }))}
            autoComplete="off"
          />
        ))}
      <TextArea
        label={t.reason}
        hint={t.reasonHint}
        value={reason}
        onChange={setReason}
        required
        maxLength={500}
      />
      {body === null ? <Notice>{t.nothing}</Notice> : <ProblemNotice error={preview.error} />}
      {body !== null && lacks && <strong>{text(lacks.name)}</strong>}
      {shown && <Effect preview={shown} />}
      <ProblemNotice error={change.error} />
      <Button
        kind="primary"
        type="submit"
        busy={change.isPending}
        disabled={!shown || asked !== settled || preview.isFetching || !reason.trim()}
      >
        {shown?.pay === "first" ? t.ask(amount(shown.difference.amount_minor)) : t.make}
      </Button>
    </form>
  );
}

/** What the change comes to, before anything is changed. */
function Effect({ preview }: { preview: OrderChangePreview }) {
  const { change: t, orders } = useWords();
  const { text, money, number, day, list } = useI18n();
  const { difference, totals } = preview;
  const amount = money({ ...difference, amount_minor: Math.abs(difference.amount_minor) });
  return (
    <Stack gap={2}>
      <strong aria-live="polite">{text(preview.what)}</strong>
      <PriceSteps steps={preview.lines.flatMap((line) => line.price.steps)} />
      {preview.promotion_code && !preview.promotion_code.applied && (
        <Notice tone="warning" title={t.codeGone(preview.promotion_code.code)}>
          {text(preview.promotion_code.why)}
        </Notice>
      )}
      <Facts
        items={[
          { label: t.before, value: <Money value={preview.before} /> },
          { label: t.discount, value: <Money value={totals.discount} /> },
          { label: t.shipping, value: <Money value={totals.shipping} /> },
          { label: t.after, value: <Money value={totals.total} /> },
          { label: difference.amount_minor < 0 ? t.goesBack : t.toPay, value: amount, total: true },
          ...preview.places.map((place) => ({
            label: `${t.places} ${text(place.name)}`,
            value: `× ${number(place.quantity)}${place.promised_at ? ` · ${day(place.promised_at)}` : ""}`,
          })),
        ]}
      />
      {preview.pay === "first" && <p className="sl-caption">{t.first}</p>}
      {preview.pay === "at_counter" && <p className="sl-caption">{t.counter}</p>}
      {preview.pay === "back" && (
        <p className="sl-caption">
          {t.back(
            list(
              preview.refund_to.map((to) => `${orders.provider[to.provider]} ${money(to.amount)}`),
            ),
          )}
        </p>
      )}
    </Stack>
  );
}

/** A change that costs more and waits for its payment. */
export function OpenChangeCard({ order }: { order: Order }) {
  const { change: t } = useWords();
  const { text, money } = useI18n();
  const { may } = useSession();
  const queries = useQueryClient();
  const withdraw = useAction((_: undefined, intent) => orderChangeWithdraw(order.id, {}, intent), {
    onSuccess: (updated) => {
      queries.setQueryData(["object", order.id], updated);
      toast(t.withdrawn);
    },
  });
  const { change } = order;
  if (!change) return null;
  return (
    <Card title={t.waits}>
      <Stack gap={2}>
        <strong>{text(change.what)}</strong>
        <span>
          {t.waitsText(money(change.difference))} <DateTime value={change.expires_at} as="time" />
        </span>
        <span className="sl-caption">
          {t.by} {change.by_staff ? t.byStaff : t.byCustomer}
          {change.reason && ` · ${change.reason}`}
        </span>
        {change.by_staff && <span className="sl-caption">{t.payLink}</span>}
        <ProblemNotice error={withdraw.error} />
        {may("order.change") && (
          <Button size="small" busy={withdraw.isPending} onClick={() => withdraw.mutate(undefined)}>
            {t.withdraw}
          </Button>
        )}
      </Stack>
    </Card>
  );
}
