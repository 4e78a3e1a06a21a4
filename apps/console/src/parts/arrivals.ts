/**
 * What happened since a list was read. New rows announce themselves and are fetched when somebody
 * asks for them, so that nothing moves under a hand.
 */
import { useSyncExternalStore } from "react";

/** The first part of an event's kind: `orders` of `orders.order_placed.v1`. */
type Area = string;

const arrived = new Map<Area, Set<string>>();
const listeners = new Set<() => void>();

function tell(): void {
  listeners.forEach((listener) => listener());
}

/** Notes that something of an area changed; one thing counts once. */
export function noteArrival(kind: string, aggregate: string): void {
  const area = kind.split(".")[0] ?? "";
  const things = arrived.get(area) ?? new Set();
  arrived.set(area, things.add(aggregate));
  tell();
}

function clearArrivals(area: Area): void {
  if (arrived.delete(area)) tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** How many things of an area changed since `clear`; none for a list that has no area. */
export function useArrivals(area: Area | undefined): { count: number; clear: () => void } {
  const count = useSyncExternalStore(subscribe, () =>
    area === undefined ? 0 : (arrived.get(area)?.size ?? 0),
  );
  return { count, clear: () => area !== undefined && clearArrivals(area) };
}
