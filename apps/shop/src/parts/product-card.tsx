import type { ProductSummary } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { A, Loading, Picture, Skeleton } from "@storeloop/ui";
import { useWords } from "../words/index.ts";

export function ProductCard({ product, eager }: { product: ProductSummary; eager?: boolean }) {
  const t = useWords();
  const { text, money } = useI18n();
  const name = text(product.name);
  const price = money(product.price);
  return (
    <li>
      <A className="shop-product" href={`/p/${product.id}`}>
        <Picture media={product.image} name={name} decorative eager={eager ?? false} />
        <span className="shop-product__brand">{text(product.brand)}</span>
        <span className="shop-product__name">{name}</span>
        <span className="sl-price">
          {product.sku_count > 1 ? t.list.from(price) : price}
          {product.sku_count > 1 && (
            <span className="sl-caption"> {t.list.options(product.sku_count)}</span>
          )}
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
