import { type ReactNode, useSyncExternalStore } from "react";
import { type MoneyValue, type TimeValue, useI18n } from "@storeloop/i18n";
import { type Media, type SourcingWhy, type TimelineItem, usePlace } from "@storeloop/api";
import { Icon } from "./icons.tsx";
import { A } from "./link.tsx";
import { useUiWords } from "./words.ts";

export function Money({ value, whole }: { value: MoneyValue | null | undefined; whole?: boolean }) {
  const { money } = useI18n();
  return <span className="sl-price">{money(value, { whole: whole ?? false })}</span>;
}

/** A count in the digits of the reader. */
export function Quantity({ value }: { value: number | null | undefined }) {
  const { number } = useI18n();
  return <>{number(value)}</>;
}

let minute = Date.now();
const minuteListeners = new Set<() => void>();
let minuteTimer: ReturnType<typeof setInterval> | undefined;

function subscribeMinute(listener: () => void): () => void {
  minuteListeners.add(listener);
  minuteTimer ??= setInterval(() => {
    minute = Date.now();
    minuteListeners.forEach((each) => each());
  }, 30_000);
  return () => {
    minuteListeners.delete(listener);
    if (minuteListeners.size > 0) return;
    clearInterval(minuteTimer);
    minuteTimer = undefined;
  };
}

/** The time now, to the half minute: "3 minutes ago" must not stay 3 minutes for an hour. */
export function useNow(): number {
  return useSyncExternalStore(subscribeMinute, () => {
    if (minuteListeners.size === 0) minute = Date.now();
    return minute;
  });
}

type DateTimeProps = {
  value: TimeValue;
  /** The zone of the store it happened in; it is named when it is not the reader's. */
  zone?: string;
  /** `relative`: "3 minutes ago"; `exact`: date and time; `day`: "today 18:40". */
  as?: "relative" | "exact" | "day" | "date" | "time";
};

/** A point in time, with the exact one on hover. */
export function DateTime({ value, zone, as = "relative" }: DateTimeProps) {
  const formats = useI18n();
  const now = useNow();
  const exact = formats.dateTime(value, zone);
  const shown = {
    relative: () => formats.relative(value, now),
    exact: () => exact,
    day: () => formats.day(value, now, zone),
    date: () => formats.date(value, zone),
    time: () => formats.time(value, zone),
  }[as]();
  return (
    <time dateTime={new Date(value).toISOString()} title={exact}>
      {shown}
    </time>
  );
}

/** A time at a place by the clock on its wall; nothing while it is not known which that is. */
export function PlaceTime({ place, ...time }: { place: string } & Omit<DateTimeProps, "zone">) {
  const { data, isPending } = usePlace(place);
  if (isPending) return null;
  return <DateTime {...time} {...(data ? { zone: data.timezone } : {})} />;
}

