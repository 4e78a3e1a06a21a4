import {
  type Fulfilment,
  type Order,
  orderCancel,
  orderJoin,
  pickupPayload,
  useAction,
  usePlace,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  AheadCard,
  A,
  Button,
  Card,
  DateTime,
  Facts,
  Icon,
  KitParts,
  Loading,
  Money,
  Notice,
  PageHeader,
  PaymentStateTag,
  Picture,
  ProblemNotice,
  QrCode,
  QueryView,
  Ring,
  Select,
  Sheet,
  Skeleton,
  Stack,
  Stepper,
  Tag,
  Timeline,
  toast,
  useNow,
  useStateWords,
  Why,
} from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useParams } from "wouter";
import { SignInButton } from "../parts/sign-in-button.tsx";
import { WasNow } from "../parts/price-why.tsx";
import { TotalsTable } from "../parts/totals.tsx";
import { hoursOn } from "../state/hours.ts";
import { useMember } from "../state/member.ts";
import { OpenChangeCard } from "../parts/open-change.tsx";
import { changePath } from "../state/order-access.ts";
import { canCancel, paysInStore, progressOf, servedBy, useOrder } from "../state/order.ts";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

export default function OrderPage() {
  const { id = "" } = useParams<{ id: string }>();
  const t = useWords();
  const { query, token } = useOrder(id);
  const { data: member } = useMember();
  useTitle(query.data ? t.order.number(query.data.number) : t.order.title);
  return (
    <Stack>
      <PageHeader
        title={query.data ? t.order.number(query.data.number) : t.order.title}
        back={member ? "/me/orders" : "/"}
      />
      <QueryView query={query} skeleton={<OrderSkeleton />} signIn={<SignInButton />}>
        {(order) => <OrderView order={order} token={token} />}
      </QueryView>
    </Stack>
  );
}

function OrderSkeleton() {
  return (
    <Loading>
      <Stack>
        <Skeleton height="7rem" />
        <Skeleton height="16rem" />
        <Skeleton height="10rem" />
      </Stack>
    </Loading>
  );
}

function OrderView({ order, token }: { order: Order; token: string | undefined }) {
  const t = useWords();
  const { number } = useI18n();
  const { data: member } = useMember();
  const { current } = servedBy(order);
  const received = ["collected", "delivered", "closed", "partly_returned"].includes(order.state);
  return (
    <div className="shop-two shop-two--wide-start">
      <Stack>
        <StateCard order={order} current={current} />
        <OpenChangeCard order={order} token={token} />
        <MovedNotice order={order} />
        <DecisionNotice order={order} />
        {order.pickup_code && current?.state === "ready" && <PickupCard order={order} />}
        <AheadCard ahead={order.ahead} />
        {current ? (
          <PlaceCard order={order} fulfilment={current} />
        ) : (
          order.ahead.length > 0 && <PlaceCard order={order} fulfilment={null} />
        )}
        <Card title={t.order.timeline} end={<LiveMark order={order} />}>
          <Timeline items={[...order.timeline].reverse()} />
        </Card>
      </Stack>
      <Stack>
        <Card title={t.order.lines}>
          <Stack>
            <ul className="sl-stack sl-stack--2">
              {order.lines.map((line) => (
                <OrderLineRow key={line.id} line={line} />
              ))}
            </ul>
            <TotalsTable totals={order.totals} shippingKnown shippingSteps={order.shipping_steps} />
            {order.points_earned > 0 && (
              <p className="sl-small sl-muted">
                {t.order.pointsEarned(number(order.points_earned))}
              </p>
            )}
          </Stack>
        </Card>
        <PaymentsCard order={order} />
        <JoinCard order={order} token={token} />
        <ReturnsCard order={order} />
        {received && (
          <Stack gap={2}>
            {member && (
              <Button block icon="voice" href={`/voice?order=${order.id}`}>
                {t.order.feedback}
              </Button>
            )}
            <p className="sl-small sl-muted">{t.order.returnHint}</p>
          </Stack>
        )}
        {order.changeable && !order.change && (
          <Button block icon="edit" href={changePath(order.id, token)}>
            {t.change.open}
          </Button>
        )}
        {canCancel(order) && <CancelOrder order={order} token={token} />}
        {!member && <p className="sl-caption">{t.order.guest}</p>}
      </Stack>
    </div>
  );
}

