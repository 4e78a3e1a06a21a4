import { type Locale, useLocale } from "./locale.ts";

/**
 * The shape a catalogue in another language must have: the same keys, plain strings where the
 * first has strings, functions of the same parameters where it has functions. A key that is
 * missing or left over in one language is a type error.
 */
export type Like<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => string
    ? (...args: A) => string
    : T[K] extends string
      ? string
      : Like<T[K]>;
};

/**
 * Makes the hook that hands a component its words:
 *
 *     export const useWords = defineMessages({ zh, en });
 *     const t = useWords();
 *     t.cart.items(3)
 */
export function defineMessages<T>(catalogues: { zh: T; en: Like<T> }): () => Like<T> {
  const byLocale: Record<Locale, Like<T>> = {
    zh: catalogues.zh as Like<T>,
    en: catalogues.en,
  };
  return function useMessages() {
    return byLocale[useLocale()];
  };
}
