import { LANGUAGE_TAG, type Locale, type Text } from "./locale.ts";

/** Money as the API sends it: integer minor units of a currency. */
export type MoneyValue = { amount_minor: number; currency: string };

/** Time as the API sends it (RFC 3339), or a clock reading of this machine. */
export type TimeValue = string | number | Date;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Everything that turns a value into words and digits of one language. */
export type Formats = ReturnType<typeof makeFormats>;

const cache = new Map<string, unknown>();

/** Intl formatters are slow to make and free to keep. */
function kept<T>(key: string, make: () => T): T {
  const hit = cache.get(key);
  if (hit !== undefined) return hit as T;
  const made = make();
  cache.set(key, made);
  return made;
}

function toDate(value: TimeValue): Date {
  return value instanceof Date ? value : new Date(value);
}

/** The zone of the person looking at the screen. */
export function viewerZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function makeFormats(locale: Locale) {
  const tag = LANGUAGE_TAG[locale];

  function text(value: Text | null | undefined): string {
    if (!value) return "";
    return value[locale] || value.zh || value.en;
  }

  function currencyFormat(currency: string, whole: boolean) {
    return kept(`m${tag}${currency}${whole}`, () => {
      const options: Intl.NumberFormatOptions = {
        style: "currency",
        currency,
        currencyDisplay: "narrowSymbol",
      };
      if (whole) options.maximumFractionDigits = 0;
      return new Intl.NumberFormat(tag, options);
    });
  }

  /** `¥199.00`; `{ whole: true }` drops the minor units where only the size matters. */
  function money(value: MoneyValue | null | undefined, options?: { whole?: boolean }): string {
    if (!value) return "—";
    const exact = currencyFormat(value.currency, false);
    const digits = exact.resolvedOptions().maximumFractionDigits ?? 2;
    const format = options?.whole ? currencyFormat(value.currency, true) : exact;
    return format.format(value.amount_minor / 10 ** digits);
  }

  function number(value: number | null | undefined, options?: Intl.NumberFormatOptions): string {
    if (value === null || value === undefined) return "—";
    return kept(`n${tag}${JSON.stringify(options ?? {})}`, () => {
      return new Intl.NumberFormat(tag, options);
    }).format(value);
  }

  /** A share between 0 and 1 as a percentage with at most `digits` decimals. */
  function percent(value: number | null | undefined, digits = 1): string {
    return number(value, { style: "percent", maximumFractionDigits: digits });
  }

  function dateFormat(options: Intl.DateTimeFormatOptions) {
    return kept(`d${tag}${JSON.stringify(options)}`, () => {
      return new Intl.DateTimeFormat(tag, { hourCycle: "h23", ...options });
    });
  }

  /** `2026年11月23日`, `23 Nov 2026`. */
  function date(value: TimeValue, zone?: string): string {
    return dateFormat({ dateStyle: "medium", timeZone: zone }).format(toDate(value));
  }

  /** `11月23日`, `Nov 23`: where the year is known. */
  function shortDate(value: TimeValue, zone?: string): string {
    return dateFormat({ month: "short", day: "numeric", timeZone: zone }).format(toDate(value));
  }

  /** `11月26日周四`, `Thu, Nov 26`: a day that is promised. */
  function weekday(value: TimeValue, zone?: string): string {
    return dateFormat({
      weekday: "short",
      month: "short",
      day: "numeric",
      timeZone: zone,
    }).format(toDate(value));
  }

  /** `14:05`. */
  function time(value: TimeValue, zone?: string): string {
    return dateFormat({ hour: "2-digit", minute: "2-digit", timeZone: zone }).format(toDate(value));
  }

  /** Date and time to the minute, with the zone named when it is not the viewer's. */
  function dateTime(value: TimeValue, zone?: string): string {
    const foreign = zone !== undefined && zone !== viewerZone();
    return dateFormat({
      year: "numeric",
      month: "short",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      timeZone: zone,
      ...(foreign ? { timeZoneName: "short" } : {}),
    }).format(toDate(value));
  }

  /** Day in the zone, as a number that can be compared. */
  function dayOf(value: Date, zone?: string): number {
    const parts = kept(`k${zone ?? ""}`, () => {
      return new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeZone: zone });
    }).format(value);
    return Date.parse(`${parts}T00:00:00Z`) / DAY;
  }

  /** ` GMT+8` where the clock of a zone differs from the viewer's at that instant. */
  function foreignZone(at: Date, zone?: string): string {
    if (zone === undefined || zone === viewerZone()) return "";
    const shown = (timeZone?: string) =>
      dateFormat({ dateStyle: "short", timeStyle: "short", timeZone }).format(at);
    if (shown(zone) === shown()) return "";
    const parts = dateFormat({ hour: "2-digit", timeZone: zone, timeZoneName: "short" });
    const name = parts.formatToParts(at).find((part) => part.type === "timeZoneName")?.value;
    return name ? ` ${name}` : "";
  }

  /**
   * `今天 18:40`, `tomorrow 10:00`, `26 Nov 10:00`: when something is promised. A clock that is not
   * the viewer's is named.
   */
  function day(value: TimeValue, now: TimeValue = Date.now(), zone?: string): string {
    const at = toDate(value);
    const named = foreignZone(at, zone);
    const distance = dayOf(at, zone) - dayOf(toDate(now), zone);
    if (Math.abs(distance) <= 1) {
      const word = kept(`r${tag}`, () => {
        return new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
      }).format(distance, "day");
      return `${word} ${time(at, zone)}${named}`;
    }
    return `${shortDate(at, zone)} ${time(at, zone)}${named}`;
  }

  /** `3 分钟前`, `in 2 hours`; the nearest whole unit. */
  function relative(value: TimeValue, now: TimeValue = Date.now()): string {
    const distance = toDate(value).getTime() - toDate(now).getTime();
    const size = Math.abs(distance);
    const format = kept(`r${tag}`, () => new Intl.RelativeTimeFormat(tag, { numeric: "auto" }));
    if (size < 45_000) return format.format(0, "second");
    if (size < HOUR) return format.format(Math.round(distance / MINUTE), "minute");
    if (size < DAY) return format.format(Math.round(distance / HOUR), "hour");
    if (size < 30 * DAY) return format.format(Math.round(distance / DAY), "day");
    if (size < 365 * DAY) return format.format(Math.round(distance / (30 * DAY)), "month");
    return format.format(Math.round(distance / (365 * DAY)), "year");
  }

  /** `40 分钟`, `2 h 5 min`; whole minutes, days from two days on. */
  function duration(minutes: number): string {
    const whole = Math.max(0, Math.round(minutes));
    const unit = (value: number, name: "day" | "hour" | "minute") =>
      number(value, { style: "unit", unit: name, unitDisplay: locale === "zh" ? "long" : "short" });
    if (whole < 60) return unit(whole, "minute");
    if (whole < 48 * 60) {
      const rest = whole % 60;
      const hours = unit(Math.floor(whole / 60), "hour");
      return rest === 0 ? hours : `${hours} ${unit(rest, "minute")}`;
    }
    return unit(Math.round(whole / (24 * 60)), "day");
  }

  /** `600 米`, `2.4 km`. */
  function distance(metres: number): string {
    const unitDisplay = locale === "zh" ? "long" : "short";
    if (metres < 950) {
      const rounded = metres < 100 ? Math.round(metres) : Math.round(metres / 50) * 50;
      return number(rounded, { style: "unit", unit: "meter", unitDisplay });
    }
    const maximumFractionDigits = metres < 10_000 ? 1 : 0;
    return number(metres / 1000, {
      style: "unit",
      unit: "kilometer",
      unitDisplay,
      maximumFractionDigits,
    });
  }

  /** `甲、乙和丙`, `A, B and C`. */
  function list(items: string[]): string {
    return kept(`l${tag}`, () => new Intl.ListFormat(tag, { type: "conjunction" })).format(items);
  }

  return {
    locale,
    text,
    money,
    number,
    percent,
    date,
    shortDate,
    weekday,
    time,
    dateTime,
    day,
    relative,
    duration,
    distance,
    list,
  };
}

/** The formats of one language; the same object every time. */
export function formatsFor(locale: Locale): Formats {
  return kept(`f${locale}`, () => makeFormats(locale));
}
