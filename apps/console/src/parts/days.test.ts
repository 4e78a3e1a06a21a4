import { expect, test } from "vitest";
import { dayOf, endOf } from "./days.ts";

test("a day and its instant are the same day where the reader is", () => {
  for (const day of ["2026-12-03", "2027-01-31", "2028-02-29"]) {
    const instant = endOf(day);
    expect(instant).not.toBeNull();
    expect(dayOf(instant ?? "")).toBe(day);
  }
  expect(endOf("")).toBeNull();
});
