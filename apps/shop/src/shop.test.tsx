import type { Availability, Cart, CollectOffer, Product } from "@storeloop/api";
import { setLocale } from "@storeloop/i18n";
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { forgetCart } from "./state/cart.ts";
import { ORDER } from "./testing/order.ts";
import { fakeServer, ok, openShop, refusal } from "./testing/fake-server.tsx";

const money = (amount_minor: number) => ({ amount_minor, currency: "CNY" });
const text = (zh: string, en: string) => ({ zh, en });

const SERUM: Product = {
  id: "prd_serum",
  code: "P1",
  name: text("修护精华", "Repair serum"),
  brand: text("环", "Huan"),
  category_id: "cat_1",
  image: null,
  price: money(19_900),
  sku_count: 1,
  status: "active",
  description: text("", ""),
  media: [],
  attributes: [],
  version: 1,
  skus: [
    {
      id: "sku_serum",
      product_id: "prd_serum",
      code: "S1",
      barcodes: [],
      option: text("", ""),
      price: money(19_900),
      tracked: true,
      active: true,
      components: [],
    },
  ],
};

const STOCK: Availability = {
  sku_id: "sku_serum",
  total: 3,
  online: 0,
  coming: null,
  ahead: null,
  places: [
    {
      place_id: "plc_hubin",
      name: text("湖滨店", "Hubin store"),
      timezone: "Asia/Shanghai",
      distance_m: 612,
      available: 3,
      ready_at: "2026-11-23T04:40:00Z",
      ready_in_minutes: 40,
    },
  ],
};

function cart(total = 19_900, available = 3): Cart {
  return {
    id: "crt_1",
    channel: "web",
    currency: "CNY",
    lines: [
      {
        sku_id: "sku_serum",
        product_id: "prd_serum",
        name: SERUM.name,
        option: text("", ""),
        image: null,
        quantity: 1,
        unit_price: money(19_900),
        discount: money(0),
        total: money(19_900),
        price: { list_price: money(19_900), tax: money(0), tax_basis_points: 1300, steps: [] },
        available,
        ahead: null,
        components: [],
      },
    ],
    fulfilment: null,
    collect: null,
    contact: null,
    promotion_code: null,
    member_id: null,
    order_id: null,
    points_to_earn: 199,
    totals: {
      goods: money(19_900),
      discount: money(0),
      shipping: money(0),
      tax_included: money(0),
      total: money(total),
    },
    shipping_steps: [],
    tax: { shown_apart: false, rates: [] },
    version: 1,
    updated_at: "2026-11-23T04:00:00Z",
  };
}

const availability = () => ok({ items: [STOCK], as_of: "2026-11-23T04:00:00Z" });

/** A store that has everything, and one that lies in another zone and is sent what it lacks. */
const HUBIN: CollectOffer = {
  place_id: "plc_hubin",
  name: text("湖滨店", "Hubin store"),
  timezone: "Asia/Shanghai",
  distance_m: 612,
  how: "now",
  ready_at: "2026-11-23T04:40:00Z",
  ready_in_minutes: 40,
};
const BERLIN: CollectOffer = {
  place_id: "plc_berlin",
  name: text("柏林店", "Berlin store"),
  timezone: "Europe/Berlin",
  distance_m: null,
  how: "supply",
  // Already Friday where the shopper is.
  ready_at: "2026-11-26T20:00:00Z",
  ready_in_minutes: 5_280,
};
const collecting = (...items: CollectOffer[]) =>
  ok({ items, short: [], as_of: "2026-11-23T04:00:00Z" });

/** A bag that this device knows already. */
function bagOfAnotherTab(id: string) {
  localStorage.setItem("storeloop.cart", JSON.stringify(id));
  dispatchEvent(new StorageEvent("storage", { key: "storeloop.cart" }));
}

beforeEach(() => {
  setLocale("en");
  localStorage.clear();
  forgetCart();
  vi.stubGlobal("scrollTo", () => undefined);
});
afterEach(cleanup);

