import { STAFF_SESSION_KEY, staffSignOut, streamFollow, useAction, useLive } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import {
  A,
  Icon,
  IconButton,
  Main,
  OfflineBanner,
  SkipLink,
  Tag,
  toast,
  useTheme,
} from "@storeloop/ui";
import { useQueryClient } from "@tanstack/react-query";
import { Drawer, Dropdown, type MenuProps } from "antd";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { MENU } from "./menu.ts";
import { noteArrival } from "./parts/arrivals.ts";
import { useSession } from "./session.tsx";
import { useWords } from "./words/index.ts";

const Palette = lazy(() => import("./parts/palette.tsx"));

const isMac = typeof navigator !== "undefined" && /mac/i.test(navigator.userAgent);

/** Menu, search and the person, around every page. */
export function Shell({ children }: { children: ReactNode }) {
  const t = useWords();
  const [path] = useLocation();
  const [searching, setSearching] = useState(false);
  const [menuOpen, setMenuOpen] = useState(false);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setSearching(true);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  return (
    <div className="console">
      <SkipLink />
      <aside className="console-side">
        <Brand />
        <Menu path={path} />
      </aside>
      <Drawer
        open={menuOpen}
        onClose={() => setMenuOpen(false)}
        placement="left"
        size={264}
        title={<Brand />}
        styles={{ body: { padding: 12 } }}
      >
        <Menu path={path} onFollow={() => setMenuOpen(false)} />
      </Drawer>
      <div className="console-main">
        <header className="console-head">
          <span className="console-head__menu">
            <IconButton icon="list" label={t.shell.openMenu} onClick={() => setMenuOpen(true)} />
          </span>
          <button type="button" className="console-search" onClick={() => setSearching(true)}>
            <Icon name="search" />
            <span className="console-search__words">{t.shell.searchHint}</span>
            <kbd>{isMac ? "⌘K" : "Ctrl K"}</kbd>
          </button>
          <LiveTag />
          <Person />
        </header>
        <OfflineBanner />
        <Main path={path} brand={t.app} className="console-page">
          {children}
        </Main>
      </div>
      {searching && (
        <Suspense>
          <Palette onClose={() => setSearching(false)} />
        </Suspense>
      )}
    </div>
  );
}

function Brand() {
  const t = useWords();
  return (
    <A href="/" className="console-brand">
      <svg width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">
        <circle
          cx="12"
          cy="12"
          r="8.5"
          fill="none"
          strokeWidth="4"
          className="console-brand__track"
        />
        <circle
          cx="12"
          cy="12"
          r="8.5"
          fill="none"
          strokeWidth="4"
          strokeLinecap="round"
          strokeDasharray="40 14"
          className="console-brand__ring"
        />
      </svg>
      {t.app}
    </A>
  );
}

function Menu({ path, onFollow }: { path: string; onFollow?: () => void }) {
  const t = useWords();
  const { may } = useSession();
  const isCurrent = (href: string) =>
    href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
  return (
    <nav aria-label={t.menu.label} className="console-menu">
      {MENU.map((group) => {
        const items = group.items.filter((item) => !item.permission || may(item.permission));
        if (items.length === 0) return null;
        return (
          <div key={group.key ?? "top"}>
            {group.key && <div className="console-menu__group">{t.menu[group.key]}</div>}
            {items.map((item) => (
              <A
                key={item.key}
                href={item.href}
                className="console-menu__item"
                aria-current={isCurrent(item.href) ? "page" : undefined}
                onClick={() => onFollow?.()}
              >
                <Icon name={item.icon} />
                {t.menu[item.key]}
              </A>
            ))}
          </div>
        );
      })}
    </nav>
  );
}

/** One stream for the whole console: figures and the open object are fresh, lists are told. */
function LiveTag() {
  const t = useWords();
  const queries = useQueryClient();
  const state = useLive(streamFollow({ topics: "home,orders,fulfilments,stock" }), (event) => {
    // After a gap anything may have changed.
    if (event === null) return void queries.invalidateQueries();
    noteArrival(event.kind, event.aggregate);
    void queries.invalidateQueries({ queryKey: ["home"] });
    void queries.invalidateQueries({ queryKey: ["object", event.aggregate] });
  });
  return (
    <span className="console-live">
      {/* The first connection takes a moment and is no news. */}
      {state !== "connecting" && (
        <Tag tone={state === "live" ? "success" : "warning"}>
          {state === "live" ? t.shell.live : t.shell.stale}
        </Tag>
      )}
    </span>
  );
}

function Person() {
  const t = useWords();
  const { staff } = useSession();
  const { locale, setLocale } = useI18n();
  const { choice, setTheme } = useTheme();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const signOut = useAction(() => staffSignOut(), {
    onSuccess: () => {
      queries.clear();
      queries.setQueryData(STAFF_SESSION_KEY, null);
    },
    onError: () => toast(t.shell.stale, { kind: "failed" }),
  });
  const items: MenuProps["items"] = [
    { key: "me", label: t.menu.me, onClick: () => navigate("/me") },
    { type: "divider" },
    {
      key: "language",
      type: "group",
      label: t.shell.language,
      children: [
        { key: "zh", label: "中文", onClick: () => setLocale("zh") },
        { key: "en", label: "English", onClick: () => setLocale("en") },
      ],
    },
    {
      key: "theme",
      type: "group",
      label: t.shell.theme,
      children: (["system", "light", "dark"] as const).map((key) => ({
        key,
        label: t.shell.themes[key],
        onClick: () => setTheme(key),
      })),
    },
    { type: "divider" },
    {
      key: "out",
      label: t.shell.signOut,
      onClick: () => signOut.mutate(undefined),
    },
  ];
  return (
    <Dropdown menu={{ items, selectedKeys: [locale, choice] }} trigger={["click"]}>
      <button type="button" className="console-person">
        <Icon name="user" />
        <span className="console-person__name">{staff.name}</span>
      </button>
    </Dropdown>
  );
}
