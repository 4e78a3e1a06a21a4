import {
  type Order,
  orderCancel,
  orderGet,
  type OrderLine,
  type Text,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  AheadCard,
  Button,
  Card,
  DateTime,
  Dialog,
  Facts,
  FulfilmentStateTag,
  KitParts,
  Money,
  Notice,
  OrderStateTag,
  PageHeader,
  Picture,
  PlaceTime,
  ProblemNotice,
  QueryView,
  Row,
  Stack,
  Stepper,
  TextArea,
  Timeline,
  toast,
  useStateWords,
  Why,
} from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Table } from "antd";
import { useState } from "react";
import { DecisionCard } from "../parts/decision-card.tsx";
import { Door } from "../parts/door.tsx";
import { useStaffName } from "../parts/names.tsx";
import { ChangeForm, OpenChangeCard } from "../parts/order-change.tsx";
import { OrderPayments } from "../parts/order-payments.tsx";
import { OrderPriceWhy } from "../parts/order-price.tsx";
import { SourcingWhyPanel } from "../parts/sourcing-why.tsx";
import { useSession } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function OrderPage({ id }: { id: string }) {
  const order = useQuery({ queryKey: ["object", id], queryFn: () => orderGet(id) });
  return <QueryView query={order}>{(data) => <Body order={data} />}</QueryView>;
}

const CANCELLABLE = new Set(["pending_payment", "paid", "allocated", "ready", "needs_decision"]);

function Body({ order }: { order: Order }) {
  const t = useWords();
  const nameOf = useStaffName();
  const { may } = useSession();
  const [cancelling, setCancelling] = useState(false);
  const [changing, setChanging] = useState(false);
  return (
    <>
      <PageHeader
        back="/orders"
        title={<span className="sl-mono">{order.number}</span>}
        end={
          <Row>
            <OrderStateTag state={order.state} />
            {may("order.change") && order.changeable && !order.change && (
              <Button size="small" onClick={() => setChanging(true)}>
                {t.change.open}
              </Button>
            )}
            {may("order.cancel") && CANCELLABLE.has(order.state) && (
              <Button size="small" kind="danger" onClick={() => setCancelling(true)}>
                {t.orders.cancel}
              </Button>
            )}
          </Row>
        }
      />
      <div className="console-columns">
        <Stack>
          <DecisionCard order={order} />
          <OpenChangeCard order={order} />
          <Lines order={order} />
          <AheadCard
            ahead={order.ahead}
            more={({ sent }) =>
              sent && (
                <>
                  <Door href={`/transfers/${sent.transfer_id}`}>{t.orders.transfer}</Door>
                  {sent.why && (
                    <Why label={t.orders.whySent}>
                      <SourcingWhyPanel why={sent.why} currency={order.currency} />
                    </Why>
                  )}
                </>
              )
            }
          />
          <Fulfilments order={order} />
          <Returns order={order} />
        </Stack>
        <Stack>
          <About order={order} />
          <OrderPayments order={order} />
          <Card title={t.orders.timeline}>
            <Timeline items={[...order.timeline].reverse()} nameOf={nameOf} />
          </Card>
        </Stack>
      </div>
      <Dialog title={t.change.open} open={changing} onClose={() => setChanging(false)}>
        <ChangeForm order={order} onDone={() => setChanging(false)} />
      </Dialog>
      <Dialog title={t.orders.cancel} open={cancelling} onClose={() => setCancelling(false)}>
        <CancelForm order={order} onDone={() => setCancelling(false)} />
      </Dialog>
    </>
  );
}

function Lines({ order }: { order: Order }) {
  const t = useWords();
  const { text, number } = useI18n();
  const { totals } = order;
  return (
    <Card title={t.orders.lines}>
      <Stack>
        <Table<OrderLine>
          size="small"
          pagination={false}
          scroll={{ x: "max-content" }}
          rowKey="id"
          dataSource={order.lines}
          columns={[
            {
              key: "product",
              title: t.orders.product,
              render: (_, line) => (
                <Row nowrap>
                  <span className="console-thumb">
                    <Picture media={line.image} name={text(line.name)} decorative />
                  </span>
                  <span>
                    <Door href={`/products/${line.product_id}`}>{text(line.name)}</Door>
                    <div className="sl-caption">{text(line.option)}</div>
                    <KitParts parts={line.components} />
                  </span>
                </Row>
              ),
            },
            {
              key: "price",
              title: t.orders.price,
              align: "right",
              render: (_, line) => <Money value={line.unit_price} />,
            },
            {
              key: "quantity",
              title: t.orders.quantity,
              align: "right",
              render: (_, line) => number(line.quantity),
            },
            {
              key: "cancelled",
              title: t.orders.cancelledPieces,
              align: "right",
              render: (_, line) => number(line.quantity_cancelled),
            },
            {
              key: "returned",
              title: t.orders.returned,
              align: "right",
              render: (_, line) => number(line.quantity_returned),
            },
            {
              key: "total",
              title: t.orders.lineTotal,
              align: "right",
              render: (_, line) => <Money value={line.total} />,
            },
          ]}
        />
        <Facts
          items={[
            { label: t.orders.goods, value: <Money value={totals.goods} /> },
            ...(totals.discount.amount_minor > 0
              ? [
                  {
                    label: t.orders.discount,
                    value: (
                      <>
                        −<Money value={totals.discount} />
                      </>
                    ),
                  },
                ]
              : []),
            { label: t.orders.shipping, value: <Money value={totals.shipping} /> },
            { label: t.orders.tax, value: <Money value={totals.tax_included} /> },
            { label: t.orders.total, value: <Money value={totals.total} />, total: true },
          ]}
        />
        <OrderPriceWhy order={order} />
      </Stack>
    </Card>
  );
}