test("the product page is honest about stock, and the bag is made with the first piece", async () => {
  const server = fakeServer({
    "GET /products/prd_serum": () => ok(SERUM),
    "GET /availability": availability,
    "POST /carts": () => ok(cart(), 201),
    "GET /carts/crt_1": () => ok(cart()),
  });
  openShop("/p/prd_serum");
  expect(await screen.findByText("3 left · ready in 40 min")).toBeTruthy();
  expect(screen.getByText("Cannot be delivered now")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Add to bag" }));
  await screen.findByText(/Added to your bag/);
  expect(server.of("POST /carts")[0]?.body).toEqual({
    channel: "web",
    lines: [{ sku_id: "sku_serum", quantity: 1 }],
  });
});

test("a store's times are those of its own clock, wherever they are read", async () => {
  const [place] = STOCK.places;
  if (!place) throw new Error("nobody has it");
  const berlin = {
    ...place,
    timezone: "Europe/Berlin",
    ready_at: "2035-01-02T23:30:00Z",
    ready_in_minutes: 9_999,
  };
  fakeServer({
    "GET /products/prd_serum": () => ok(SERUM),
    "GET /availability": () => ok({ items: [{ ...STOCK, places: [berlin] }], as_of: "" }),
  });
  openShop("/p/prd_serum");
  expect(await screen.findByText("3 left · ready Jan 3 00:30 GMT+1")).toBeTruthy();
});

test("sold out is said, and cannot be added", async () => {
  fakeServer({
    "GET /products/prd_serum": () => ok(SERUM),
    "GET /availability": () =>
      ok({ items: [{ ...STOCK, total: 0, places: [] }], as_of: "2026-11-23T04:00:00Z" }),
  });
  openShop("/p/prd_serum");
  const button = await screen.findByRole("button", { name: "Out of stock" });
  expect(button.hasAttribute("disabled")).toBe(true);
});

test("the bag says what it would have cost, and why it costs less", async () => {
  const bag = cart(17_900);
  const line = bag.lines[0];
  if (!line) throw new Error("the bag of the test is empty");
  const step = {
    cause: "promotion" as const,
    code: "AUTUMN",
    name: text("换季满减", "Season's savings"),
    why: text("满 ¥100 减 ¥20", "¥20 off from ¥100"),
    amount: money(-2_000),
  };
  line.total = money(17_900);
  line.price.steps = [step];
  bag.shipping_steps = [{ ...step, name: text("免运费", "Free parcel"), amount: money(-1_000) }];
  bag.fulfilment = { method: "collect", place_id: "plc_hubin" };
  fakeServer({ "GET /carts/crt_1": () => ok(bag) });
  bagOfAnotherTab("crt_1");
  openShop("/cart");
  expect(await screen.findByText("Season's savings · ¥20 off from ¥100")).toBeTruthy();
  expect(screen.getByText("Was").closest("s")?.textContent).toContain("199");
  expect(screen.getByText(/Free parcel/)).toBeTruthy();
});

describe("checkout", () => {
  async function fill() {
    bagOfAnotherTab("crt_1");
    const shop = openShop("/checkout");
    fireEvent.click(await screen.findByLabelText(/Hubin store/));
    fireEvent.change(screen.getByLabelText("Name"), { target: { value: "Lin" } });
    fireEvent.change(screen.getByLabelText("Mobile phone"), { target: { value: "13800138000" } });
    await waitFor(() =>
      expect(screen.getByRole("button", { name: /^Place/ }).hasAttribute("aria-busy")).toBe(false),
    );
    return shop;
  }
  const base = {
    "GET /carts/crt_1": () => ok(cart()),
    "GET /carts/crt_1/collect": () => collecting(HUBIN, BERLIN),
    "PATCH /carts/crt_1": () => ok(cart()),
  };

  test("a store to which it comes is offered after the others, with its day", async () => {
    const chosen = { ...cart(19_900, 0), collect: BERLIN };
    fakeServer({ ...base, "PATCH /carts/crt_1": () => ok(chosen) });
    bagOfAnotherTab("crt_1");
    openShop("/checkout");
    const stores = await screen.findAllByLabelText(/Hubin store|Berlin store/);
    expect(stores.map((store) => store.closest("label")?.textContent)).toEqual([
      expect.stringContaining("Hubin store"),
      expect.stringContaining("ready on Thu, Nov 26"),
    ]);
    expect(screen.getByLabelText(/Pay in store/)).toBeTruthy();
    fireEvent.click(screen.getByLabelText(/Berlin store/));
    await waitFor(() => expect(screen.getAllByText(/ready on Thu, Nov 26/)).toHaveLength(2));
    // What has to come first is paid when it is ordered.
    expect(screen.queryByLabelText(/Pay in store/)).toBeNull();
  });

  test("says what is missing instead of asking the server", async () => {
    const server = fakeServer(base);
    bagOfAnotherTab("crt_1");
    openShop("/checkout");
    fireEvent.click(await screen.findByRole("button", { name: /^Place order/ }));
    expect(await screen.findByText("Please choose a store")).toBeTruthy();
    expect(screen.getByText("Please enter a valid phone number")).toBeTruthy();
    expect(server.of("POST /carts/crt_1/checkout")).toHaveLength(0);
  });

  test("leads to the payment, and the guest keeps the way back", async () => {
    const server = fakeServer({
      ...base,
      "POST /carts/crt_1/checkout": () => ok(ORDER, 201),
      "GET /orders/ord_1": () => ok(ORDER),
    });
    const { history } = await fill();
    fireEvent.click(screen.getByRole("button", { name: "Place order ¥199.00" }));
    await waitFor(() => expect(history.at(-1)).toBe("/pay/ord_1"));
    expect(server.of("PATCH /carts/crt_1").at(-1)?.body).toEqual({
      fulfilment: { method: "collect", place_id: "plc_hubin" },
      contact: { name: "Lin", phone: "13800138000" },
    });
    expect(JSON.parse(localStorage.getItem("storeloop.orders") ?? "{}")).toEqual({
      ord_1: "guest-token",
    });
    expect(localStorage.getItem("storeloop.cart")).toBeNull();
  });

  test("nobody pays another sum than the one on the button", async () => {
    let total = 19_900;
    const server = fakeServer({ ...base, "PATCH /carts/crt_1": () => ok(cart(total)) });
    await fill();
    total = 20_900;
    fireEvent.click(screen.getByRole("button", { name: "Place order ¥199.00" }));
    expect(await screen.findByText(/The total is now ¥209.00/)).toBeTruthy();
    expect(server.of("POST /carts/crt_1/checkout")).toHaveLength(0);
    expect(screen.getByRole("button", { name: "Place order ¥209.00" })).toBeTruthy();
  });

  test("when somebody was faster, it says of what and how many are left", async () => {
    fakeServer({
      ...base,
      "POST /carts/crt_1/checkout": () =>
        refusal(409, "stock.insufficient", {
          facts: { sku_id: "sku_serum", wanted: 1, available: 0 },
        }),
    });
    await fill();
    fireEvent.click(screen.getByRole("button", { name: /^Place order/ }));
    expect(await screen.findByText(/Only 0 of Repair serum left/)).toBeTruthy();
  });
});

test("a survey needs a score, then sends score, words and topics once", async () => {
  const server = fakeServer({
    "GET /surveys/tok": () =>
      ok({
        id: "srv_1",
        kind: "csat",
        state: "open",
        question: text("怎么样？", "How was it?"),
        order_number: "S7K3-M9QD",
        place_name: text("湖滨店", "Hubin store"),
        product_names: [SERUM.name],
        answered: null,
      }),
    "POST /surveys/tok/answers": () => ok({}, 201),
  });
  openShop("/s/tok");
  const send = await screen.findByRole("button", { name: "Send" });
  fireEvent.click(send);
  expect(await screen.findByText("Please choose a score")).toBeTruthy();
  fireEvent.click(screen.getByLabelText(/2\s*Poor/));
  fireEvent.click(screen.getByLabelText("Packaging"));
  fireEvent.change(screen.getByLabelText(/Tell us more/), { target: { value: "The pump leaks" } });
  fireEvent.click(send);
  expect(await screen.findByText("Thank you")).toBeTruthy();
  expect(server.of("POST /surveys/tok/answers").map((call) => call.body)).toEqual([
    { score: 2, text: "The pump leaks", topics: ["packaging"] },
  ]);
});

test("seeing all products after a search that found none does not search again", async () => {
  const server = fakeServer({});
  const { history } = openShop("/products?q=zzz");
  fireEvent.click(await screen.findByRole("link", { name: "See all products" }));
  await screen.findByText("No products here yet");
  expect(screen.getByRole<HTMLInputElement>("combobox", { name: "Search products" }).value).toBe(
    "",
  );
  expect(history.at(-1)).toBe("/products");
  expect(server.of("GET /search/products").at(-1)?.query.get("q")).toBeNull();
});

test("the language changes everywhere at once and is remembered", async () => {
  fakeServer({});
  openShop("/");
  fireEvent.click(await screen.findByRole("button", { name: "中文" }));
  expect(await screen.findByText("附近门店的真实库存，一眼看到")).toBeTruthy();
  expect(document.documentElement.lang).toBe("zh-CN");
  expect(localStorage.getItem("storeloop.locale")).toBe("zh");
});
