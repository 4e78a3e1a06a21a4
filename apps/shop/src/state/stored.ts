import { useSyncExternalStore } from "react";

/** A small value this device remembers, shared by every component that reads it. */
export type Stored<T> = {
  get: () => T;
  set: (value: T) => void;
  use: () => T;
};

/**
 * `parse` decides whether what lies in storage can be trusted; anything else is the fallback.
 * Where storage is forbidden, the value lives as long as the page.
 */
export function stored<T>(
  key: string,
  fallback: T,
  parse: (raw: unknown) => T | undefined,
): Stored<T> {
  const listeners = new Set<() => void>();
  let value = read();

  function read(): T {
    try {
      const raw = localStorage.getItem(key);
      return raw === null ? fallback : (parse(JSON.parse(raw)) ?? fallback);
    } catch {
      return fallback;
    }
  }

  function set(next: T): void {
    value = next;
    try {
      if (next === fallback) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(next));
    } catch {
      // Nothing to remember with; see above.
    }
    listeners.forEach((listener) => listener());
  }

  // Another tab may have changed it.
  if (typeof window !== "undefined") {
    window.addEventListener("storage", (event) => {
      if (event.key !== key) return;
      value = read();
      listeners.forEach((listener) => listener());
    });
  }

  function subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  return {
    get: () => value,
    set,
    use: () => useSyncExternalStore(subscribe, () => value),
  };
}
