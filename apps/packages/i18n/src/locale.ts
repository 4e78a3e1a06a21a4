import { useSyncExternalStore } from "react";

/** The languages every screen exists in. */
export type Locale = "zh" | "en";

/** A text that carries both languages, as the API sends it. */
export type Text = { zh: string; en: string };

const STORAGE_KEY = "storeloop.locale";

/** The BCP 47 tag that Intl and `<html lang>` want. */
export const LANGUAGE_TAG: Record<Locale, string> = { zh: "zh-CN", en: "en" };

const listeners = new Set<() => void>();
let current: Locale = detect();
announce();

function detect(): Locale {
  const stored = read();
  if (stored) return stored;
  const wanted = typeof navigator === "undefined" ? [] : navigator.languages;
  for (const tag of wanted) {
    if (tag.toLowerCase().startsWith("zh")) return "zh";
    if (tag.toLowerCase().startsWith("en")) return "en";
  }
  return "zh";
}

function read(): Locale | null {
  try {
    const value = localStorage.getItem(STORAGE_KEY);
    return value === "zh" || value === "en" ? value : null;
  } catch {
    // Storage may be forbidden (private mode); the language then lasts as long as the page.
    return null;
  }
}

/** Screen readers and the API client read the language from the document. */
function announce(): void {
  if (typeof document !== "undefined") document.documentElement.lang = LANGUAGE_TAG[current];
}

/** The language of the page right now, for code outside components. */
export function getLocale(): Locale {
  return current;
}

/** Changes the language of every mounted component and remembers it on this device. */
export function setLocale(locale: Locale): void {
  if (locale === current) return;
  current = locale;
  try {
    localStorage.setItem(STORAGE_KEY, locale);
  } catch {
    // See read(): nothing to remember with.
  }
  announce();
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The language of the page, re-rendering when it changes. */
export function useLocale(): Locale {
  return useSyncExternalStore(subscribe, getLocale, getLocale);
}
