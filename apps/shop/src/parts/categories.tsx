import { type Category, categoryList, type ProductFacets } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { A } from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { type Narrowed, NOT_NARROWED, writeNarrowed } from "../state/narrowed.ts";
import { useWords } from "../words/index.ts";

const TEN_MINUTES_MS = 10 * 60_000;

/** All categories; they change rarely. */
export function useCategories() {
  return useQuery({ queryKey: ["categories"], queryFn: categoryList, staleTime: TEN_MINUTES_MS });
}

type CategoriesProps = {
  /** The list they narrow; all products when absent. */
  of?: Narrowed;
  /** How many of the list each has; one with none is left out. */
  counts?: ProductFacets["categories"] | undefined;
};

/** The top categories as a row to swipe, with the children of the chosen one below it. */
export function Categories({ of = NOT_NARROWED, counts }: CategoriesProps) {
  const t = useWords();
  const { text, number } = useI18n();
  const categories = useCategories();
  // Without them the shop still works by search; nothing to bother anybody with.
  const all = categories.data?.items ?? [];
  if (all.length === 0) return null;
  const countOf = (id: string) => counts?.find((one) => one.category_id === id)?.count ?? 0;
  const chosen = all.find((category) => category.id === of.category);
  const top = chosen?.parent_id ?? chosen?.id;
  const current = (category: Category) => category.id === top || category.id === of.category;
  const shown = all
    .filter((category) => !counts || countOf(category.id) > 0 || current(category))
    .sort((a, b) => a.position - b.position);
  const children = top ? shown.filter((category) => category.parent_id === top) : [];
  const chip = (id: string | undefined, label: string, active: boolean) => (
    <li key={id ?? ""}>
      <A
        className="sl-chip"
        href={writeNarrowed({ ...of, category: id })}
        aria-current={active ? "true" : undefined}
      >
        {label}
        {counts && id && <span className="sl-caption">{number(countOf(id))}</span>}
      </A>
    </li>
  );
  return (
    <nav aria-label={t.home.categories}>
      <ul className="shop-swipe">
        {chip(undefined, t.home.all, of.category === undefined)}
        {shown
          .filter((category) => category.parent_id === null)
          .map((category) => chip(category.id, text(category.name), category.id === top))}
      </ul>
      {children.length > 0 && (
        <ul className="shop-swipe">
          {children.map((category) =>
            chip(category.id, text(category.name), category.id === of.category),
          )}
        </ul>
      )}
    </nav>
  );
}
