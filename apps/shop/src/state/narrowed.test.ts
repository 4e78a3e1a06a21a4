import { expect, test } from "vitest";
import { asked, countOf, NOT_NARROWED, parseNarrowed, toggled, writeNarrowed } from "./narrowed.ts";

const ADDRESS =
  "/products?q=%E7%8E%AB%E7%91%B0&category=cat_1&brand=A&brand=B&attribute=skin%3Adry&min=1000&max=4999&stock=near&sort=popular";

test("an address is read and written back the same", () => {
  const narrowed = parseNarrowed(new URLSearchParams(ADDRESS.split("?")[1]));
  expect(narrowed.brands).toEqual(["A", "B"]);
  expect(countOf(narrowed)).toBe(5);
  expect(writeNarrowed(narrowed)).toBe(ADDRESS);
  expect(asked(narrowed, { near: "30,120" })).toMatchObject({
    q: "玫瑰",
    min_price: 1000,
    availability: "near",
  });
});

test("what makes no sense in an address is left out", () => {
  const narrowed = parseNarrowed(new URLSearchParams("min=-5&max=1e9&stock=moon&sort=up"));
  expect(writeNarrowed(narrowed)).toBe("/products");
});

test("choosing twice is not choosing", () => {
  expect(toggled(toggled(["A"], "B"), "A")).toEqual(["B"]);
});

test.each([
  ["here", {}, "any"],
  ["near", {}, "any"],
  ["here", { near: "30,120" }, "near"],
  ["here", { place: "plc_1" }, "here"],
] as const)("stock %s from %o is asked for as %s", (stock, where, expected) => {
  expect(asked({ ...NOT_NARROWED, stock }, where).availability).toBe(expected);
});
