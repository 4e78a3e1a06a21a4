import type { Fulfilment, FulfilmentState } from "@storeloop/api";
import { expect, test } from "vitest";
import { canCancel, progressOf, servedBy } from "./order.ts";

const fulfilment = (id: string, state: FulfilmentState): Fulfilment => ({
  id,
  order_id: "ord_1",
  order_number: "S7K3-M9QD",
  method: "collect",
  place_id: `plc_${id}`,
  place_name: { zh: id, en: id },
  state,
  lines: [],
  promised_at: null,
  contact_name: "林*",
  carrier: null,
  tracking_number: null,
  created_at: "2026-11-23T04:00:00Z",
  why: null,
  why_text: null,
  pickup_by: null,
  code_locked_until: null,
});

test("after a rejection the next store serves, and the one that gave up is known", () => {
  const fulfilments = [fulfilment("hubin", "rejected"), fulfilment("wulin", "requested")];
  const { current, gaveUp } = servedBy({ fulfilments });
  expect(current?.id).toBe("wulin");
  expect(gaveUp?.id).toBe("hubin");
});

test("while no store was found yet, nobody serves", () => {
  expect(servedBy({ fulfilments: [fulfilment("hubin", "rejected")] }).current).toBeNull();
  expect(servedBy({ fulfilments: [] })).toEqual({ current: null, gaveUp: null });
});

test("the ring closes when the goods are in hand, and is empty for what was called off", () => {
  expect(progressOf({ state: "allocated", fulfilments: [] })).toEqual({ done: 2, of: 4 });
  expect(progressOf({ state: "collected", fulfilments: [] })).toEqual({ done: 4, of: 4 });
  expect(progressOf({ state: "cancelled", fulfilments: [] })).toBeNull();
});

test("what is ready or gone can no longer be cancelled here", () => {
  expect(canCancel({ state: "needs_decision" })).toBe(true);
  expect(canCancel({ state: "ready" })).toBe(false);
  expect(canCancel({ state: "shipped" })).toBe(false);
});
