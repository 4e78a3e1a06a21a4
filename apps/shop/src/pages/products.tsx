import { SearchInput, Stack } from "@storeloop/ui";
import { useEffect, useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import { Categories } from "../parts/categories.tsx";
import { ProductGrid } from "../parts/product-grid.tsx";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

/** How long typing must rest before it is searched for. */
const REST_MS = 300;

export default function ProductsPage() {
  const t = useWords();
  const [params] = useSearchParams();
  const q = params.get("q") ?? "";
  const category = params.get("category") ?? undefined;
  const title = q ? t.list.results(q) : t.nav.products;
  useTitle(title);
  return (
    <Stack>
      <Search q={q} category={category} />
      <Categories {...(category ? { current: category } : {})} />
      <h1 className="shop-heading">{title}</h1>
      <ProductGrid {...(q ? { q } : {})} {...(category ? { category } : {})} />
    </Stack>
  );
}

/** Searches while typing; the address follows, so that a search can be shared and gone back to. */
function Search({ q, category }: { q: string; category: string | undefined }) {
  const t = useWords();
  const [, go] = useLocation();
  const [typed, setTyped] = useState(q);
  const [known, setKnown] = useState(q);
  // The address changed by itself (a link, the back button): the box says what is shown.
  if (known !== q) {
    setKnown(q);
    if (typed.trim() !== q) setTyped(q);
  }
  useEffect(() => {
    if (typed.trim() === q) return;
    const timer = setTimeout(() => {
      const next = new URLSearchParams();
      if (typed.trim()) next.set("q", typed.trim());
      if (category) next.set("category", category);
      go(`/products?${next.toString()}`, { replace: true });
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [typed, q, category, go]);
  return (
    <SearchInput
      label={t.nav.search}
      value={typed}
      onChange={setTyped}
      autoFocus={q === "" && !category}
    />
  );
}
