import { useState } from "react";

/** State that this device remembers; without storage it lasts as long as the page. */
export function useKept<T>(key: string, initial: T): [T, (value: T) => void] {
  const name = `storeloop.${key}`;
  const [value, setValue] = useState<T>(() => {
    try {
      const stored = localStorage.getItem(name);
      return stored === null ? initial : (JSON.parse(stored) as T);
    } catch {
      return initial;
    }
  });
  const keep = (next: T) => {
    setValue(next);
    try {
      localStorage.setItem(name, JSON.stringify(next));
    } catch {
      // Storage may be forbidden.
    }
  };
  return [value, keep];
}
