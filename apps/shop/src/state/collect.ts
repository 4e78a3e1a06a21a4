import type { Availability, Text } from "@storeloop/api";

/** Sorts an unknown distance last; farther than any place on earth, in metres. */
const FARTHEST = 1e9;

export type Wanted = { sku_id: string; quantity: number };

/** A store that can prepare everything that is wanted. */
export type CollectStore = {
  place_id: string;
  name: Text;
  distance_m: number | null;
  ready_at: string;
  ready_in_minutes: number;
};

/**
 * The stores that have every line in full, nearest first (unknown distances last), then the one
 * that is ready first. The promise is that of the slowest line.
 */
export function storesWithEverything(wanted: Wanted[], items: Availability[]): CollectStore[] {
  const bySku = new Map(items.map((item) => [item.sku_id, item]));
  const [first, ...rest] = wanted;
  if (!first) return [];
  const stores: CollectStore[] = [];
  for (const place of bySku.get(first.sku_id)?.places ?? []) {
    if (place.available < first.quantity) continue;
    const store = { ...place };
    const complete = rest.every((line) => {
      const other = bySku.get(line.sku_id)?.places.find((p) => p.place_id === place.place_id);
      if (!other || other.available < line.quantity) return false;
      if (other.ready_in_minutes > store.ready_in_minutes) {
        store.ready_in_minutes = other.ready_in_minutes;
        store.ready_at = other.ready_at;
      }
      return true;
    });
    if (!complete) continue;
    const { place_id, name, distance_m, ready_at, ready_in_minutes } = store;
    stores.push({ place_id, name, distance_m, ready_at, ready_in_minutes });
  }
  return stores.sort(
    (a, b) =>
      (a.distance_m ?? FARTHEST) - (b.distance_m ?? FARTHEST) ||
      a.ready_in_minutes - b.ready_in_minutes,
  );
}

/** The lines no single store can fill, with the most that one store has. */
export function shortLines(wanted: Wanted[], items: Availability[]): (Wanted & { best: number })[] {
  return wanted
    .map((line) => {
      const places = items.find((item) => item.sku_id === line.sku_id)?.places ?? [];
      return { ...line, best: Math.max(0, ...places.map((place) => place.available)) };
    })
    .filter((line) => line.best < line.quantity);
}
