import { useEffect, useState } from "react";

/** Whole seconds until an instant, ticking; never below zero. */
export function useSecondsUntil(instant: string | null | undefined): number | null {
  const end = instant ? Date.parse(instant) : null;
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (end === null) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [end]);
  return end === null ? null : Math.max(0, Math.ceil((end - now) / 1_000));
}

/** `14:59`. */
export function clock(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
}
