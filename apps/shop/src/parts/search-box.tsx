import { type Suggestion, suggestionList } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Icon, MarkedName, Picture, useDelayed } from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useId, useState } from "react";
import { useLocation } from "wouter";
import { NOT_NARROWED, writeNarrowed } from "../state/narrowed.ts";
import { useWhere } from "../state/nearby.ts";
import { useWords } from "../words/index.ts";

/** Where a suggestion leads. */
function hrefOf(one: Suggestion): string {
  if (one.product) return `/p/${one.product.id}`;
  const narrowed = one.category_id ? { category: one.category_id } : { brands: [one.brand ?? ""] };
  return writeNarrowed({ ...NOT_NARROWED, ...narrowed });
}

type SearchBoxProps = {
  /** What the list beside it answers. */
  q?: string;
  autoFocus?: boolean;
};

/** A search box that suggests categories, brands and products while somebody types. */
export function SearchBox({ q = "", autoFocus }: SearchBoxProps) {
  const t = useWords();
  const [, go] = useLocation();
  const id = useId();
  const where = useWhere();
  const [value, setValue] = useState(q);
  const [known, setKnown] = useState(q);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  // The address changed by itself (a link, the back button): the box says what is shown.
  if (known !== q) {
    setKnown(q);
    setValue(q);
  }
  const typed = useDelayed(value.trim());
  const suggestions = useQuery({
    queryKey: ["suggestions", typed, where],
    queryFn: () => suggestionList({ q: typed, ...where }),
    enabled: open && typed !== "",
    staleTime: 60_000,
  });
  const items = typed !== "" && typed === value.trim() ? (suggestions.data?.items ?? []) : [];
  const isOpen = open && items.length > 0;
  const close = () => {
    setOpen(false);
    setAt(-1);
  };
  const choose = (one: Suggestion) => {
    close();
    go(hrefOf(one));
  };
  const search = (words: string) => {
    close();
    go(writeNarrowed({ ...NOT_NARROWED, q: words }));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // The letters of an unfinished Chinese word are the input method's, and so are its keys.
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      close();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || items.length === 0) return;
    event.preventDefault();
    setOpen(true);
    // One before the first is the box itself.
    const stops = items.length + 1;
    setAt((now) => ((now + 1 + step + stops) % stops) - 1);
  };
  return (
    <form
      className="sl-search shop-search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const chosen = items[at];
        if (isOpen && chosen) choose(chosen);
        else search(value.trim());
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) close();
      }}
    >
      <span className="sl-search__icon">
        <Icon name="search" />
      </span>
      <input
        className="sl-input"
        type="search"
        enterKeyHint="search"
        autoComplete="off"
        maxLength={200}
        role="combobox"
        aria-label={t.nav.search}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        aria-activedescendant={isOpen && at >= 0 ? `${id}-${at}` : undefined}
        placeholder={t.nav.search}
        value={value}
        // The page of a search exists to be typed into.
        autoFocus={autoFocus}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setValue(event.target.value);
          setOpen(true);
          setAt(-1);
          // The cross in the box: no words are no search.
          if (q && event.target.value === "") search("");
        }}
      />
      <span className="sl-visually-hidden" role="status">
        {isOpen && t.search.suggested(items.length)}
      </span>
      {isOpen && (
        <div className="shop-suggestions" id={id} role="listbox" aria-label={t.search.suggestions}>
          {items.map((one, index) => (
            <Suggested
              key={hrefOf(one)}
              id={`${id}-${index}`}
              suggestion={one}
              active={index === at}
              onChoose={() => choose(one)}
            />
          ))}
        </div>
      )}
    </form>
  );
}

type SuggestedProps = {
  id: string;
  suggestion: Suggestion;
  active: boolean;
  onChoose: () => void;
};

function Suggested({ id, suggestion, active, onChoose }: SuggestedProps) {
  const t = useWords();
  const { text, money } = useI18n();
  const { product } = suggestion;
  return (
    <div
      id={id}
      role="option"
      aria-selected={active}
      className="shop-suggestion"
      // The box keeps the focus, so that the list is still there when the press ends.
      onPointerDown={(event) => event.preventDefault()}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
    >
      <span className="shop-suggestion__picture">
        {product ? (
          <Picture media={product.image} name={text(product.name)} decorative />
        ) : (
          <Icon name={suggestion.kind === "brand" ? "tag" : "list"} />
        )}
      </span>
      <span className="sl-grow">
        <MarkedName parts={suggestion.parts} />
      </span>
      <span className="sl-caption">
        {product ? money(product.price) : t.search.kinds[suggestion.kind]}
      </span>
    </div>
  );
}
