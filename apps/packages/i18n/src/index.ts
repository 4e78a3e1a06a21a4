/**
 * Words, numbers and times of both languages.
 *
 * Owns: which language the page speaks, the shape of message catalogues, Intl formats.
 * Never does: fetch anything, hold words of a particular app.
 */
import { type Formats, formatsFor } from "./format.ts";
import { type Locale, setLocale, useLocale } from "./locale.ts";

export { exponentOf, fromBasisPoints, fromMinor, toBasisPoints, toMinor } from "./amount.ts";
export { type Formats, formatsFor, type MoneyValue, type TimeValue, viewerZone } from "./format.ts";
export { getLocale, LANGUAGE_TAG, type Locale, setLocale, type Text, useLocale } from "./locale.ts";
export { defineMessages, type Like } from "./messages.ts";

/** The language of the page, its formats, and the switch. */
export function useI18n(): Formats & { setLocale: (locale: Locale) => void } {
  return { ...formatsFor(useLocale()), setLocale };
}
