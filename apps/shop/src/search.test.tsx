import type { ProductHit, ProductResults, Suggestion } from "@storeloop/api";
import { act, cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test } from "vitest";
import { setLocale } from "@storeloop/i18n";
import { clearNearby, setNearby } from "./state/nearby.ts";
import { fakeServer, ok, openShop } from "./testing/fake-server.tsx";

const both = (zh: string, en: string) => ({ zh, en });
const unmarked = (zh: string, en: string) => ({
  zh: [{ text: zh, hit: false }],
  en: [{ text: en, hit: false }],
});

const MIST: ProductHit = {
  id: "prd_mist",
  code: "MIST",
  name: both("玫瑰喷雾", "Rose Mist"),
  brand: both("汀澜", "Tinglan"),
  category_id: "cat_1",
  image: null,
  price: { amount_minor: 5_800, currency: "CNY" },
  sku_count: 1,
  status: "active",
  name_parts: {
    zh: [
      { text: "玫瑰", hit: true },
      { text: "喷雾", hit: false },
    ],
    en: [
      { text: "Rose", hit: true },
      { text: " Mist", hit: false },
    ],
  },
  availability: { state: "near", places: ["plc_1"] },
  rank: { words: 1, popularity: 0, stock: 1 },
};

const FOUND: ProductResults = {
  items: [MIST],
  next: null,
  total: 1,
  corrected: "rose",
  partial: false,
  facets: {
    categories: [],
    brands: [
      { key: "汀澜", name: both("汀澜", "Tinglan"), count: 1 },
      { key: "绯序", name: both("绯序", "Feixu"), count: 3 },
    ],
    attributes: [],
    prices: [
      { min: 0, max: 9_999, count: 1 },
      { min: 10_000, max: null, count: 3 },
    ],
    currency: "CNY",
    availability: { here: 0, near: 1, any: 1, none: 0 },
  },
};

const SUGGESTED: Suggestion[] = [
  {
    kind: "category",
    text: both("喷雾", "Mists"),
    parts: unmarked("喷雾", "Mists"),
    category_id: "cat_1",
    brand: null,
    product: null,
  },
  {
    kind: "product",
    text: MIST.name,
    parts: MIST.name_parts,
    category_id: null,
    brand: null,
    product: MIST,
  },
];

const ANSWERS = {
  "GET /search/products": () => ok(FOUND),
  "GET /search/suggestions": () => ok({ items: SUGGESTED, corrected: null }),
};

beforeEach(() => setLocale("en"));
afterEach(() => {
  cleanup();
  clearNearby();
});

const box = () => screen.getByRole<HTMLInputElement>("combobox", { name: "Search products" });

test("suggestions are chosen by the keyboard, and the box says which", async () => {
  fakeServer(ANSWERS);
  const { history } = openShop("/");
  fireEvent.change(box(), { target: { value: "mi" } });
  const list = await screen.findByRole("listbox");
  fireEvent.keyDown(box(), { key: "ArrowDown" });
  const [first, second] = within(list).getAllByRole("option");
  expect(box().getAttribute("aria-activedescendant")).toBe(first?.id);
  fireEvent.keyDown(box(), { key: "ArrowUp" });
  fireEvent.keyDown(box(), { key: "ArrowUp" });
  expect(box().getAttribute("aria-activedescendant")).toBe(second?.id);
  expect(second?.getAttribute("aria-selected")).toBe("true");
  fireEvent.submit(box());
  expect(history.at(-1)).toBe("/p/prd_mist");
});

test("Escape closes the suggestions and Enter then searches for the words", async () => {
  fakeServer(ANSWERS);
  const { history } = openShop("/");
  fireEvent.change(box(), { target: { value: " rose " } });
  await screen.findByRole("listbox");
  fireEvent.keyDown(box(), { key: "Escape" });
  expect(screen.queryByRole("listbox")).toBeNull();
  fireEvent.submit(box());
  expect(history.at(-1)).toBe("/products?q=rose");
});

test("what was asked for is marked, and how it was understood is said", async () => {
  fakeServer(ANSWERS);
  openShop("/products?q=rosw");
  expect((await screen.findByText("Rose")).tagName).toBe("MARK");
  expect(screen.getByText("Showing results for “rose”")).toBeTruthy();
  expect(screen.getByText("1 product")).toBeTruthy();
});

test("a filter changes the address and the question, and a press takes it away", async () => {
  const server = fakeServer(ANSWERS);
  const { history } = openShop("/products?q=rose");
  fireEvent.click(await screen.findByRole("checkbox", { name: /Feixu/ }));
  fireEvent.click(await screen.findByRole("radio", { name: /Up to/ }));
  await waitFor(() => expect(history.at(-1)).toContain("max=9999"));
  await waitFor(() => {
    const query = server.of("GET /search/products").at(-1)?.query;
    expect(query?.getAll("brand")).toEqual(["绯序"]);
    expect(query?.get("max_price")).toBe("9999");
    expect(query?.get("q")).toBe("rose");
  });
  fireEvent.click(await screen.findByRole("button", { name: "Remove Feixu" }));
  await waitFor(() => expect(history.at(-1)).toBe("/products?q=rose&max=9999"));
});

test("what is near can be asked for once it is known where", async () => {
  const server = fakeServer(ANSWERS);
  openShop("/products");
  await screen.findByRole("radio", { name: /In stock/ });
  expect(screen.queryByRole("radio", { name: /near you/ })).toBeNull();
  expect(screen.getByRole("button", { name: "Choose a place to see what is near" })).toBeTruthy();
  act(() => setNearby(30.25, 120.16, null));
  fireEvent.click(await screen.findByRole("radio", { name: /near you/ }));
  await waitFor(() => {
    const query = server.of("GET /search/products").at(-1)?.query;
    expect(query?.get("near")).toBe("30.25,120.16");
    expect(query?.get("availability")).toBe("near");
  });
});