/** Names and values in two columns; the last one can be a sum. */
export function Facts({
  items,
}: {
  items: { label: ReactNode; value: ReactNode; total?: boolean }[];
}) {
  return (
    <dl className="sl-facts">
      {items.map((item, index) => (
        <div key={index} className={item.total ? "sl-facts__total" : undefined}>
          <dt>{item.label}</dt>
          <dd>{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A typed id, `stf_01kv…`: means nothing to a person. */
const ID = /^(\w+:)?[a-z]+_[0-9a-z]{26}$/;

type TimelineProps = {
  /** In the order they are shown. */
  items: TimelineItem[];
  zone?: string;
  /** Where a moment leads, if anywhere. */
  hrefOf?: (item: TimelineItem) => string | null;
  /** The name of whoever did it, by their id; without it ids stay unsaid. */
  nameOf?: (actor: string) => string | undefined;
};

/** What happened to something; the latest moment is marked. */
export function Timeline({ items, zone, hrefOf, nameOf }: TimelineProps) {
  const t = useUiWords();
  const { text } = useI18n();
  const newestFirst = (items[0]?.at ?? "") > (items.at(-1)?.at ?? "");
  const latest = newestFirst ? 0 : items.length - 1;
  const who = (actor: string) =>
    nameOf?.(actor) ?? (actor.startsWith("system:") ? t.system : ID.test(actor) ? null : actor);
  return (
    <ol className="sl-timeline">
      {items.map((item, index) => {
        const href = hrefOf?.(item);
        const actor = item.actor && who(item.actor);
        return (
          <li
            key={`${item.at}${item.kind}${index}`}
            className={index === latest ? "sl-timeline__latest" : undefined}
          >
            <span>{href ? <A href={href}>{text(item.text)}</A> : text(item.text)}</span>
            <span className="sl-timeline__meta">
              <DateTime value={item.at} {...(zone ? { zone } : {})} />
              {actor && ` · ${actor}`}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** The door to the computation behind an automatic decision. */
export function Why({ label, children }: { label?: string; children: ReactNode }) {
  const t = useUiWords();
  return (
    <details className="sl-why">
      <summary>
        <Icon name="info" />
        {label ?? t.why}
        <Icon name="chevron" />
      </summary>
      <div className="sl-why__body">{children}</div>
    </details>
  );
}

/** Why a place serves an order: every candidate with what it would have cost, part by part. */
export function SourcingWhyTable({ why, currency }: { why: SourcingWhy; currency: string }) {
  const t = useUiWords();
  const { text, distance, money } = useI18n();
  return (
    <>
      <p>{text(why.objective)}</p>
      <div className="sl-table-scroll" tabIndex={0} role="region" aria-label={text(why.objective)}>
        <table className="sl-table">
          <thead>
            <tr>
              <th scope="col">{t.candidate}</th>
              <th scope="col" className="sl-table__number">
                {t.distance}
              </th>
              <th scope="col" className="sl-table__number">
                {t.cost}
              </th>
            </tr>
          </thead>
          <tbody>
            {why.candidates.map((candidate) => (
              <tr
                key={candidate.place_id}
                className={candidate.chosen ? "sl-table__chosen" : undefined}
              >
                <th scope="row">
                  {text(candidate.name)}
                  {candidate.chosen && ` · ${t.chosen}`}
                  <div className="sl-caption">
                    {candidate.excluded
                      ? text(candidate.excluded)
                      : candidate.parts
                          .map((part) => {
                            const cost = money({ amount_minor: part.cost_minor, currency });
                            return `${text(part.label)} ${cost}`;
                          })
                          .join(" + ")}
                    {!candidate.available_all && !candidate.excluded && ` · ${t.notEnough}`}
                  </div>
                </th>
                <td className="sl-table__number">
                  {candidate.distance_m === null ? "—" : distance(candidate.distance_m)}
                </td>
                <td className="sl-table__number">
                  {candidate.excluded
                    ? "—"
                    : money({ amount_minor: candidate.cost_minor, currency })}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

type RingProps = {
  /** 0 to 1; `null` draws the empty ring. */
  value: number | null;
  /** What the ring says, for those who do not see it. */
  label: string;
  size?: number;
  tone?: "accent" | "success" | "warning" | "danger";
  /** In the middle: a number, a word. */
  children?: ReactNode;
};

/** 环, the one ornament: how far round something is. */
export function Ring({ value, label, size = 64, tone = "accent", children }: RingProps) {
  const width = Math.max(4, size / 12);
  const radius = (size - width) / 2;
  const length = 2 * Math.PI * radius;
  const share = Math.min(1, Math.max(0, value ?? 0));
  const circle = { cx: size / 2, cy: size / 2, r: radius, fill: "none", strokeWidth: width };
  return (
    <span className={`sl-ring sl-ring--${tone}`} role="img" aria-label={label}>
      <svg width={size} height={size} viewBox={`0 0 ${size} ${size}`} aria-hidden="true">
        <circle {...circle} className="sl-ring__track" />
        {share > 0 && (
          <circle
            {...circle}
            className="sl-ring__value"
            strokeLinecap="round"
            strokeDasharray={length}
            strokeDashoffset={length * (1 - share)}
            transform={`rotate(-90 ${size / 2} ${size / 2})`}
          />
        )}
      </svg>
      {children !== undefined && (
        <span className="sl-ring__label" aria-hidden="true">
          {children}
        </span>
      )}
    </span>
  );
}

type PictureProps = {
  media: Media | null | undefined;
  /** Whose picture it is: the text for screen readers, and its first sign when there is none. */
  name: string;
  /** The first screen's pictures are loaded at once, the rest when they come near. */
  eager?: boolean;
  /** The name stands beside the picture already. */
  decorative?: boolean;
};

/** A product's picture in a square that is there before the picture is. */
export function Picture({ media, name, eager, decorative }: PictureProps) {
  const { text } = useI18n();
  const alt = decorative ? "" : (media && text(media.alt)) || name;
  return (
    <span className="sl-picture">
      <span className="sl-picture__initial" aria-hidden="true">
        {Array.from(name)[0] ?? ""}
      </span>
      {media && (
        <img
          src={media.url}
          alt={alt}
          width={media.width}
          height={media.height}
          loading={eager ? "eager" : "lazy"}
          decoding="async"
          // A picture that cannot be had leaves the initial, not a broken frame.
          onError={(event) => event.currentTarget.remove()}
        />
      )}
    </span>
  );
}
