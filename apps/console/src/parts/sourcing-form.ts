/** The rules as they are typed, and back: sums as text, so that a half-typed one is not lost. */
import type { SourcingRules, SourcingTierRule } from "@storeloop/api";
import { fromMinor, toMinor } from "@storeloop/i18n";
import type { WeightKey } from "../words/sourcing.ts";

export type BandForm = { upTo: string; first: string; more: string; hours: string };
export type WorkForm = { parcel: string; piece: string };
export type Kind = SourcingRules["limits"]["kinds"][number];

export const KINDS: Kind[] = ["store", "warehouse", "dark_store", "pickup_point"];
export const WEIGHTS: WeightKey[] = [
  "split_minor",
  "late_hour_minor",
  "reject_minor",
  "load_minor",
  "distance_100km_minor",
  "collect_km_minor",
];

export type RulesForm = {
  currency: string;
  tiers: SourcingTierRule[];
  kinds: Kind[];
  excluded: string[];
  shipTo: { placeId: string | null; provinces: string }[];
  products: { productId: string; kinds: Kind[] }[];
  maxParcels: string;
  maxDistance: string;
  collectMove: string;
  bands: BandForm[];
  handling: Record<Kind, WorkForm>;
  weights: Record<WeightKey, string>;
  promiseHours: string;
  cover: { piece: string; days: string };
  markdown: { piece: string; days: string };
  toStore: { offered: boolean; kinds: Kind[]; days: string };
};

export function formOf(rules: SourcingRules): RulesForm {
  const { limits, costs, currency } = rules;
  const sum = (minor: number) => fromMinor(minor, currency);
  const work = (kind: Kind) => ({
    parcel: sum(costs.handling[kind].parcel_minor),
    piece: sum(costs.handling[kind].piece_minor),
  });
  return {
    currency,
    tiers: rules.tiers,
    kinds: limits.kinds,
    excluded: limits.excluded_places,
    shipTo: limits.ship_to.map((one) => ({
      placeId: one.place_id,
      provinces: one.provinces.join(", "),
    })),
    products: limits.products.map((one) => ({ productId: one.product_id, kinds: one.kinds })),
    maxParcels: String(limits.max_parcels),
    maxDistance: limits.max_distance_km === null ? "" : String(limits.max_distance_km),
    collectMove: String(limits.collect_move_km),
    bands: costs.carrier.map((band) => ({
      upTo: band.up_to_km === null ? "" : String(band.up_to_km),
      first: sum(band.first_minor),
      more: sum(band.more_minor),
      hours: String(band.hours),
    })),
    handling: {
      store: work("store"),
      warehouse: work("warehouse"),
      dark_store: work("dark_store"),
      pickup_point: work("pickup_point"),
    },
    weights: Object.fromEntries(WEIGHTS.map((key) => [key, sum(costs[key])])) as Record<
      WeightKey,
      string
    >,
    promiseHours: String(costs.promise_hours),
    cover: { piece: sum(costs.cover.piece_minor), days: String(costs.cover.days) },
    markdown: { piece: sum(costs.markdown.piece_minor), days: String(costs.markdown.days) },
    toStore: {
      offered: rules.ship_to_store.offered,
      kinds: rules.ship_to_store.kinds,
      days: String(rules.ship_to_store.days),
    },
  };
}

/** A whole number as typed; null for anything else. */
export function toWhole(typed: string): number | null {
  return /^\d{1,6}$/.test(typed.trim()) ? Number(typed) : null;
}

/** The rules that were typed; null while a figure is wrong. The server judges the rest. */
export function rulesOf(form: RulesForm): SourcingRules | null {
  const wrong = { found: false };
  const sum = (typed: string) => {
    const minor = toMinor(typed, form.currency);
    if (minor === null) wrong.found = true;
    return minor ?? 0;
  };
  const whole = (typed: string) => {
    const value = toWhole(typed);
    if (value === null) wrong.found = true;
    return value ?? 0;
  };
  const work = ({ parcel, piece }: WorkForm) => ({
    parcel_minor: sum(parcel),
    piece_minor: sum(piece),
  });
  const shipTo = form.shipTo.flatMap(({ placeId, provinces }) =>
    placeId === null ? [] : [{ place_id: placeId, provinces: namesOf(provinces) }],
  );
  const rules: SourcingRules = {
    currency: form.currency,
    limits: {
      kinds: form.kinds,
      excluded_places: form.excluded,
      ship_to: shipTo,
      products: form.products.map((one) => ({ product_id: one.productId, kinds: one.kinds })),
      max_parcels: whole(form.maxParcels),
      max_distance_km: form.maxDistance.trim() === "" ? null : whole(form.maxDistance),
      collect_move_km: whole(form.collectMove),
    },
    tiers: form.tiers,
    ship_to_store: {
      offered: form.toStore.offered,
      kinds: form.toStore.kinds,
      days: whole(form.toStore.days),
    },
    costs: {
      carrier: form.bands.map((band, index) => ({
        up_to_km: index === form.bands.length - 1 ? null : whole(band.upTo),
        first_minor: sum(band.first),
        more_minor: sum(band.more),
        hours: whole(band.hours),
      })),
      handling: {
        store: work(form.handling.store),
        warehouse: work(form.handling.warehouse),
        dark_store: work(form.handling.dark_store),
        pickup_point: work(form.handling.pickup_point),
      },
      split_minor: sum(form.weights.split_minor),
      distance_100km_minor: sum(form.weights.distance_100km_minor),
      late_hour_minor: sum(form.weights.late_hour_minor),
      reject_minor: sum(form.weights.reject_minor),
      load_minor: sum(form.weights.load_minor),
      collect_km_minor: sum(form.weights.collect_km_minor),
      promise_hours: whole(form.promiseHours),
      cover: { piece_minor: sum(form.cover.piece), days: whole(form.cover.days) },
      markdown: { piece_minor: sum(form.markdown.piece), days: whole(form.markdown.days) },
    },
  };
  return wrong.found ? null : rules;
}

/** `浙江、上海` and `Zhejiang, Shanghai` are two names each. */
export function namesOf(typed: string): string[] {
  return typed
    .split(/[,，、;；\n]/)
    .map((name) => name.trim())
    .filter(Boolean);
}

/** The rules of precedence that are not in the list yet. */
export function tiersLeft(tiers: SourcingTierRule[]): SourcingTierRule[] {
  const plain = ["fewest_parcels", "same_city", "same_province", "on_time", "collect_place_first"];
  const all = [
    ...KINDS.slice(0, 3).map((kind) => ({ rule: "kind_first" as const, kind })),
    ...plain.map((rule) => ({ rule }) as SourcingTierRule),
  ];
  const named = (tier: SourcingTierRule) => JSON.stringify(tierKey(tier));
  const there = new Set(tiers.map(named));
  return all.filter((tier) => !there.has(named(tier)));
}

/** What tells one rule of precedence from another. */
export function tierKey(tier: SourcingTierRule): string {
  return tier.rule === "kind_first" ? `kind_first:${tier.kind}` : tier.rule;
}

/** The list with one entry moved a step up (-1) or down (1). */
export function moved<T>(list: T[], index: number, step: -1 | 1): T[] {
  const other = index + step;
  const [from, to] = [list[index], list[other]];
  if (from === undefined || to === undefined) return list;
  return list.map((one, at) => (at === index ? to : at === other ? from : one));
}
