import { useEffect, useRef, useState } from "react";
import type { LiveEvent } from "./types.ts";

/** How fresh the screen is: `live` means events arrive, anything else means it may be stale. */
export type LiveState = "connecting" | "live" | "waiting";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Listens to a stream of server-sent events while mounted. The browser resumes by itself after a
 * lost connection (with `Last-Event-ID`); when it gives up, for example after a refusal, this
 * tries again ever more slowly. `onEvent` may be a new function at every render. `null` switches
 * the stream off. After a gap `onEvent` is called with `null`: anything may have changed.
 */
export function useLive(url: string | null, onEvent: (event: LiveEvent | null) => void): LiveState {
  const [state, setState] = useState<LiveState>("connecting");
  const latest = useRef(onEvent);
  useEffect(() => {
    latest.current = onEvent;
  });

  useEffect(() => {
    if (url === null) return;
    let source: EventSource | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    let wasLive = false;

    const open = () => {
      source = new EventSource(url);
      source.onopen = () => {
        failures = 0;
        setState("live");
        if (wasLive) latest.current(null);
        wasLive = true;
      };
      source.onmessage = (message: MessageEvent<string>) => {
        const event = parse(message.data);
        if (event) latest.current(event);
      };
      source.onerror = () => {
        setState("waiting");
        if (source?.readyState !== EventSource.CLOSED) return;
        const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
        failures += 1;
        timer = setTimeout(open, wait * (0.5 + Math.random()));
      };
    };
    open();
    // A stream that lost its network hears nothing of it for a while.
    const lost = () => setState("waiting");
    const found = () => {
      if (source?.readyState === EventSource.OPEN) setState("live");
    };
    addEventListener("offline", lost);
    addEventListener("online", found);
    return () => {
      removeEventListener("offline", lost);
      removeEventListener("online", found);
      clearTimeout(timer);
      source?.close();
    };
  }, [url]);

  return state;
}

function parse(data: string): LiveEvent | null {
  try {
    const value = JSON.parse(data) as Partial<LiveEvent>;
    return typeof value.kind === "string" ? (value as LiveEvent) : null;
  } catch {
    return null;
  }
}
