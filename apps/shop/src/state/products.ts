import { pages, productSearch } from "@storeloop/api";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { asked, type Narrowed } from "./narrowed.ts";
import { useWhere } from "./nearby.ts";

const PAGE_SIZE = 24;

type Wanted = {
  /** Count by brand, price and so on: what the list could be narrowed to. */
  facets?: boolean;
  limit?: number;
};

/** Products of a list, growing by pages. */
export function useProducts(narrowed: Narrowed, { facets, limit = PAGE_SIZE }: Wanted = {}) {
  const where = useWhere();
  return useInfiniteQuery({
    ...pages(["products", narrowed, where, facets, limit], (cursor) =>
      productSearch({
        ...asked(narrowed, where),
        facets: facets && cursor === undefined,
        cursor,
        limit,
      }),
    ),
    placeholderData: keepPreviousData,
  });
}

export type Products = ReturnType<typeof useProducts>;
