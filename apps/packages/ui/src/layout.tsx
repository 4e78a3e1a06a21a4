import { type KeyboardEvent, type ReactNode, useId, useRef } from "react";
import { IconButton } from "./button.tsx";
import { Icon, type IconName } from "./icons.tsx";
import { A } from "./link.tsx";
import { useUiWords } from "./words.ts";

/** Things below each other, at a distance on the grid (1 = 4 px). */
export function Stack({ gap = 4, children }: { gap?: 1 | 2 | 4 | 6 | 8; children: ReactNode }) {
  return <div className={`sl-stack sl-stack--${gap}`}>{children}</div>;
}

type RowProps = { between?: boolean; nowrap?: boolean; children: ReactNode };

/** Things side by side, wrapping where the phone is narrow. */
export function Row({ between, nowrap, children }: RowProps) {
  const classes = ["sl-row", between && "sl-row--between", nowrap && "sl-row--nowrap"];
  return <div className={classes.filter(Boolean).join(" ")}>{children}</div>;
}

type CardProps = {
  title?: ReactNode;
  /** What stands right of the title. */
  end?: ReactNode;
  /** The whole card is a link. */
  href?: string;
  flush?: boolean;
  children: ReactNode;
};

export function Card({ title, end, href, flush, children }: CardProps) {
  const className = flush ? "sl-card sl-card--flush" : "sl-card";
  const head = title && (
    <div className="sl-card__head">
      <h2 className="sl-card__title">{title}</h2>
      {end}
    </div>
  );
  if (href !== undefined) {
    return (
      <A className={className} href={href}>
        {head}
        {children}
      </A>
    );
  }
  return (
    <section className={className}>
      {head}
      {children}
    </section>
  );
}

export function List({ label, children }: { label?: string; children: ReactNode }) {
  return (
    <ul className="sl-list" aria-label={label}>
      {children}
    </ul>
  );
}

type ListItemProps = {
  title: ReactNode;
  hint?: ReactNode;
  start?: ReactNode;
  end?: ReactNode;
  icon?: IconName;
  href?: string;
  onClick?: () => void;
};

/** A line of a list. With `href` or `onClick` the whole line can be pressed. */
export function ListItem({ title, hint, start, end, icon, href, onClick }: ListItemProps) {
  const inside = (
    <>
      {icon ? <Icon name={icon} /> : start}
      <span className="sl-list-item__main">
        <span>{title}</span>
        {hint && <span className="sl-list-item__hint">{hint}</span>}
      </span>
      {end && <span className="sl-list-item__end">{end}</span>}
      {(href !== undefined || onClick) && (
        <span className="sl-list-item__arrow">
          <Icon name="chevron" />
        </span>
      )}
    </>
  );
  return (
    <li>
      {href !== undefined ? (
        <A className="sl-list-item" href={href} onClick={onClick}>
          {inside}
        </A>
      ) : onClick ? (
        <button type="button" className="sl-list-item" onClick={onClick}>
          {inside}
        </button>
      ) : (
        <div className="sl-list-item">{inside}</div>
      )}
    </li>
  );
}

type PageHeaderProps = {
  /** Left out where the page has its heading further down. */
  title?: ReactNode;
  /** Where "back" leads: an address, or what to do. */
  back?: string | (() => void);
  end?: ReactNode;
};

export function PageHeader({ title, back, end }: PageHeaderProps) {
  const t = useUiWords();
  return (
    <header className="sl-page-header">
      {back !== undefined && (
        <span className="sl-page-header__back">
          {typeof back === "string" ? (
            <IconButton icon="back" label={t.back} href={back} />
          ) : (
            <IconButton icon="back" label={t.back} onClick={back} />
          )}
        </span>
      )}
      {title !== undefined && <h1 className="sl-page-header__title">{title}</h1>}
      {end && <div className="sl-page-header__end">{end}</div>}
    </header>
  );
}

export type Tab<K extends string> = { key: K; label: ReactNode; panel: ReactNode };

type TabsProps<K extends string> = {
  label: string;
  tabs: Tab<K>[];
  current: K;
  onChange: (key: K) => void;
};

/** Tabs of one page: arrow keys move, the panel follows. */
export function Tabs<K extends string>({ label, tabs, current, onChange }: TabsProps<K>) {
  const id = useId();
  const bar = useRef<HTMLDivElement>(null);
  function onKeyDown(event: KeyboardEvent) {
    const at = tabs.findIndex((tab) => tab.key === current);
    const steps: Record<string, number> = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: tabs.length - 1,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = tabs[(step + tabs.length) % tabs.length];
    if (!next) return;
    onChange(next.key);
    bar.current?.querySelector<HTMLElement>(`[data-key="${next.key}"]`)?.focus();
  }
  const shown = tabs.find((tab) => tab.key === current);
  return (
    <>
      <div ref={bar} className="sl-tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.key}
            data-key={tab.key}
            type="button"
            role="tab"
            id={`${id}-${tab.key}`}
            aria-controls={`${id}-panel`}
            aria-selected={tab.key === current}
            tabIndex={tab.key === current ? 0 : -1}
            className="sl-tabs__tab"
            onClick={() => onChange(tab.key)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${current}`}>
        {shown?.panel}
      </div>
    </>
  );
}

export type BottomTab = {
  href: string;
  label: string;
  icon: IconName;
  current: boolean;
  count?: number | undefined;
};

/** The places of an app under the thumb; toasts rise above it. */
export function BottomTabs({ label, tabs }: { label: string; tabs: BottomTab[] }) {
  return (
    <nav className="sl-bottom-tabs" aria-label={label}>
      {tabs.map((tab) => (
        <A
          key={tab.href}
          className="sl-bottom-tabs__tab"
          href={tab.href}
          aria-current={tab.current ? "page" : undefined}
        >
          <span className="sl-bottom-tabs__icon">
            <Icon name={tab.icon} />
            {tab.count ? (
              <span className="sl-bottom-tabs__count">{tab.count > 99 ? "99+" : tab.count}</span>
            ) : null}
          </span>
          {tab.label}
        </A>
      ))}
    </nav>
  );
}
