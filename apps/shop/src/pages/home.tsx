import { myOrderList, type OrderState, type OrderSummary } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { A, Button, Card, Money, OrderStateTag, Picture, Stack, TierBadge } from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { Categories } from "../parts/categories.tsx";
import { ProductList } from "../parts/product-list.tsx";
import { SearchBox } from "../parts/search-box.tsx";
import { ME, useMember } from "../state/member.ts";
import { NOT_NARROWED } from "../state/narrowed.ts";
import { useProducts } from "../state/products.ts";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

/** States in which a shopper waits for something. */
const UNDER_WAY: OrderState[] = [
  "pending_payment",
  "paid",
  "allocated",
  "ready",
  "shipped",
  "needs_decision",
];

export default function HomePage() {
  const t = useWords();
  const products = useProducts(NOT_NARROWED);
  useTitle(undefined);
  return (
    <Stack gap={6}>
      <div className="shop-hero">
        <h1 className="shop-hero__title">{t.home.lead}</h1>
        <SearchBox />
      </div>
      <MemberStrip />
      <OrdersUnderWay />
      <Stack>
        <h2>{t.home.forYou}</h2>
        <Categories />
        <ProductList products={products} />
      </Stack>
    </Stack>
  );
}

function MemberStrip() {
  const t = useWords();
  const { number } = useI18n();
  const { data: member, isPending } = useMember();
  // The strip keeps its height while it is not known who is here: nothing jumps.
  if (isPending) return <div className="shop-member-strip" aria-hidden="true" />;
  if (!member) {
    return (
      <div className="shop-member-strip">
        <div className="sl-grow">
          <div className="sl-strong">{t.home.join}</div>
          <div className="sl-small sl-muted">{t.home.joinText}</div>
        </div>
        <Button href="/sign-in">{t.signIn.button}</Button>
      </div>
    );
  }
  return (
    <div className="shop-member-strip">
      <div className="sl-grow">
        <div className="sl-strong">
          {t.home.hello(member.name ?? member.number)} <TierBadge tier={member.tier} />
        </div>
        <A className="sl-small" href="/me/points">
          {t.home.points(number(member.points))}
        </A>
      </div>
      <Button icon="qr" href="/me/code">
        {t.home.showCode}
      </Button>
    </div>
  );
}

/** The order, its way, when it comes: the first thing a waiting shopper wants to know. */
function OrdersUnderWay() {
  const t = useWords();
  const { data: member } = useMember();
  const orders = useQuery({
    queryKey: [...ME, "orders", "first"],
    queryFn: () => myOrderList({ limit: 10 }),
    enabled: Boolean(member),
  });
  const waiting = orders.data?.items.filter((order) => UNDER_WAY.includes(order.state)) ?? [];
  if (waiting.length === 0) return null;
  return (
    <Stack gap={2}>
      <h2>{t.home.yourOrder}</h2>
      {waiting.slice(0, 2).map((order) => (
        <OrderUnderWay key={order.id} order={order} />
      ))}
    </Stack>
  );
}

function OrderUnderWay({ order }: { order: OrderSummary }) {
  const t = useWords();
  const { text } = useI18n();
  return (
    <Card href={`/o/${order.id}`}>
      <div className="shop-line">
        <span className="shop-line__picture">
          <Picture media={order.first_image} name={order.number} decorative />
        </span>
        <span className="sl-grow">
          <OrderStateTag state={order.state} />
          <span className="shop-line__name">{t.order.number(order.number)}</span>
          <span className="sl-small sl-muted">
            {order.place_name ? `${text(order.place_name)} · ` : ""}
            {t.order.items(order.item_count)}
          </span>
        </span>
        <Money value={order.total} />
      </div>
    </Card>
  );
}
