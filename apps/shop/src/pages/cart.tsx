import type { Cart, CartLine } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  A,
  Button,
  Card,
  EmptyState,
  KitParts,
  Loading,
  PageHeader,
  Picture,
  ProblemNotice,
  QueryView,
  Skeleton,
  Stack,
  Stepper,
  Tag,
  toast,
} from "@storeloop/ui";
import { PromotionCode } from "../parts/promotion-code.tsx";
import { CollectPromise } from "../parts/collect-choice.tsx";
import { PriceSteps, WasNow } from "../parts/price-why.tsx";
import { TotalsTable } from "../parts/totals.tsx";
import { countPieces, useCart, useSetLine } from "../state/cart.ts";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

export default function CartPage() {
  const t = useWords();
  const cart = useCart();
  useTitle(t.cart.title);
  return (
    <Stack>
      <PageHeader
        title={t.cart.title}
        end={cart.data && <span className="sl-muted">{t.cart.items(countPieces(cart.data))}</span>}
      />
      <QueryView
        query={cart}
        skeleton={<CartSkeleton />}
        empty={(data) =>
          data && data.lines.length > 0 ? null : (
            <EmptyState
              icon="bag"
              title={t.cart.emptyTitle}
              action={
                <Button kind="primary" href="/products">
                  {t.cart.browse}
                </Button>
              }
            >
              {t.cart.emptyText}
            </EmptyState>
          )
        }
      >
        {(data) => data && <CartBody cart={data} />}
      </QueryView>
    </Stack>
  );
}

function CartSkeleton() {
  return (
    <Loading>
      <Stack>
        <Skeleton height="6rem" />
        <Skeleton height="6rem" />
        <Skeleton height="8rem" />
      </Stack>
    </Loading>
  );
}

function CartBody({ cart }: { cart: Cart }) {
  const t = useWords();
  const { number } = useI18n();
  const setLine = useSetLine();
  const tooMany = cart.lines.some(
    (line) =>
      line.available !== null && line.quantity > line.available && !line.ahead && !cart.collect,
  );

  async function change(line: CartLine, name: string, quantity: number) {
    const { sku_id, quantity: before } = line;
    await setLine.mutateAsync({ sku_id, quantity });
    if (quantity > 0) return;
    toast(t.cart.removed(name), { onUndo: () => setLine.mutate({ sku_id, quantity: before }) });
  }

  return (
    <div className="shop-two">
      <Stack gap={2}>
        <ul className="sl-list">
          {cart.lines.map((line) => (
            <CartLineRow
              key={line.sku_id}
              line={line}
              comes={cart.collect !== null}
              busy={setLine.isPending}
              // A refusal is shown below the list.
              onChange={(...args) => void change(...args).catch(() => undefined)}
            />
          ))}
        </ul>
        <ProblemNotice error={setLine.error} />
      </Stack>
      <Card>
        <Stack>
          <TotalsTable
            totals={cart.totals}
            shippingKnown={cart.fulfilment !== null}
            shippingSteps={cart.shipping_steps}
            tax={cart.tax}
          />
          <CollectPromise cart={cart} />
          <PromotionCode cart={cart} />
          {cart.points_to_earn > 0 && (
            <p className="sl-small sl-muted">{t.cart.earn(number(cart.points_to_earn))}</p>
          )}
          {tooMany ? (
            <Button kind="primary" block disabled>
              {t.cart.checkout}
            </Button>
          ) : (
            <Button kind="primary" block href="/checkout">
              {t.cart.checkout}
            </Button>
          )}
        </Stack>
      </Card>
    </div>
  );
}

type CartLineRowProps = {
  line: CartLine;
  /** Whether what is missing where it is collected comes there. */
  comes: boolean;
  busy: boolean;
  onChange: (line: CartLine, name: string, quantity: number) => void;
};

function CartLineRow({ line, comes, busy, onChange }: CartLineRowProps) {
  const t = useWords();
  const { text, number, date } = useI18n();
  const name = text(line.name);
  const short = line.available !== null && line.quantity > line.available;
  return (
    <li className="shop-cart-line">
      <A className="shop-line__picture" href={`/p/${line.product_id}`} aria-label={name}>
        <Picture media={line.image} name={name} decorative />
      </A>
      <div className="sl-grow">
        <A className="shop-line__name" href={`/p/${line.product_id}`}>
          {name}
        </A>
        {text(line.option) && <div className="sl-small sl-muted">{text(line.option)}</div>}
        <KitParts parts={line.components} />
        {short &&
          (line.ahead ? (
            <Tag tone="info" icon="calendar">
              {t.cart.ahead(
                number(line.ahead.quantity),
                line.ahead.promised_at
                  ? date(line.ahead.promised_at, line.ahead.timezone ?? undefined)
                  : null,
              )}
            </Tag>
          ) : (
            !comes && <Tag tone="warning">{t.cart.onlyLeft(line.available ?? 0)}</Tag>
          ))}
        <div className="shop-cart-line__foot">
          <Stepper
            label={t.cart.quantityOf(name)}
            value={line.quantity}
            min={0}
            max={Math.max(line.quantity, Math.min(99, line.available ?? 99))}
            disabled={busy}
            onChange={(quantity) => onChange(line, name, quantity)}
          />
          <WasNow quantity={line.quantity} total={line.total} listPrice={line.price.list_price} />
        </div>
        <PriceSteps steps={line.price.steps} />
      </div>
    </li>
  );
}
