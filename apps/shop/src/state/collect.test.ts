import type { Availability } from "@storeloop/api";
import { describe, expect, test } from "vitest";
import { shortLines, storesWithEverything } from "./collect.ts";

type Row = [place: string, available: number, minutes: number, distance?: number];

function availability(sku_id: string, rows: Row[]): Availability {
  return {
    sku_id,
    total: rows.reduce((sum, [, available]) => sum + available, 0),
    online: 0,
    coming: null,
    ahead: null,
    places: rows.map(([place_id, available, minutes, distance]) => ({
      place_id,
      name: { zh: place_id, en: place_id },
      distance_m: distance ?? null,
      available,
      ready_at: `+${minutes}`,
      ready_in_minutes: minutes,
    })),
  };
}

const ids = (stores: { place_id: string }[]) => stores.map((store) => store.place_id);

describe("stores that have everything", () => {
  test("every line in full, or not at all", () => {
    const items = [
      availability("a", [
        ["hubin", 3, 40, 600],
        ["wulin", 1, 30, 900],
        ["binjiang", 9, 30, 4_000],
      ]),
      availability("b", [
        ["hubin", 1, 40, 600],
        ["wulin", 5, 30, 900],
      ]),
    ];
    const one = { sku_id: "a", quantity: 2 };
    expect(ids(storesWithEverything([one], items))).toEqual(["hubin", "binjiang"]);
    expect(ids(storesWithEverything([one, { sku_id: "b", quantity: 1 }], items))).toEqual([
      "hubin",
    ]);
    expect(storesWithEverything([one, { sku_id: "b", quantity: 2 }], items)).toEqual([]);
    expect(storesWithEverything([one, { sku_id: "unknown", quantity: 1 }], items)).toEqual([]);
    expect(storesWithEverything([], items)).toEqual([]);
  });

  test("promises what the slowest line needs, nearest first", () => {
    const items = [
      availability("a", [
        ["far", 5, 20, 5_000],
        ["near", 5, 20, 100],
        ["unknown", 5, 10],
      ]),
      availability("b", [
        ["near", 5, 90, 100],
        ["far", 5, 10, 5_000],
        ["unknown", 5, 10],
      ]),
    ];
    const wanted = [
      { sku_id: "a", quantity: 1 },
      { sku_id: "b", quantity: 1 },
    ];
    expect(storesWithEverything(wanted, items)).toMatchObject([
      { place_id: "near", ready_at: "+90", ready_in_minutes: 90 },
      { place_id: "far", ready_in_minutes: 20 },
      { place_id: "unknown", ready_in_minutes: 10 },
    ]);
  });
});

test("says which line stands in the way, and how many one store has", () => {
  const items = [availability("a", [["hubin", 2, 40]]), availability("b", [])];
  expect(
    shortLines(
      [
        { sku_id: "a", quantity: 2 },
        { sku_id: "b", quantity: 1 },
      ],
      items,
    ),
  ).toEqual([{ sku_id: "b", quantity: 1, best: 0 }]);
});
