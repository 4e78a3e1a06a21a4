import { itemsOf, myOrderList, type OrderSummary, pages } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  Button,
  DateTime,
  EmptyState,
  List,
  ListItem,
  Money,
  OrderStateTag,
  PageHeader,
  Picture,
  QueryView,
  ShowMore,
  Stack,
  useStateWords,
} from "@storeloop/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { SignInButton } from "../parts/sign-in-button.tsx";
import { ME } from "../state/member.ts";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

/** Every order of the person, whatever the channel. */
export default function MyOrdersPage() {
  const t = useWords();
  useTitle(t.order.mine);
  const orders = useInfiniteQuery(
    pages([...ME, "orders", "all"], (cursor) => myOrderList({ cursor, limit: 20 })),
  );
  return (
    <div className="shop-narrow">
      <Stack>
        <PageHeader title={t.order.mine} back="/me" />
        <QueryView
          query={orders}
          signIn={<SignInButton />}
          empty={(data) =>
            itemsOf(data).length > 0 ? null : (
              <EmptyState
                icon="bag"
                title={t.order.emptyTitle}
                action={<Button href="/products">{t.cart.browse}</Button>}
              >
                {t.order.emptyText}
              </EmptyState>
            )
          }
        >
          {(data) => (
            <Stack gap={2}>
              <List label={t.order.mine}>
                {itemsOf(data).map((order) => (
                  <OrderItem key={order.id} order={order} />
                ))}
              </List>
              <ShowMore query={orders} />
            </Stack>
          )}
        </QueryView>
      </Stack>
    </div>
  );
}

function OrderItem({ order }: { order: OrderSummary }) {
  const t = useWords();
  const states = useStateWords();
  const { text } = useI18n();
  const place = order.place_name ? ` · ${text(order.place_name)}` : "";
  return (
    <ListItem
      href={`/o/${order.id}`}
      start={
        <span className="shop-line__picture">
          <Picture media={order.first_image} name={order.number} decorative />
        </span>
      }
      title={
        <>
          <OrderStateTag state={order.state} /> <span className="shop-number">{order.number}</span>
        </>
      }
      hint={
        <>
          {states.channel[order.channel]}
          {place} · {t.order.items(order.item_count)}
          <br />
          <DateTime value={order.placed_at} as="day" />
        </>
      }
      end={<Money value={order.total} />}
    />
  );
}
