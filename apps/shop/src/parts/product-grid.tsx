import { itemsOf, pages, productList } from "@storeloop/api";
import { Button, EmptyState, QueryView, ShowMore } from "@storeloop/ui";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useWords } from "../words/index.ts";
import { ProductCard, ProductGridSkeleton } from "./product-card.tsx";

/** The first row on a phone and on a desk; its pictures are wanted at once. */
const EAGER = 4;
const PAGE_SIZE = 24;

/** Products that match, growing by pages. */
export function ProductGrid({ q, category }: { q?: string; category?: string }) {
  const t = useWords();
  const products = useInfiniteQuery({
    ...pages(["products", q ?? "", category ?? ""], (cursor) =>
      productList({ q, category, cursor, limit: PAGE_SIZE }),
    ),
    placeholderData: keepPreviousData,
  });
  const narrowed = Boolean(q || category);
  return (
    <QueryView
      query={products}
      skeleton={<ProductGridSkeleton />}
      empty={(data) =>
        itemsOf(data).length > 0 ? null : (
          <EmptyState
            icon="search"
            title={narrowed ? t.list.noneTitle : t.list.emptyTitle}
            action={narrowed && <Button href="/products">{t.list.showAll}</Button>}
          >
            {narrowed ? t.list.noneText : t.list.emptyText}
          </EmptyState>
        )
      }
    >
      {(data) => (
        <>
          <ul className="shop-grid" aria-busy={products.isPlaceholderData}>
            {itemsOf(data).map((product, index) => (
              <ProductCard key={product.id} product={product} eager={index < EAGER} />
            ))}
          </ul>
          <ShowMore query={products} />
        </>
      )}
    </QueryView>
  );
}
