import { useEffect } from "react";
import { useWords } from "./words/index.ts";

/** The title of the page in the tab: what it is, then whose. */
export function useTitle(title: string | undefined): void {
  const t = useWords();
  useEffect(() => {
    document.title = title ? `${title} · ${t.brand}` : t.brand;
  }, [title, t]);
}
