import { expect, test } from "vitest";
import { onHandAfter } from "./move-form.tsx";

test.each([
  ["receipt", 7, 3, 10],
  ["adjustment", 7, -3, 4],
  ["damage", 7, 3, 4],
  ["transfer_out", 7, 3, 4],
  ["transfer_in", 7, 3, 10],
  ["count", 7, 3, 3],
  ["quarantine", 7, 3, 7],
  ["release", 7, 3, 7],
] as const)("%s of %i by %i leaves %i on hand", (kind, before, quantity, after) => {
  expect(onHandAfter(kind, before, quantity)).toBe(after);
});
