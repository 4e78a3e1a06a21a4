import type { ChannelTerms } from "@storeloop/api";
import { expect, test } from "vitest";
import { formOf, termsOf } from "./channel-form.ts";

const USUAL: ChannelTerms = {
  sells_from: { choose: "all" },
  buffer: 0,
  place_buffers: [],
  sku_buffers: [],
};

test("terms come back from the form as they went in", () => {
  const all: ChannelTerms[] = [
    USUAL,
    { ...USUAL, sells_from: { choose: "named", place_ids: ["plc_1"] }, buffer: 2 },
    {
      sells_from: {
        choose: "matching",
        kinds: ["store"],
        regions: ["east"],
        services: ["ship"],
        except_place_ids: ["plc_2"],
      },
      buffer: 0,
      place_buffers: [{ place_id: "plc_1", pieces: 3 }],
      sku_buffers: [{ sku_id: "sku_1", place_id: null, pieces: 4 }],
    },
  ];
  for (const terms of all) expect(termsOf(formOf(terms))).toEqual(terms);
});

test("what is not filled in yet cannot be saved", () => {
  const form = formOf(USUAL);
  expect(termsOf({ ...form, buffer: "two" })).toBeNull();
  expect(termsOf({ ...form, buffer: "" })).toBeNull();
  expect(termsOf({ ...form, choose: "named" })).toBeNull();
  expect(termsOf({ ...form, placeBuffers: [{ placeId: null, pieces: "1" }] })).toBeNull();
  const skuBuffers = [{ skuId: "sku_1", placeId: null, pieces: "-1" }];
  expect(termsOf({ ...form, skuBuffers })).toBeNull();
});
