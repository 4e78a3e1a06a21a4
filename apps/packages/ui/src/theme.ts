import { useSyncExternalStore } from "react";

export type ThemeChoice = "system" | "light" | "dark";

const STORAGE_KEY = "storeloop.theme";
const listeners = new Set<() => void>();
const systemDark =
  typeof matchMedia === "function" ? matchMedia("(prefers-color-scheme: dark)") : null;

let choice: ThemeChoice = read();
apply();
systemDark?.addEventListener("change", () => listeners.forEach((listener) => listener()));

function read(): ThemeChoice {
  try {
    const value = localStorage.getItem(STORAGE_KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    // Storage may be forbidden; the device's own choice holds.
    return "system";
  }
}

function apply(): void {
  if (typeof document === "undefined") return;
  if (choice === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = choice;
}

export function setTheme(next: ThemeChoice): void {
  choice = next;
  try {
    if (next === "system") localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, next);
  } catch {
    // See read().
  }
  apply();
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The person's choice, and whether the screen is dark right now. */
export function useTheme(): { choice: ThemeChoice; isDark: boolean; setTheme: typeof setTheme } {
  const current = useSyncExternalStore(subscribe, () => choice);
  const system = useSyncExternalStore(subscribe, () => systemDark?.matches ?? false);
  return { choice: current, isDark: current === "system" ? system : current === "dark", setTheme };
}
