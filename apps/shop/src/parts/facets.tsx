import type { ProductFacets } from "@storeloop/api";
import { exponentOf, fromMinor, toMinor, useI18n } from "@storeloop/i18n";
import { Button, Checkbox, RadioGroup, TextInput } from "@storeloop/ui";
import { type ReactNode, useState } from "react";
import { hasPrice, type Narrowed, type Stock, toggled } from "../state/narrowed.ts";
import { useNearby } from "../state/nearby.ts";
import { useWords } from "../words/index.ts";

/** So many values of a facet before "more". */
const SHORT = 6;

export type FacetsProps = {
  facets: ProductFacets;
  narrowed: Narrowed;
  onChange: (change: Partial<Narrowed>) => void;
  /** Somebody wants to see what is near and has not said where they are. */
  onChoosePlace: () => void;
};

/** What a list can be narrowed to: stock, price, brand and the attributes that divide it. */
export function Facets({ facets, narrowed, onChange, onChoosePlace }: FacetsProps) {
  const t = useWords();
  const { text } = useI18n();
  return (
    <div className="shop-facets">
      <StockFacet {...{ facets, narrowed, onChange, onChoosePlace }} />
      <PriceFacet
        // The fields follow the address.
        key={`${narrowed.min}-${narrowed.max}`}
        {...{ facets, narrowed, onChange }}
      />
      {facets.brands.length > 0 && (
        <Values
          label={t.search.brand}
          values={facets.brands}
          chosen={narrowed.brands}
          onChange={(brands) => onChange({ brands })}
        />
      )}
      {facets.attributes.map((attribute) => (
        <Values
          key={attribute.key}
          label={text(attribute.label)}
          values={attribute.values}
          chosen={narrowed.attributes}
          onChange={(attributes) => onChange({ attributes })}
        />
      ))}
    </div>
  );
}

function Counted({ label, count }: { label: ReactNode; count: number | undefined }) {
  const { number } = useI18n();
  return (
    <span className="shop-counted">
      <span>{label}</span>
      {count !== undefined && <span className="sl-caption">{number(count)}</span>}
    </span>
  );
}

type ValuesProps = {
  label: string;
  values: ProductFacets["brands"];
  chosen: string[];
  onChange: (chosen: string[]) => void;
};

/** Values of which any number may be chosen. */
function Values({ label, values, chosen, onChange }: ValuesProps) {
  const t = useWords();
  const { text } = useI18n();
  const [all, setAll] = useState(false);
  const shown = values.filter((one, at) => all || at < SHORT || chosen.includes(one.key));
  return (
    <fieldset className="sl-field">
      <legend className="sl-field__label">{label}</legend>
      {shown.map((one) => (
        <Checkbox
          key={one.key}
          label={<Counted label={text(one.name)} count={one.count} />}
          checked={chosen.includes(one.key)}
          onChange={() => onChange(toggled(chosen, one.key))}
        />
      ))}
      {shown.length < values.length && (
        <Button kind="quiet" size="small" onClick={() => setAll(true)}>
          {t.search.moreValues(values.length - shown.length)}
        </Button>
      )}
    </fieldset>
  );
}

function StockFacet({ facets, narrowed, onChange, onChoosePlace }: FacetsProps) {
  const t = useWords();
  const { text } = useI18n();
  const { place } = useNearby();
  const counts = facets.availability;
  const option = (value: Stock, label: string) => ({
    value,
    label: <Counted label={label} count={counts?.[value]} />,
  });
  return (
    <div>
      <RadioGroup<Stock | "all">
        label={t.search.stockLabel}
        value={narrowed.stock ?? "all"}
        onChange={(stock) => onChange({ stock: stock === "all" ? undefined : stock })}
        options={[
          { value: "all", label: t.search.stockAll },
          option("any", t.search.stockAny),
          ...(place ? [option("near", t.search.stockNear)] : []),
          ...(place?.place ? [option("here", t.search.stockAt(text(place.place.name)))] : []),
        ]}
      />
      {!place && (
        <Button kind="quiet" size="small" icon="pin" onClick={onChoosePlace}>
          {t.search.stockWhere}
        </Button>
      )}
    </div>
  );
}

/** An end of prices as typed; null for what is none. */
function end(typed: string, currency: string): number | undefined | null {
  return typed.trim() === "" ? undefined : toMinor(typed, currency);
}

function PriceFacet({ facets, narrowed, onChange }: Omit<FacetsProps, "onChoosePlace">) {
  const t = useWords();
  const { currency } = facets;
  const rangeLabel = usePriceRange();
  const written = (minor: number | undefined) =>
    minor === undefined || !currency ? "" : fromMinor(minor, currency);
  const [from, setFrom] = useState(written(narrowed.min));
  const [to, setTo] = useState(written(narrowed.max));
  if (!currency) return null;
  const min = end(from, currency);
  const max = end(to, currency);
  const wrong = min === null || max === null || (min ?? 0) > (max ?? Infinity);
  const ranges = facets.prices.map((range) => ({
    value: `${range.min}-${range.max ?? ""}`,
    min: range.min || undefined,
    max: range.max ?? undefined,
    count: range.count,
  }));
  const chosen = ranges.find((one) => one.min === narrowed.min && one.max === narrowed.max);
  return (
    <div className="sl-stack sl-stack--2">
      <RadioGroup
        label={t.search.price}
        value={chosen?.value ?? (hasPrice(narrowed) ? null : "all")}
        onChange={(value) => {
          const range = ranges.find((one) => one.value === value);
          onChange({ min: range?.min, max: range?.max });
        }}
        options={[
          { value: "all", label: t.search.priceAll },
          ...(ranges.length > 1
            ? ranges.map((one) => ({
                value: one.value,
                label: <Counted label={rangeLabel(one, currency)} count={one.count} />,
              }))
            : []),
        ]}
      />
      <form
        className="shop-price-ends"
        onSubmit={(event) => {
          event.preventDefault();
          if (!wrong) onChange({ min: min ?? undefined, max: max ?? undefined });
        }}
      >
        <TextInput
          label={t.search.priceFrom}
          inputMode="decimal"
          value={from}
          onChange={setFrom}
          error={min === null ? t.search.priceWrong : undefined}
        />
        <TextInput
          label={t.search.priceTo}
          inputMode="decimal"
          value={to}
          onChange={setTo}
          error={min !== null && wrong ? t.search.priceWrong : undefined}
        />
        <Button type="submit">{t.search.apply}</Button>
      </form>
    </div>
  );
}

/** "¥100 to ¥199.99", "from ¥500". */
export function usePriceRange(): (
  range: Pick<Narrowed, "min" | "max">,
  currency: string,
) => string {
  const t = useWords();
  const { money } = useI18n();
  return ({ min, max }, currency) => {
    const sum = (amount_minor: number) =>
      money({ amount_minor, currency }, { whole: amount_minor % 10 ** exponentOf(currency) === 0 });
    if (max === undefined) return t.search.atLeast(sum(min ?? 0));
    if (min === undefined) return t.search.atMost(sum(max));
    return t.search.between(sum(min), sum(max));
  };
}
