import { type ReactNode, useEffect, useSyncExternalStore } from "react";
import { Icon } from "./icons.tsx";
import { IconButton } from "./button.tsx";
import { useUiWords } from "./words.ts";

type Toast = {
  id: number;
  text: ReactNode;
  kind: "done" | "failed";
  onUndo?: (() => void) | undefined;
  action?: { label: string; onPress: () => void } | undefined;
};

/** Long enough to read and to reach for "undo" (WCAG 2.2.1 asks for no less than can be read). */
const SHOWN_MS = 7_000;
const AT_MOST = 3;

let toasts: Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: Toast[]): void {
  toasts = next;
  listeners.forEach((listener) => listener());
}

function dismiss(id: number): void {
  set(toasts.filter((toast) => toast.id !== id));
}

/** Says that something was done, with a way back where there is one. */
export function toast(
  text: ReactNode,
  options: { kind?: Toast["kind"]; onUndo?: () => void; action?: Toast["action"] } = {},
): void {
  const { kind = "done", onUndo, action } = options;
  set([...toasts, { id: nextId++, text, kind, onUndo, action }].slice(-AT_MOST));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where toasts appear; once per app, outside of anything that scrolls. */
export function Toaster() {
  const t = useUiWords();
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className="sl-toasts" role="region" aria-label={t.notifications} aria-live="polite">
      {shown.map((item) => (
        <ToastLine key={item.id} item={item} />
      ))}
    </div>
  );
}

function ToastLine({ item }: { item: Toast }) {
  const t = useUiWords();
  useEffect(() => {
    const timer = setTimeout(() => dismiss(item.id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [item.id]);
  const action = item.onUndo ? { label: t.undo, onPress: item.onUndo } : item.action;
  return (
    <div className="sl-toast">
      <Icon name={item.kind === "done" ? "check" : "alert"} />
      <span>{item.text}</span>
      {action && (
        <button
          type="button"
          className="sl-toast__action"
          onClick={() => {
            dismiss(item.id);
            action.onPress();
          }}
        >
          {action.label}
        </button>
      )}
      <IconButton icon="close" label={t.close} onClick={() => dismiss(item.id)} />
    </div>
  );
}
