import type { ReactNode } from "react";
import { useI18n } from "@storeloop/i18n";
import { A, BottomTabs, Icon, IconButton, Main, OfflineBanner, SkipLink } from "@storeloop/ui";
import { useLocation } from "wouter";
import { NearbyButton } from "./parts/place-picker.tsx";
import { countPieces, useCart } from "./state/cart.ts";
import { useMemberLive } from "./state/member.ts";
import { useWords } from "./words/index.ts";

/** What stands around every page: the way home, the place, the bag, the language. */
export function Shell({ children }: { children: ReactNode }) {
  const t = useWords();
  const { locale, setLocale } = useI18n();
  const [path] = useLocation();
  const cart = useCart();
  useMemberLive();

  const pieces = countPieces(cart.data);
  const isIn = (...roots: string[]) =>
    roots.some((root) => path === root || path.startsWith(`${root}/`));
  const tabs = [
    {
      href: "/",
      label: t.nav.home,
      icon: "home" as const,
      current: path === "/" || isIn("/products", "/p"),
    },
    {
      href: "/cart",
      label: t.nav.bag,
      icon: "bag" as const,
      current: isIn("/cart", "/checkout"),
      count: pieces,
    },
    { href: "/voice", label: t.nav.voice, icon: "voice" as const, current: isIn("/voice") },
    { href: "/me", label: t.nav.me, icon: "user" as const, current: isIn("/me", "/sign-in") },
  ];

  return (
    <>
      <SkipLink />
      <OfflineBanner />
      <header className="shop-header">
        <div className="shop-header__inner">
          <A className="shop-brand" href="/">
            <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
              <circle className="shop-brand__track" cx="16" cy="16" r="11" />
              <path className="shop-brand__arc" d="M16 5a11 11 0 1 1-10.46 7.6" />
            </svg>
            {t.brand}
          </A>
          <NearbyButton />
          <nav className="shop-header__nav" aria-label={t.nav.main}>
            {tabs.map((tab) => (
              <A
                key={tab.href}
                className="shop-header__link"
                href={tab.href}
                aria-current={tab.current ? "page" : undefined}
              >
                <Icon name={tab.icon} />
                {tab.label}
                {tab.count ? <span className="shop-header__count">{tab.count}</span> : null}
              </A>
            ))}
          </nav>
          <IconButton icon="search" label={t.nav.search} href="/products" />
          <button
            type="button"
            className="sl-button sl-button--quiet sl-button--small shop-header__language"
            lang={locale === "zh" ? "en" : "zh-CN"}
            onClick={() => setLocale(locale === "zh" ? "en" : "zh")}
          >
            {t.nav.language}
          </button>
        </div>
      </header>
      <Main path={path} className="shop-main">
        {children}
      </Main>
      <BottomTabs label={t.nav.main} tabs={tabs} />
    </>
  );
}
