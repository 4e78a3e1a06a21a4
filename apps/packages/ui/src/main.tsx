import { type ReactNode, useEffect, useRef } from "react";
import { fetchPagesAhead, PageBoundary } from "./pages.tsx";
import { useUiWords } from "./words.ts";

/** The page "back" and "forward" led to; whoever goes back wants to be where they were. */
let returnedTo: string | null = null;
if (typeof addEventListener === "function") {
  addEventListener("popstate", () => {
    returnedTo = location.pathname;
  });
}

/** The first stop of the keyboard: past what stands around every page. */
export function SkipLink() {
  const t = useUiWords();
  return (
    <a className="sl-skip" href="#main">
      {t.skip}
    </a>
  );
}

type MainProps = {
  /** Where the router is. */
  path: string;
  /** Whose page it is: the tab is called by the page's heading, then by this. */
  brand?: string;
  className?: string;
  children: ReactNode;
};

/** The page itself. A new one starts at its top, and screen readers are taken there; one that breaks says so. */
export function Main({ path, brand, className, children }: MainProps) {
  const main = useRef<HTMLElement>(null);
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    if (returnedTo !== location.pathname) scrollTo(0, 0);
    returnedTo = null;
    main.current?.focus({ preventScroll: true });
  }, [path]);
  useEffect(() => fetchPagesAhead(), []);
  useEffect(() => {
    const page = main.current;
    if (!page || brand === undefined) return;
    const call = () => {
      const heading = page.querySelector("h1")?.textContent;
      document.title = heading ? `${heading} · ${brand}` : brand;
    };
    call();
    const observer = new MutationObserver(call);
    observer.observe(page, { childList: true, subtree: true, characterData: true });
    return () => observer.disconnect();
  }, [brand]);
  return (
    <main id="main" className={className} ref={main} tabIndex={-1}>
      <PageBoundary path={path}>{children}</PageBoundary>
    </main>
  );
}
