import type { Filter, ProductSort } from "@storeloop/api";
import { useLocation, useSearchParams } from "wouter";

export type Stock = "here" | "near" | "any";

/** What a list of products is narrowed to; it lives in the address, so that it can be shared. */
export type Narrowed = {
  q: string;
  category: string | undefined;
  brands: string[];
  attributes: string[];
  /** Prices in minor units, both inclusive. */
  min: number | undefined;
  max: number | undefined;
  stock: Stock | undefined;
  sort: ProductSort;
};

/** All products, best first. */
export const NOT_NARROWED: Narrowed = {
  q: "",
  category: undefined,
  brands: [],
  attributes: [],
  min: undefined,
  max: undefined,
  stock: undefined,
  sort: "relevance",
};

/** What "remove all filters" changes: the words, the category and the order stay. */
export const UNFILTERED = {
  brands: [],
  attributes: [],
  min: undefined,
  max: undefined,
  stock: undefined,
} satisfies Partial<Narrowed>;

export const SORTS: ProductSort[] = ["relevance", "popular", "newest", "price_low", "price_high"];
const STOCKS: Stock[] = ["here", "near", "any"];

function minor(written: string | null): number | undefined {
  return written !== null && /^\d{1,12}$/.test(written) ? Number(written) : undefined;
}

export function parseNarrowed(params: URLSearchParams): Narrowed {
  return {
    q: params.get("q") ?? "",
    category: params.get("category") ?? undefined,
    brands: params.getAll("brand"),
    attributes: params.getAll("attribute"),
    min: minor(params.get("min")),
    max: minor(params.get("max")),
    stock: STOCKS.find((one) => one === params.get("stock")),
    sort: SORTS.find((one) => one === params.get("sort")) ?? "relevance",
  };
}

export function writeNarrowed(narrowed: Narrowed): string {
  const params = new URLSearchParams();
  const set = (key: string, value: string | number | undefined) => {
    if (value !== undefined && value !== "") params.set(key, String(value));
  };
  set("q", narrowed.q);
  set("category", narrowed.category);
  for (const brand of narrowed.brands) params.append("brand", brand);
  for (const attribute of narrowed.attributes) params.append("attribute", attribute);
  set("min", narrowed.min);
  set("max", narrowed.max);
  set("stock", narrowed.stock);
  set("sort", narrowed.sort === "relevance" ? undefined : narrowed.sort);
  const query = params.toString();
  return query ? `/products?${query}` : "/products";
}

/** The address's, and how to change it: a change is no new page to go back through. */
export function useNarrowed(): [Narrowed, (change: Partial<Narrowed>) => void] {
  const [params] = useSearchParams();
  const [, go] = useLocation();
  const narrowed = parseNarrowed(params);
  return [narrowed, (change) => go(writeNarrowed({ ...narrowed, ...change }), { replace: true })];
}

/** From where somebody looks: a chosen store, a point, or neither. */
export type Where = { place?: string; near?: string };

/**
 * The filters of the operation. An address may ask for what is near of somebody who has not said
 * where they are: then anything that can be had answers it.
 */
export function asked(narrowed: Narrowed, where: Where): Filter<"product_search"> {
  return {
    ...where,
    q: narrowed.q || undefined,
    category: narrowed.category,
    brand: narrowed.brands,
    attribute: narrowed.attributes,
    min_price: narrowed.min,
    max_price: narrowed.max,
    availability: narrowed.stock && reachable(narrowed.stock, where),
    sort: narrowed.sort,
  };
}

function reachable(stock: Stock, { place, near }: Where): Stock {
  if (!place && !near) return "any";
  return stock === "here" && !place ? "near" : stock;
}

/** A list with one value more, or one less. */
export function toggled(list: string[], value: string): string[] {
  return list.includes(value) ? list.filter((one) => one !== value) : [...list, value];
}

/** Whether prices have an end, which is one filter whatever its ends. */
export function hasPrice({ min, max }: Pick<Narrowed, "min" | "max">): boolean {
  return min !== undefined || max !== undefined;
}

/** How many filters are set, the category and the words aside. */
export function countOf(narrowed: Narrowed): number {
  const single = [hasPrice(narrowed), narrowed.stock !== undefined].filter(Boolean).length;
  return narrowed.brands.length + narrowed.attributes.length + single;
}
