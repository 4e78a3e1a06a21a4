import { itemsOf } from "@storeloop/api";
import { EmptyState, QueryView, ShowMore } from "@storeloop/ui";
import type { ReactNode } from "react";
import type { Products } from "../state/products.ts";
import { useWords } from "../words/index.ts";
import { ProductGridSkeleton } from "./product-card.tsx";
import { ProductGrid } from "./product-grid.tsx";

/** A list of products in its five states; `none` says what to do when it was narrowed to nothing. */
export function ProductList({ products, none }: { products: Products; none?: ReactNode }) {
  const t = useWords();
  const nothing = none || <EmptyState title={t.list.emptyTitle}>{t.list.emptyText}</EmptyState>;
  return (
    <QueryView
      query={products}
      skeleton={<ProductGridSkeleton />}
      empty={(data) => (itemsOf(data).length > 0 ? null : nothing)}
    >
      {(data) => (
        <>
          <ProductGrid items={itemsOf(data)} busy={products.isPlaceholderData} />
          <ShowMore query={products} />
        </>
      )}
    </QueryView>
  );
}