function StateCard({ order, current }: { order: Order; current: Fulfilment | null }) {
  const t = useWords();
  const words = useStateWords();
  const now = useNow();
  const { day } = useI18n();
  const progress = progressOf(order);
  const waits = current?.promised_at && ["requested", "picking", "shipped"].includes(current.state);
  // A store's times are those of its clock; a parcel's are those of whoever waits for it.
  const store = usePlace(current?.method === "collect" ? current.place_id : null);
  const zone = store.data?.timezone;
  return (
    <Card>
      <div className="shop-state">
        {progress && (
          <Ring
            size={72}
            value={progress.done / progress.of}
            tone={progress.done === progress.of ? "success" : "accent"}
            label={`${t.order.steps}: ${t.order.stepOf(progress.done, progress.of)}`}
          >
            <span className="sl-strong">
              {progress.done}/{progress.of}
            </span>
          </Ring>
        )}
        <div className="sl-grow" aria-live="polite">
          <p className="shop-state__word">{words.order[order.state]}</p>
          {waits && current.promised_at && !store.isLoading && (
            <p>
              {current.method === "collect"
                ? t.order.promised(day(current.promised_at, now, zone))
                : t.order.deliveredBy(day(current.promised_at, now))}
            </p>
          )}
          <p className="sl-small sl-muted">
            {words.channel[order.channel]} · <DateTime value={order.placed_at} as="exact" />
          </p>
        </div>
      </div>
      {order.state === "pending_payment" && (
        <div className="shop-state__action">
          <Button
            kind={paysInStore(order) ? "secondary" : "primary"}
            block
            href={`/pay/${order.id}`}
          >
            {paysInStore(order) ? t.order.goPayOnline : t.order.goPay}
          </Button>
        </div>
      )}
    </Card>
  );
}

/** Why the order is now with another store than the one that was promised. */
function MovedNotice({ order }: { order: Order }) {
  const t = useWords();
  const { text } = useI18n();
  const { current, gaveUp } = servedBy(order);
  if (!gaveUp || order.state === "cancelled" || order.decision) return null;
  // The store kept the rest; what it lacked was paid back or is on another way.
  if (gaveUp.place_id === current?.place_id) return null;
  const from = text(gaveUp.place_name);
  return (
    <Notice tone="warning" title={t.order.moved}>
      {current ? t.order.movedText(from, text(current.place_name)) : t.order.movedNone(from)}
    </Notice>
  );
}

/** What is missing and what it waits for, while somebody decides about it. */
function DecisionNotice({ order }: { order: Order }) {
  const t = useWords();
  const { text, number, weekday } = useI18n();
  const store = usePlace(order.method === "collect" ? order.place_id : null);
  const open = order.decision;
  if (!open) return null;
  const missing = open.missing
    .map((line) => `${text(line.name)} × ${number(line.quantity)}`)
    .join(t.order.and);
  return (
    <Notice tone="warning" title={text(open.why)}>
      {missing && t.order.missing(missing)}{" "}
      {open.waits_until
        ? t.order.waitsUntil(weekday(open.waits_until, store.data?.timezone))
        : t.order.deciding}
    </Notice>
  );
}

function PickupCard({ order }: { order: Order }) {
  const t = useWords();
  const code = order.pickup_code ?? "";
  return (
    <Card title={t.order.pickupCode}>
      <Stack gap={2}>
        <p className="shop-code">{code}</p>
        <QrCode
          payload={pickupPayload({ orderNumber: order.number, code })}
          label={`${t.order.pickupQr} ${code}`}
        />
        <p className="sl-small sl-muted shop-centre">{t.order.pickupText}</p>
      </Stack>
    </Card>
  );
}

