import type { ProductHit } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { A, Icon, Loading, MarkedName, Picture, Skeleton } from "@storeloop/ui";
import { useNearby } from "../state/nearby.ts";
import { useWords } from "../words/index.ts";

const STOCK_ICON = {
  here: "store",
  near: "store",
  online: "truck",
  elsewhere: "store",
  none: "cross",
} as const;

export function ProductCard({ product, eager }: { product: ProductHit; eager?: boolean }) {
  const t = useWords();
  const { text, money } = useI18n();
  const { place } = useNearby();
  const { state } = product.availability;
  const name = text(product.name);
  const price = money(product.price);
  return (
    <li>
      <A className="shop-product" href={`/p/${product.id}`}>
        <Picture media={product.image} name={name} decorative eager={eager ?? false} />
        <span className="shop-product__brand">{text(product.brand)}</span>
        <span className="shop-product__name">
          <MarkedName parts={product.name_parts} />
        </span>
        <span className="sl-price">
          {product.sku_count > 1 ? t.list.from(price) : price}
          {product.sku_count > 1 && (
            <span className="sl-caption"> {t.list.options(product.sku_count)}</span>
          )}
        </span>
        <span className="shop-product__stock">
          <Icon name={STOCK_ICON[state]} size={12} />
          {state === "here" && place?.place
            ? t.search.stockAt(text(place.place.name))
            : t.search.stock[state]}
        </span>
      </A>
    </li>
  );
}

export function ProductGridSkeleton() {
  return (
    <Loading>
      <ul className="shop-grid">
        {Array.from({ length: 8 }, (_, index) => (
          <li key={index} className="shop-product">
            <span className="sl-picture sl-skeleton" />
            <Skeleton lines={2} />
          </li>
        ))}
      </ul>
    </Loading>
  );
}
