/** The terms of a channel as a form, and back. */
import type { ChannelTerms, PlaceKind, Service } from "@storeloop/api";
import { toWhole } from "./sourcing-form.ts";

export const CHOICES = ["all", "named", "matching"] as const;
export type Choose = (typeof CHOICES)[number];

export type PlaceBufferForm = { placeId: string | null; pieces: string };
export type SkuBufferForm = { skuId: string; placeId: string | null; pieces: string };

export type TermsForm = {
  choose: Choose;
  placeIds: string[];
  kinds: PlaceKind[];
  regions: string[];
  services: Service[];
  except: string[];
  buffer: string;
  placeBuffers: PlaceBufferForm[];
  skuBuffers: SkuBufferForm[];
};

export function formOf(terms: ChannelTerms): TermsForm {
  const from = terms.sells_from;
  const matching = from.choose === "matching" ? from : null;
  return {
    choose: from.choose,
    placeIds: from.choose === "named" ? from.place_ids : [],
    kinds: matching?.kinds ?? [],
    regions: matching?.regions ?? [],
    services: matching?.services ?? [],
    except: matching?.except_place_ids ?? [],
    buffer: String(terms.buffer),
    placeBuffers: terms.place_buffers.map((one) => ({
      placeId: one.place_id,
      pieces: String(one.pieces),
    })),
    skuBuffers: terms.sku_buffers.map((one) => ({
      skuId: one.sku_id,
      placeId: one.place_id,
      pieces: String(one.pieces),
    })),
  };
}

/** The terms that were typed; null while something is wrong. The server judges the rest. */
export function termsOf(form: TermsForm): ChannelTerms | null {
  const figures = [form.buffer, ...[...form.placeBuffers, ...form.skuBuffers].map((b) => b.pieces)];
  if (figures.some((typed) => toWhole(typed) === null)) return null;
  if (form.choose === "named" && form.placeIds.length === 0) return null;
  if (form.placeBuffers.some((one) => one.placeId === null)) return null;
  return {
    sells_from: sellsFrom(form),
    buffer: toWhole(form.buffer) ?? 0,
    place_buffers: form.placeBuffers.flatMap(({ placeId, pieces }) =>
      placeId === null ? [] : [{ place_id: placeId, pieces: toWhole(pieces) ?? 0 }],
    ),
    sku_buffers: form.skuBuffers.map(({ skuId, placeId, pieces }) => ({
      sku_id: skuId,
      place_id: placeId,
      pieces: toWhole(pieces) ?? 0,
    })),
  };
}

function sellsFrom(form: TermsForm): ChannelTerms["sells_from"] {
  switch (form.choose) {
    case "all":
      return { choose: "all" };
    case "named":
      return { choose: "named", place_ids: form.placeIds };
    case "matching":
      return {
        choose: "matching",
        kinds: form.kinds,
        regions: form.regions,
        services: form.services,
        except_place_ids: form.except,
      };
  }
}
