import type { ProductFacets, ProductSort } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button, Icon } from "@storeloop/ui";
import { countOf, hasPrice, type Narrowed, SORTS, toggled, UNFILTERED } from "../state/narrowed.ts";
import { useNearby } from "../state/nearby.ts";
import { useWords } from "../words/index.ts";
import { usePriceRange } from "./facets.tsx";

type Props = {
  narrowed: Narrowed;
  onChange: (change: Partial<Narrowed>) => void;
};

/** The order of a list. */
export function SortChoice({ narrowed, onChange }: Props) {
  const t = useWords();
  return (
    <select
      className="sl-input shop-sort"
      aria-label={t.search.sort}
      value={narrowed.sort}
      onChange={(event) => onChange({ sort: event.target.value as ProductSort })}
    >
      {SORTS.map((sort) => (
        <option key={sort} value={sort}>
          {t.search.sorts[sort]}
        </option>
      ))}
    </select>
  );
}

/** The filters that are set, each to be taken away by a press. */
export function SetFilters({
  narrowed,
  facets,
  onChange,
}: Props & { facets: ProductFacets | null | undefined }) {
  const t = useWords();
  const { text } = useI18n();
  const { place } = useNearby();
  const rangeLabel = usePriceRange();
  if (countOf(narrowed) === 0) return null;
  const brandOf = (key: string) => facets?.brands.find((one) => one.key === key);
  const valueOf = (key: string) =>
    facets?.attributes.flatMap((one) => one.values).find((one) => one.key === key);
  const { stock, brands, attributes } = narrowed;
  const stockWord =
    stock === "here" && place?.place
      ? t.search.stockAt(text(place.place.name))
      : stock === "any" || !place
        ? t.search.stockAny
        : t.search.stockNear;
  const set: { label: string; without: Partial<Narrowed> }[] = [
    ...(stock ? [{ label: stockWord, without: { stock: undefined } }] : []),
    ...(hasPrice(narrowed)
      ? [
          {
            label: rangeLabel(narrowed, facets?.currency ?? "CNY"),
            without: { min: undefined, max: undefined },
          },
        ]
      : []),
    ...brands.map((key) => ({
      label: text(brandOf(key)?.name) || key,
      without: { brands: toggled(brands, key) },
    })),
    ...attributes.map((key) => ({
      label: text(valueOf(key)?.name) || key.slice(key.indexOf(":") + 1),
      without: { attributes: toggled(attributes, key) },
    })),
  ];
  return (
    <ul className="shop-set-filters" aria-label={t.search.filtersSet}>
      {set.map(({ label, without }) => (
        <li key={label}>
          <button
            type="button"
            className="sl-chip"
            aria-label={t.search.remove(label)}
            onClick={() => onChange(without)}
          >
            {label}
            <Icon name="close" size={12} />
          </button>
        </li>
      ))}
      {countOf(narrowed) > 1 && (
        <li>
          <Button kind="quiet" size="small" onClick={() => onChange(UNFILTERED)}>
            {t.search.removeAll}
          </Button>
        </li>
      )}
    </ul>
  );
}
