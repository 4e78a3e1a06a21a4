import type { ProductFacets, ProductResults } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button, EmptyState, Notice, Row, Sheet, Stack } from "@storeloop/ui";
import { useState } from "react";
import { Categories, useCategories } from "../parts/categories.tsx";
import { Facets } from "../parts/facets.tsx";
import { SetFilters, SortChoice } from "../parts/narrowing.tsx";
import { PlacePicker } from "../parts/place-picker.tsx";
import { ProductGrid } from "../parts/product-grid.tsx";
import { ProductList } from "../parts/product-list.tsx";
import { SearchBox } from "../parts/search-box.tsx";
import {
  countOf,
  type Narrowed,
  NOT_NARROWED,
  UNFILTERED,
  useNarrowed,
} from "../state/narrowed.ts";
import { useProducts } from "../state/products.ts";
import { useTitle } from "../title.ts";
import { useWords } from "../words/index.ts";

/** So many popular products are shown to whom a search found nothing. */
const POPULAR = 8;

export default function ProductsPage() {
  const t = useWords();
  const [narrowed, change] = useNarrowed();
  const products = useProducts(narrowed, { facets: true });
  const first = products.data?.pages[0];
  const facets = first?.facets;
  const [sheet, setSheet] = useState<"filters" | "place" | null>(null);
  const title = useListTitle(narrowed);
  useTitle(title);
  const filters = countOf(narrowed);
  const isNarrowed = narrowed.q !== "" || narrowed.category !== undefined || filters > 0;
  const panel = (of: ProductFacets) => (
    <Facets
      facets={of}
      narrowed={narrowed}
      onChange={change}
      onChoosePlace={() => setSheet("place")}
    />
  );
  const close = () => setSheet(null);
  return (
    <Stack>
      <SearchBox q={narrowed.q} autoFocus={!isNarrowed} />
      <Categories of={narrowed} counts={facets?.categories} />
      <Row between>
        <div>
          <h1 className="shop-heading">{title}</h1>
          <span className="sl-caption" role="status">
            {first && t.search.count(first.total)}
          </span>
        </div>
        <Row>
          <Button
            className="shop-filters-button"
            icon="filter"
            disabled={!facets}
            onClick={() => setSheet("filters")}
          >
            {filters > 0 ? t.search.filtersOf(filters) : t.search.filters}
          </Button>
          <SortChoice narrowed={narrowed} onChange={change} />
        </Row>
      </Row>
      <SetFilters narrowed={narrowed} facets={facets} onChange={change} />
      {first && <Understood results={first} />}
      <div className="shop-listing">
        <aside className="shop-listing__side" aria-label={t.search.filters}>
          {facets && panel(facets)}
        </aside>
        <Stack>
          <ProductList
            products={products}
            none={isNarrowed && <NothingFound narrowed={narrowed} onChange={change} />}
          />
        </Stack>
      </div>
      <Sheet
        title={t.search.filters}
        open={sheet === "filters"}
        onClose={close}
        foot={
          <Button kind="primary" block onClick={close}>
            {t.search.show(first?.total ?? 0)}
          </Button>
        }
      >
        {facets && panel(facets)}
      </Sheet>
      <PlacePicker open={sheet === "place"} onClose={close} />
    </Stack>
  );
}

/** What the list is of: the words, the category, everything. */
function useListTitle({ q, category }: Narrowed): string {
  const t = useWords();
  const { text } = useI18n();
  const categories = useCategories();
  const chosen = categories.data?.items.find((one) => one.id === category);
  if (q) return t.list.results(q);
  return text(chosen?.name) || t.nav.products;
}

/** How the question was understood, where that is not what was typed. */
function Understood({ results }: { results: ProductResults }) {
  const t = useWords();
  if (results.total === 0) return null;
  return (
    <>
      {results.corrected && <Notice live title={t.search.corrected(results.corrected)} />}
      {results.partial && <Notice live title={t.search.partial} />}
    </>
  );
}

type NothingProps = { narrowed: Narrowed; onChange: (change: Partial<Narrowed>) => void };

/** A search that found nothing is no dead end. */
function NothingFound({ narrowed, onChange }: NothingProps) {
  const t = useWords();
  const filtered = countOf(narrowed) > 0;
  return (
    <Stack gap={6}>
      <EmptyState
        icon="search"
        title={filtered ? t.search.noneFiltered : t.list.noneTitle}
        action={
          <div className="shop-actions">
            {filtered && (
              <Button kind="primary" onClick={() => onChange(UNFILTERED)}>
                {t.search.removeAll}
              </Button>
            )}
            <Button href="/products">{t.list.showAll}</Button>
            {!filtered && (
              <Button kind="quiet" icon="voice" href="/voice">
                {t.search.tell}
              </Button>
            )}
          </div>
        }
      >
        {filtered ? t.search.noneFilteredText : t.list.noneText}
      </EmptyState>
      <Popular />
    </Stack>
  );
}

function Popular() {
  const t = useWords();
  const popular = useProducts({ ...NOT_NARROWED, sort: "popular" }, { limit: POPULAR });
  const items = popular.data?.pages[0]?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Stack>
      <h2>{t.search.popular}</h2>
      <ProductGrid items={items} />
    </Stack>
  );
}
