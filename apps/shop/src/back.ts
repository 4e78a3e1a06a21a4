import { useLocation } from "wouter";

/** Goes back to where the person was; opened from a link outside, to where the page belongs. */
export function useBack(home: string): () => void {
  const [, go] = useLocation();
  return () => {
    if (history.length > 1) history.back();
    else go(home);
  };
}
