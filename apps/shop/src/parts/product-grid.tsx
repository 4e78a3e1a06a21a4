import type { ProductHit } from "@storeloop/api";
import { ProductCard } from "./product-card.tsx";

/** The first row on a phone and on a desk; its pictures are wanted at once. */
const EAGER = 4;

/** Products side by side; `busy` while they are about to be others. */
export function ProductGrid({ items, busy }: { items: ProductHit[]; busy?: boolean }) {
  return (
    <ul className="shop-grid" aria-busy={busy}>
      {items.map((product, index) => (
        <ProductCard key={product.id} product={product} eager={index < EAGER} />
      ))}
    </ul>
  );
}
