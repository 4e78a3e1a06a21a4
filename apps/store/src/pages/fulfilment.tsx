import {
  type Fulfilment,
  fulfilmentDeliver,
  fulfilmentShip,
  type Order,
  orderGet,
  useAction,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  Card,
  PlaceTime,
  EmptyState,
  Facts,
  FulfilmentStateTag,
  KitParts,
  List,
  ListItem,
  PageHeader,
  Picture,
  ProblemNotice,
  QueryView,
  SourcingWhyTable,
  Stack,
  TextInput,
  toast,
  Why,
} from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { HandOver } from "../parts/hand-over.tsx";
import { PickCard } from "../parts/pick-card.tsx";
import { useWork } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function FulfilmentPage({ orderId, id }: { orderId: string; id: string }) {
  const t = useWords();
  const order = useQuery({ queryKey: ["order", orderId], queryFn: () => orderGet(orderId) });
  return (
    <QueryView query={order}>
      {(data) => {
        const item = data.fulfilments.find((one) => one.id === id);
        if (!item) return <EmptyState icon="box" title={t.order.title(data.number)} />;
        return <Body order={data} item={item} />;
      }}
    </QueryView>
  );
}

/** What an action changes: the order, and the queues it stands in. */
export function useRefresh(orderId: string) {
  const queries = useQueryClient();
  return () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ["order", orderId] }),
      queries.invalidateQueries({ queryKey: ["fulfilments"] }),
    ]);
}

function Body({ order, item }: { order: Order; item: Fulfilment }) {
  const t = useWords();
  const { text } = useI18n();
  const { may } = useWork();
  const toPick = item.state === "requested" || item.state === "picking";
  return (
    <>
      <PageHeader
        back="/"
        title={<span className="sl-mono">{item.order_number}</span>}
        end={<FulfilmentStateTag state={item.state} />}
      />
      <Card>
        <Facts
          items={[
            { label: t.today[item.method], value: text(item.place_name) },
            { label: t.order.member, value: item.contact_name || t.order.guest },
            {
              label: t.today.due,
              value: item.promised_at ? (
                <PlaceTime place={item.place_id} value={item.promised_at} as="day" />
              ) : (
                "—"
              ),
            },
            ...(item.state === "ready" && item.pickup_by
              ? [
                  {
                    label: t.hand.pickupBy,
                    value: <PlaceTime place={item.place_id} value={item.pickup_by} as="day" />,
                  },
                ]
              : []),
          ]}
        />
      </Card>
      {toPick && may("fulfilment.pick") ? (
        <PickCard order={order} item={item} />
      ) : (
        <Lines item={item} />
      )}
      {item.state === "ready" && item.method === "collect" && may("fulfilment.hand_over") && (
        <HandOver item={item} />
      )}
      {item.state === "ready" && item.method === "delivery" && may("fulfilment.ship") && (
        <Ship item={item} />
      )}
      {item.state === "shipped" && may("fulfilment.ship") && <Deliver item={item} />}
      {item.why && (
        <Why label={t.order.whyHere}>
          <SourcingWhyTable why={item.why} currency={order.currency} />
        </Why>
      )}
      <Button href={`/orders/${item.order_id}`} icon="list" block>
        {t.order.open}
      </Button>
    </>
  );
}

function Lines({ item }: { item: Fulfilment }) {
  const t = useWords();
  const { text, number } = useI18n();
  return (
    <List label={t.order.lines}>
      {item.lines.map((line) => (
        <ListItem
          key={line.order_line_id}
          start={
            <span className="store-thumb">
              <Picture media={line.image} name={text(line.name)} decorative />
            </span>
          }
          title={text(line.name)}
          hint={
            <>
              {text(line.option)}
              <KitParts parts={line.components} times={line.quantity} />
            </>
          }
          end={<strong>× {number(line.quantity)}</strong>}
        />
      ))}
    </List>
  );
}

function Ship({ item }: { item: Fulfilment }) {
  const t = useWords();
  const refresh = useRefresh(item.order_id);
  const [carrier, setCarrier] = useState("");
  const [tracking, setTracking] = useState("");
  const ship = useAction(
    (body: { carrier: string; tracking_number: string }, intent) =>
      fulfilmentShip(item.id, body, intent),
    {
      onSuccess: () => {
        toast(t.hand.shipped);
        return refresh();
      },
    },
  );
  return (
    <Card title={t.hand.ship}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          ship.mutate({ carrier: carrier.trim(), tracking_number: tracking.trim() });
        }}
      >
        <Stack>
          <TextInput label={t.hand.carrier} value={carrier} onChange={setCarrier} required />
          <TextInput
            label={t.hand.tracking}
            value={tracking}
            onChange={setTracking}
            autoComplete="off"
            required
          />
          <ProblemNotice error={ship.error} />
          <Button kind="primary" type="submit" block icon="truck" busy={ship.isPending}>
            {t.hand.shipSubmit}
          </Button>
        </Stack>
      </form>
    </Card>
  );
}

function Deliver({ item }: { item: Fulfilment }) {
  const t = useWords();
  const refresh = useRefresh(item.order_id);
  const deliver = useAction((id: string, intent) => fulfilmentDeliver(id, intent), {
    onSuccess: () => {
      toast(t.hand.delivered);
      return refresh();
    },
  });
  return (
    <Stack>
      <ProblemNotice error={deliver.error} />
      <Button
        kind="primary"
        block
        icon="check"
        busy={deliver.isPending}
        onClick={() => deliver.mutate(item.id)}
      >
        {t.hand.deliver}
      </Button>
    </Stack>
  );
}