/** Where it is fetched or sent from; without a fulfilment, where it will be once it has come. */
function PlaceCard({ order, fulfilment }: { order: Order; fulfilment: Fulfilment | null }) {
  const t = useWords();
  const { text, day } = useI18n();
  const collect = order.method === "collect";
  const place = usePlace(collect ? (fulfilment?.place_id ?? order.place_id) : null);
  const now = useNow();
  const address = place.data?.address;
  return (
    <Card title={collect ? t.order.collectFrom : t.order.deliverTo}>
      <Stack gap={2}>
        <div className="shop-stock">
          <Icon name={collect ? "store" : "truck"} />
          <div className="sl-grow">
            <div className="sl-strong">
              {text(fulfilment?.place_name ?? order.ahead[0]?.place_name)}
            </div>
            {address && (
              <div className="sl-small">
                {[address.city, address.district, address.line].map((part) => text(part)).join(" ")}
              </div>
            )}
            {place.data && (
              <div className="sl-small sl-muted">
                {t.place.hours} {hoursOn(place.data, now) || t.place.closedToday}
                {place.data.phone && (
                  <>
                    {" · "}
                    <a href={`tel:${place.data.phone}`}>{place.data.phone}</a>
                  </>
                )}
              </div>
            )}
          </div>
        </div>
        {!collect && order.address && (
          <p className="sl-small">
            {order.address.name} · {order.address.phone}
            <br />
            {[
              order.address.province,
              order.address.city,
              order.address.district,
              order.address.line,
            ].join(" ")}
          </p>
        )}
        {fulfilment?.tracking_number && (
          <p className="sl-small">
            {fulfilment.carrier} <span className="sl-mono">{fulfilment.tracking_number}</span>
          </p>
        )}
        {fulfilment?.state === "ready" && fulfilment.pickup_by && !place.isLoading && (
          <p className="sl-small">
            {t.order.keptUntil(day(fulfilment.pickup_by, now, place.data?.timezone))}
          </p>
        )}
        {fulfilment?.why_text && (
          <Why label={t.order.whyPlace}>
            <p className="sl-small">{text(fulfilment.why_text)}</p>
          </Why>
        )}
      </Stack>
    </Card>
  );
}

function LiveMark({ order }: { order: Order }) {
  const t = useWords();
  if (["closed", "cancelled", "expired", "returned"].includes(order.state)) return null;
  return <span className="sl-caption">{t.order.live}</span>;
}

function OrderLineRow({ line }: { line: Order["lines"][number] }) {
  const t = useWords();
  const { text, number } = useI18n();
  const name = text(line.name);
  return (
    <li className="shop-line">
      <A className="shop-line__picture" href={`/p/${line.product_id}`} aria-label={name}>
        <Picture media={line.image} name={name} decorative />
      </A>
      <span className="sl-grow">
        <span className="shop-line__name">{name}</span>
        <span className="sl-small sl-muted">
          {text(line.option)} × {number(line.quantity)}
        </span>
        <KitParts parts={line.components} />
        {line.quantity_returned > 0 && (
          <span className="sl-small"> · {t.order.returnedOf(line.quantity_returned)}</span>
        )}
        {line.quantity_cancelled > 0 && (
          <span className="sl-small"> · {t.order.cancelledOf(line.quantity_cancelled)}</span>
        )}
      </span>
      <WasNow quantity={line.quantity} total={line.total} listPrice={line.price?.list_price} />
    </li>
  );
}

/** With what it was paid, and what went back to each. */
function PaymentsCard({ order }: { order: Order }) {
  const t = useWords();
  // What was given up for another way to pay moved no money.
  const payments = order.payments.filter(
    (payment) => payment.state !== "voided" || payment.refunded.amount_minor > 0,
  );
  if (payments.length === 0) return null;
  return (
    <Card title={t.order.payments}>
      <Facts
        items={payments.map((payment) => ({
          label: (
            <>
              {t.order.tenders[payment.provider]}
              {payment.label && <span className="sl-mono"> ···· {payment.label}</span>}{" "}
              <PaymentTag payment={payment} />
              <div className="sl-caption">
                <DateTime value={payment.created_at} as="exact" />
              </div>
            </>
          ),
          value: (
            <>
              <Money value={payment.amount} />
              {payment.refunded.amount_minor > 0 && (
                <div className="sl-small">
                  {t.order.refund} −<Money value={payment.refunded} />
                </div>
              )}
            </>
          ),
        }))}
      />
      {paysInStore(order) && <p className="sl-small sl-muted">{t.order.payInStore}</p>}
    </Card>
  );
}

function PaymentTag({ payment }: { payment: Order["payments"][number] }) {
  const t = useWords();
  if (payment.provider === "gift_card" && payment.state === "authorised") {
    return (
      <Tag tone="info" icon="lock">
        {t.gift.kept}
      </Tag>
    );
  }
  return <PaymentStateTag state={payment.state} />;
}

/** A guest's order, seen by somebody who has signed in since: theirs if they have its link. */
function JoinCard({ order, token }: { order: Order; token: string | undefined }) {
  const t = useWords();
  const client = useQueryClient();
  const { data: member } = useMember();
  const join = useAction((proof: string, intent) => orderJoin(order.id, { token: proof }, intent), {
    onSuccess: (joined) => {
      client.setQueryData(["order", order.id], joined);
      void client.invalidateQueries({ queryKey: ["my-orders"] });
      toast(t.order.joined);
    },
  });
  if (!member || order.member_id !== null || token === undefined) return null;
  return (
    <Card>
      <Stack gap={2}>
        <p>{t.order.joinText}</p>
        <ProblemNotice error={join.error} />
        <Button icon="user" busy={join.isPending} onClick={() => join.mutate(token)}>
          {t.order.join}
        </Button>
      </Stack>
    </Card>
  );
}

