import { categoryList } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { A } from "@storeloop/ui";
import { useQuery } from "@tanstack/react-query";
import { useWords } from "../words/index.ts";

/** The top categories as a row to swipe, with the children of the chosen one below it. */
export function Categories({ current }: { current?: string }) {
  const t = useWords();
  const { text } = useI18n();
  const categories = useQuery({
    queryKey: ["categories"],
    queryFn: categoryList,
    staleTime: 10 * 60_000,
  });
  // Without them the shop still works by search; nothing to bother anybody with.
  const all = categories.data?.items ?? [];
  if (all.length === 0) return null;
  const sorted = [...all].sort((a, b) => a.position - b.position);
  const chosen = sorted.find((category) => category.id === current);
  const top = chosen?.parent_id ?? chosen?.id;
  const children = top ? sorted.filter((category) => category.parent_id === top) : [];
  const chip = (id: string | undefined, label: string, active: boolean) => (
    <li key={id ?? ""}>
      <A
        className="sl-chip"
        href={id ? `/products?category=${id}` : "/products"}
        aria-current={active ? "true" : undefined}
      >
        {label}
      </A>
    </li>
  );
  return (
    <nav aria-label={t.home.categories}>
      <ul className="shop-swipe">
        {chip(undefined, t.home.all, current === undefined)}
        {sorted
          .filter((category) => category.parent_id === null)
          .map((category) => chip(category.id, text(category.name), category.id === top))}
      </ul>
      {children.length > 0 && (
        <ul className="shop-swipe">
          {children.map((category) =>
            chip(category.id, text(category.name), category.id === current),
          )}
        </ul>
      )}
    </nav>
  );
}
