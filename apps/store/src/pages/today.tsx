import {
  type Fulfilment,
  fulfilmentList,
  type FulfilmentState,
  streamFollow,
  transferList,
  useLive,
} from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  EmptyState,
  FulfilmentStateTag,
  IconButton,
  List,
  ListItem,
  PageHeader,
  Picture,
  PlaceTime,
  QueryView,
  Row,
  Tabs,
  Tag,
  TransferStateTag,
  useNow,
} from "@storeloop/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { ForOrder } from "../parts/for-order.tsx";
import { PlaceName } from "../parts/place-name.tsx";
import { usePlaceId, useWork } from "../session.tsx";
import { useWords } from "../words/index.ts";

type Queue = "toPick" | "ready" | "shipped";

const STATES: Record<Queue, FulfilmentState[]> = {
  toPick: ["requested", "picking"],
  ready: ["ready"],
  shipped: ["shipped"],
};

export default function TodayPage() {
  const t = useWords();
  const placeId = usePlaceId();
  const { may } = useWork();
  const queries = useQueryClient();
  const [queue, setQueue] = useState<Queue>("toPick");
  const live = useLive(streamFollow({ topics: "fulfilments,orders" }), (event) => {
    if (event?.place_id && event.place_id !== placeId) return;
    void queries.invalidateQueries({ queryKey: ["fulfilments", placeId] });
    void queries.invalidateQueries({ queryKey: ["transfers", placeId] });
  });
  const tab = (key: Queue) => ({
    key,
    label: <QueueLabel queue={key} />,
    panel: <QueueList key={key} queue={key} />,
  });
  return (
    <>
      <PageHeader
        title={<PlaceName id={placeId} />}
        end={<IconButton icon="user" label={t.me.title} href="/me" />}
      />
      <Row between>
        <span>
          {live !== "connecting" && (
            <Tag tone={live === "live" ? "success" : "warning"}>
              {live === "live" ? t.live.on : t.live.off}
            </Tag>
          )}
        </span>
        {may("return.take") && (
          <Button size="small" icon="return" href="/returns">
            {t.today.returns}
          </Button>
        )}
      </Row>
      <SentForOrders />
      <Tabs
        label={t.today.title}
        tabs={[tab("toPick"), tab("ready"), tab("shipped")]}
        current={queue}
        onChange={setQueue}
      />
    </>
  );
}

/** Goods of customers' orders that this store has to send, or that are on their way to it. */
function SentForOrders() {
  const t = useWords();
  const { number } = useI18n();
  const { may } = useWork();
  const placeId = usePlaceId();
  const query = useQuery({
    queryKey: ["transfers", placeId, "orders"],
    queryFn: () => transferList({ place: placeId, open: true, limit: 200 }),
    refetchInterval: 60_000,
    enabled: may("stock.read"),
  });
  const rows = (query.data?.items ?? []).filter((transfer) =>
    transfer.from_place_id === placeId
      ? transfer.promised > 0 && ["approved", "picked"].includes(transfer.state)
      : transfer.promised > 0 && transfer.state !== "short",
  );
  if (rows.length === 0) return null;
  return (
    <List label={t.goods.sentForOrders}>
      {rows.map((transfer) => {
        const out = transfer.from_place_id === placeId;
        return (
          <ListItem
            key={transfer.id}
            href={`/transfers/${transfer.id}`}
            icon="truck"
            title={
              <>
                {out ? t.goods.toPlace : t.goods.fromPlace}{" "}
                <PlaceName id={out ? transfer.to_place_id : transfer.from_place_id} />
              </>
            }
            hint={
              <>
                {t.goods.pieces(number(transfer.promised))} · <ForOrder transfer={transfer} />
              </>
            }
            end={<TransferStateTag state={transfer.state} />}
          />
        );
      })}
    </List>
  );
}

function useQueue(queue: Queue) {
  const placeId = usePlaceId();
  return useQuery({
    queryKey: ["fulfilments", placeId, queue],
    queryFn: () => fulfilmentList({ place: placeId, state: STATES[queue].join(), limit: 200 }),
    refetchInterval: 60_000,
  });
}

function QueueLabel({ queue }: { queue: Queue }) {
  const t = useWords();
  const { number } = useI18n();
  const count = useQueue(queue).data?.items.length;
  return (
    <>
      {t.today[queue]}
      {count ? ` ${number(count)}` : ""}
    </>
  );
}

const EMPTY = {
  toPick: ["emptyPick", "emptyPickText"],
  ready: ["emptyReady", "emptyReadyText"],
  shipped: ["emptyShipped", "emptyShippedText"],
} as const;

function QueueList({ queue }: { queue: Queue }) {
  const t = useWords();
  const query = useQueue(queue);
  const [title, text] = EMPTY[queue];
  return (
    <QueryView
      query={query}
      empty={(page) =>
        page.items.length === 0 ? (
          <EmptyState icon="check" title={t.today[title]}>
            {t.today[text]}
          </EmptyState>
        ) : null
      }
    >
      {(page) => <Rows items={page.items} />}
    </QueryView>
  );
}

/** Arrivals announce themselves above the list; what a finger is about to touch does not move. */
function Rows({ items }: { items: Fulfilment[] }) {
  const t = useWords();
  const [known, setKnown] = useState(() => new Set(items.map((item) => item.id)));
  const list = useRef<HTMLDivElement>(null);
  const shown = items.filter((item) => known.has(item.id));
  const fresh = items.length - shown.length;
  return (
    <div ref={list} className="sl-stack">
      <div role="status">
        {fresh > 0 && (
          <Button
            kind="primary"
            block
            icon="bell"
            onClick={() => setKnown(new Set(items.map((item) => item.id)))}
          >
            {t.today.newOrders(fresh)}
          </Button>
        )}
      </div>
      {shown.length > 0 && (
        <List label={t.today.title}>
          {shown.map((item) => (
            <QueueRow key={item.id} item={item} />
          ))}
        </List>
      )}
    </div>
  );
}

function QueueRow({ item }: { item: Fulfilment }) {
  const t = useWords();
  const { text } = useI18n();
  const now = useNow();
  const pieces = item.lines.reduce((sum, line) => sum + line.quantity, 0);
  const late =
    item.promised_at !== null && item.state !== "shipped" && Date.parse(item.promised_at) < now;
  const first = item.lines[0];
  return (
    <ListItem
      href={`/orders/${item.order_id}/fulfilments/${item.id}`}
      start={
        first && (
          <span className="store-thumb">
            <Picture media={first.image} name={text(first.name)} decorative />
          </span>
        )
      }
      title={
        <>
          <strong className="sl-mono">{item.order_number}</strong> {item.contact_name}
        </>
      }
      hint={
        <>
          {t.today[item.method]} · {t.today.pieces(pieces)}
          {item.promised_at && (
            <>
              {" · "}
              {t.today.due} <PlaceTime place={item.place_id} value={item.promised_at} as="day" />
            </>
          )}
        </>
      }
      end={
        late ? (
          <Tag tone="danger">{t.today.late}</Tag>
        ) : (
          // The tab says the rest.
          item.state === "picking" && <FulfilmentStateTag state={item.state} />
        )
      }
    />
  );
}
