import { useEffect, useState } from "react";

const TYPING_PAUSE_MS = 250;

/** The value once typing pauses, so that a search is one call and not one a letter. */
export function useDelayed(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
