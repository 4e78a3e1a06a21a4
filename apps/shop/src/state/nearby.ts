import type { Text } from "@storeloop/i18n";
import type { Where } from "./narrowed.ts";
import { stored } from "./stored.ts";

/** Where the shopper is, or the store they chose to stand for it. */
export type Nearby = {
  lat: number;
  lon: number;
  /** The chosen store; `null` for the device's own position. */
  place: { id: string; name: Text } | null;
};

/** Three decimals are about a hundred metres: enough to sort stores, no more than needed. */
const DECIMALS = 3;

function parse(raw: unknown): Nearby | undefined {
  const value = raw as Partial<Nearby> | null;
  if (typeof value?.lat !== "number" || typeof value.lon !== "number") return undefined;
  return { lat: value.lat, lon: value.lon, place: value.place ?? null };
}

const nearby = stored<Nearby | null>("storeloop.nearby", null, parse);

function coarse(degrees: number): number {
  return Number(degrees.toFixed(DECIMALS));
}

export function setNearby(lat: number, lon: number, place: Nearby["place"]): void {
  nearby.set({ lat: coarse(lat), lon: coarse(lon), place });
}

export function clearNearby(): void {
  nearby.set(null);
}

/** The place and the `near=` parameter it stands for. */
export function useNearby(): { place: Nearby | null; near: string | undefined } {
  const place = nearby.use();
  return { place, near: place ? `${place.lat},${place.lon}` : undefined };
}

/** From where a search looks: the chosen store, or else where the shopper is. */
export function useWhere(): Where {
  const { place, near } = useNearby();
  if (place?.place) return { place: place.place.id };
  return near ? { near } : {};
}

/** Asks the device where it is; rejects when the person or the device says no. */
export function locate(): Promise<{ lat: number; lon: number }> {
  return new Promise((resolve, reject) => {
    if (!("geolocation" in navigator)) {
      reject(new Error("no geolocation"));
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lat: coords.latitude, lon: coords.longitude }),
      (error) => reject(new Error(error.message)),
      { maximumAge: 10 * 60_000, timeout: 10_000 },
    );
  });
}