function About({ order }: { order: Order }) {
  const t = useWords();
  const states = useStateWords();
  const { number } = useI18n();
  return (
    <Card>
      <Facts
        items={[
          {
            label: t.orders.customer,
            value: order.member_id ? (
              <Door href={`/members/${order.member_id}`}>{order.contact.name}</Door>
            ) : (
              `${order.contact.name} · ${t.orders.guest}`
            ),
          },
          {
            label: t.members.phone,
            value: <span className="sl-mono">{order.contact.phone}</span>,
          },
          { label: t.orders.channel, value: states.channel[order.channel] },
          { label: t.orders.placed, value: <DateTime value={order.placed_at} as="exact" /> },
          ...(order.hold_expires_at && order.state === "pending_payment"
            ? [
                {
                  label: t.orders.expires,
                  value: <DateTime value={order.hold_expires_at} as="time" />,
                },
              ]
            : []),
          { label: t.orders.points, value: number(order.points_earned) },
        ]}
      />
    </Card>
  );
}

function Fulfilments({ order }: { order: Order }) {
  const t = useWords();
  const { text, number } = useI18n();
  if (order.fulfilments.length === 0) return null;
  return (
    <Card title={t.orders.fulfilments}>
      <Stack>
        {order.fulfilments.map((item) => (
          <Stack gap={2} key={item.id}>
            <Row between>
              <strong>
                <Door href={`/places/${item.place_id}`}>{text(item.place_name)}</Door> ·{" "}
                {t.orders[item.method]}
              </strong>
              <FulfilmentStateTag state={item.state} />
            </Row>
            <span className="sl-muted">
              {item.lines.map((line) => `${text(line.name)} × ${number(line.quantity)}`).join("、")}
            </span>
            {item.state === "ready" && item.pickup_by && (
              <span className="sl-caption">
                {t.orders.pickupBy}{" "}
                <PlaceTime place={item.place_id} value={item.pickup_by} as="day" />
              </span>
            )}
            {item.state === "ready" && item.code_locked_until && (
              <span className="sl-caption">
                {t.orders.locked}{" "}
                <PlaceTime place={item.place_id} value={item.code_locked_until} as="time" />
              </span>
            )}
            {item.why && (
              <Why label={t.orders.why}>
                <SourcingWhyPanel why={item.why} currency={order.currency} />
              </Why>
            )}
          </Stack>
        ))}
      </Stack>
    </Card>
  );
}

function Returns({ order }: { order: Order }) {
  const t = useWords();
  const { text, number, list } = useI18n();
  if (order.returns.length === 0) return null;
  const pieces = (lines: { name: Text; quantity: number }[]) =>
    list(lines.map((line) => `${text(line.name)} × ${number(line.quantity)}`));
  return (
    <Card title={t.orders.returns}>
      <Facts
        items={order.returns.map((one) => ({
          label: (
            <>
              {text(one.place_name)} · <DateTime value={one.created_at} as="day" /> ·{" "}
              {pieces(one.lines)}
              {one.exchange && ` → ${pieces(one.exchange.taken)}`}
            </>
          ),
          value:
            one.exchange && one.exchange.paid.amount_minor > 0 ? (
              <>
                {t.returns.paid} <Money value={one.exchange.paid} />
              </>
            ) : (
              <Money value={one.refund} />
            ),
        }))}
      />
    </Card>
  );
}

function CancelForm({ order, onDone }: { order: Order; onDone: () => void }) {
  const t = useWords();
  const queries = useQueryClient();
  const { text } = useI18n();
  const [reason, setReason] = useState("");
  const [counts, setCounts] = useState<Record<string, number>>({});
  const lines = order.lines
    .map((line) => ({ order_line_id: line.id, quantity: counts[line.id] ?? 0 }))
    .filter((line) => line.quantity > 0);
  const cancel = useAction(
    (why: string, intent) => orderCancel(order.id, { reason: why, lines }, {}, intent),
    {
      onSuccess: (updated) => {
        queries.setQueryData(["object", order.id], updated);
        toast(updated.state === "cancelled" ? t.orders.cancelled : t.orders.cancelledPart);
        onDone();
      },
    },
  );
  return (
    <form
      className="sl-stack"
      onSubmit={(event) => {
        event.preventDefault();
        cancel.mutate(reason.trim());
      }}
    >
      <Notice>{lines.length > 0 ? t.orders.cancelPartText : t.orders.cancelText}</Notice>
      {order.state !== "pending_payment" && (
        <Why label={t.orders.cancelPart}>
          <Stack gap={2}>
            {order.lines.map((line) => (
              <Row between key={line.id}>
                <span>{text(line.name)}</span>
                <Stepper
                  label={text(line.name)}
                  min={0}
                  max={line.quantity - line.quantity_cancelled}
                  value={counts[line.id] ?? 0}
                  onChange={(value) => setCounts((now) => ({ ...now, [line.id]: value }))}
                />
              </Row>
            ))}
          </Stack>
        </Why>
      )}
      <TextArea
        label={t.orders.cancelReason}
        value={reason}
        onChange={setReason}
        required
        maxLength={500}
      />
      <ProblemNotice error={cancel.error} />
      <Button kind="danger" type="submit" busy={cancel.isPending} disabled={!reason.trim()}>
        {t.orders.cancel}
      </Button>
    </form>
  );
}
