import { type Order, orderGet } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  AheadCard,
  Button,
  Card,
  DateTime,
  Facts,
  FulfilmentStateTag,
  KitParts,
  List,
  ListItem,
  Money,
  OrderStateTag,
  PageHeader,
  Picture,
  QueryView,
  Timeline,
  useStateWords,
} from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { Tenders } from "../parts/tenders.tsx";
import { useWork } from "../session.tsx";
import { useWords } from "../words/index.ts";

export default function OrderPage({ id }: { id: string }) {
  const order = useQuery({ queryKey: ["order", id], queryFn: () => orderGet(id) });
  return <QueryView query={order}>{(data) => <Body order={data} />}</QueryView>;
}

const RETURNABLE = new Set(["collected", "delivered", "closed", "partly_returned"]);

function Body({ order }: { order: Order }) {
  const t = useWords();
  const states = useStateWords();
  const { text, number } = useI18n();
  const { may } = useWork();
  const { totals } = order;
  return (
    <>
      <PageHeader
        back={() => history.back()}
        title={<span className="sl-mono">{order.number}</span>}
        end={<OrderStateTag state={order.state} />}
      />
      <Card>
        <Facts
          items={[
            { label: t.order.placed, value: <DateTime value={order.placed_at} as="exact" /> },
            { label: t.order.channel, value: states.channel[order.channel] },
            { label: t.order.member, value: order.contact.name || t.order.guest },
          ]}
        />
      </Card>
      <List label={t.order.lines}>
        {order.lines.map((line) => (
          <ListItem
            key={line.id}
            start={
              <span className="store-thumb">
                <Picture media={line.image} name={text(line.name)} decorative />
              </span>
            }
            title={text(line.name)}
            hint={
              <>
                {text(line.option)}
                {line.quantity_returned > 0 && ` · ${t.order.returned(line.quantity_returned)}`}
                <KitParts parts={line.components} />
              </>
            }
            end={
              <>
                <Money value={line.total} />
                <span className="sl-caption">× {number(line.quantity)}</span>
              </>
            }
          />
        ))}
      </List>
      {may("return.take") && RETURNABLE.has(order.state) && (
        <Button icon="return" block href={`/returns/${order.id}`}>
          {t.order.takeReturn}
        </Button>
      )}
      <Card title={t.order.totals}>
        <Facts
          items={[
            { label: t.order.goods, value: <Money value={totals.goods} /> },
            { label: t.order.discount, value: <Money value={totals.discount} /> },
            { label: t.order.shipping, value: <Money value={totals.shipping} /> },
            { label: t.order.tax, value: <Money value={totals.tax_included} /> },
            { label: t.order.total, value: <Money value={totals.total} />, total: true },
          ]}
        />
      </Card>
      <AheadCard ahead={order.ahead} />
      <Tenders order={order} />
      {order.fulfilments.length > 0 && (
        <List>
          {order.fulfilments.map((item) => (
            <ListItem
              key={item.id}
              href={`/orders/${order.id}/fulfilments/${item.id}`}
              title={text(item.place_name)}
              hint={t.today[item.method]}
              end={<FulfilmentStateTag state={item.state} />}
            />
          ))}
        </List>
      )}
      {order.returns.length > 0 && (
        <Card title={t.order.returns}>
          <Facts
            items={order.returns.map((one) => ({
              label: (
                <>
                  {one.exchange ? t.exchange.at(text(one.place_name)) : text(one.place_name)} ·{" "}
                  <DateTime value={one.created_at} as="day" />
                </>
              ),
              value: <Money value={one.exchange ? one.exchange.taken_total : one.refund} />,
            }))}
          />
        </Card>
      )}
      <Card title={t.order.timeline}>
        <Timeline items={[...order.timeline].reverse()} />
      </Card>
    </>
  );
}