function ReturnsCard({ order }: { order: Order }) {
  const t = useWords();
  const { text, number } = useI18n();
  if (order.returns.length === 0) return null;
  return (
    <Card title={t.order.returns}>
      <Stack>
        {order.returns.map((doc) => (
          <div key={doc.id}>
            <div className="sl-row sl-row--between">
              <span className="sl-strong">
                {doc.exchange
                  ? t.order.exchangeAt(text(doc.place_name))
                  : t.order.returnAt(text(doc.place_name))}
              </span>
              {doc.exchange && doc.exchange.paid.amount_minor > 0 ? (
                <span>
                  {t.order.paidMore} <Money value={doc.exchange.paid} />
                </span>
              ) : (
                <span>
                  {t.order.refund} <Money value={doc.refund} />
                </span>
              )}
            </div>
            {doc.lines.map((line) => (
              <p key={line.order_line_id} className="sl-small">
                {text(line.name)} × {number(line.quantity)}
              </p>
            ))}
            {doc.exchange?.taken.map((line) => (
              <p key={line.order_line_id} className="sl-small">
                → {text(line.name)} × {number(line.quantity)}
              </p>
            ))}
            <p className="sl-small sl-muted">
              <DateTime value={doc.created_at} as="exact" />
              {doc.points_reversed > 0 &&
                ` · ${t.order.pointsReversed(number(doc.points_reversed))}`}
            </p>
          </div>
        ))}
      </Stack>
    </Card>
  );
}

type CancelReason = "changed_mind" | "too_slow" | "ordered_by_mistake" | "other";

function CancelOrder({ order, token }: { order: Order; token: string | undefined }) {
  const t = useWords();
  const { money, text } = useI18n();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState<CancelReason>("changed_mind");
  const [counts, setCounts] = useState<Record<string, number>>({});
  const lines = order.lines
    .map((line) => ({ order_line_id: line.id, quantity: counts[line.id] ?? 0 }))
    .filter((line) => line.quantity > 0);
  const cancel = useAction(
    // The reason is read by people, so it is sent in words.
    (why: CancelReason, intent) =>
      orderCancel(order.id, { reason: t.order.reasons[why], lines }, { token }, intent),
    {
      onSuccess: (updated) => {
        client.setQueryData(["order", order.id], updated);
        void client.invalidateQueries({ queryKey: ["me"] });
        setOpen(false);
        setCounts({});
        toast(updated.state === "cancelled" ? t.order.cancelled : t.order.cancelledPart);
      },
    },
  );
  const paid = order.payments.some((payment) => payment.state === "captured");
  const reasons: CancelReason[] = ["changed_mind", "too_slow", "ordered_by_mistake", "other"];
  return (
    <>
      <Button kind="quiet" block onClick={() => setOpen(true)}>
        {t.order.cancel}
      </Button>
      <Sheet
        title={t.order.cancelTitle}
        open={open}
        onClose={() => setOpen(false)}
        foot={
          <>
            <Button onClick={() => setOpen(false)}>{t.order.keep}</Button>
            <Button kind="danger" busy={cancel.isPending} onClick={() => cancel.mutate(reason)}>
              {t.order.cancel}
            </Button>
          </>
        }
      >
        <Stack>
          {lines.length > 0 ? (
            <p>{t.order.cancelPartText}</p>
          ) : (
            <p>{paid ? t.order.cancelText(money(order.totals.total)) : t.order.cancelUnpaid}</p>
          )}
          {order.state !== "pending_payment" && (
            <Why label={t.order.cancelPart}>
              <ul className="sl-stack sl-stack--2">
                {order.lines.map((line) => (
                  <li key={line.id} className="shop-line">
                    <span className="sl-grow">{text(line.name)}</span>
                    <Stepper
                      label={text(line.name)}
                      min={0}
                      max={line.quantity - line.quantity_cancelled}
                      value={counts[line.id] ?? 0}
                      onChange={(value) => setCounts((now) => ({ ...now, [line.id]: value }))}
                    />
                  </li>
                ))}
              </ul>
            </Why>
          )}
          <Select
            label={t.order.cancelReason}
            value={reason}
            onChange={setReason}
            options={reasons.map((each) => ({ value: each, label: t.order.reasons[each] }))}
          />
          <ProblemNotice error={cancel.error} />
        </Stack>
      </Sheet>
    </>
  );
}
