import type { SourcingRules } from "@storeloop/api";
import { describe, expect, it } from "vitest";
import { formOf, moved, namesOf, rulesOf, tiersLeft } from "./sourcing-form.ts";

const work = { parcel_minor: 400, piece_minor: 50 };
const rules: SourcingRules = {
  currency: "CNY",
  limits: {
    kinds: ["store", "warehouse"],
    excluded_places: [],
    ship_to: [{ place_id: "plc_1", provinces: ["浙江", "上海"] }],
    products: [{ product_id: "prd_1", kinds: ["warehouse"] }],
    max_parcels: 4,
    max_distance_km: null,
    collect_move_km: 30,
  },
  tiers: [{ rule: "kind_first", kind: "warehouse" }, { rule: "fewest_parcels" }],
  costs: {
    carrier: [
      { up_to_km: 50, first_minor: 600, more_minor: 100, hours: 24 },
      { up_to_km: null, first_minor: 1400, more_minor: 300, hours: 72 },
    ],
    distance_100km_minor: 50,
    handling: { store: work, warehouse: work, dark_store: work, pickup_point: work },
    split_minor: 800,
    late_hour_minor: 55,
    promise_hours: 72,
    cover: { piece_minor: 300, days: 7 },
    markdown: { piece_minor: 100, days: 120 },
    reject_minor: 2000,
    load_minor: 20,
    collect_km_minor: 100,
  },
  ship_to_store: { offered: true, kinds: ["warehouse"], days: 2 },
};

describe("rules in a form", () => {
  it("come back as they went in", () => {
    expect(rulesOf(formOf(rules))).toEqual(rules);
  });

  it("are not rules while a figure is wrong", () => {
    const form = formOf(rules);
    const weights = { ...form.weights, split_minor: "8.005" };
    expect(rulesOf({ ...form, weights })).toBeNull();
    expect(rulesOf({ ...form, maxParcels: "" })).toBeNull();
    expect(rulesOf({ ...form, maxDistance: " " })).toEqual(rules);
  });

  it("name provinces in either language", () => {
    expect(namesOf("浙江、上海，江苏")).toEqual(["浙江", "上海", "江苏"]);
    expect(namesOf(" Zhejiang, , Shanghai ")).toEqual(["Zhejiang", "Shanghai"]);
  });

  it("offer only precedence that is not there yet, and move it by a step", () => {
    const left = tiersLeft(rules.tiers).map((tier) => tier.rule);
    expect(left).not.toContain("fewest_parcels");
    expect(left.filter((rule) => rule === "kind_first")).toHaveLength(2);
    expect(moved(["a", "b", "c"], 1, -1)).toEqual(["b", "a", "c"]);
    expect(moved(["a", "b"], 1, 1)).toEqual(["a", "b"]);
  });
});
