import { setLocale } from "@storeloop/i18n";
import type { Order, OrderChangePreview } from "@storeloop/api";
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { storesWithAll } from "./parts/other-store.tsx";
import { fakeServer, ok, openShop, refusal } from "./testing/fake-server.tsx";
import { ORDER } from "./testing/order.ts";

const money = (amount_minor: number) => ({ amount_minor, currency: "CNY" });
const serum = { zh: "精华", en: "Serum" };

const PLACED: Order = {
  ...ORDER,
  state: "allocated",
  changeable: true,
  lines: [
    {
      id: "oln_1",
      sku_id: "sku_1",
      product_id: "prd_1",
      name: serum,
      option: { zh: "", en: "" },
      image: null,
      quantity: 2,
      quantity_returned: 0,
      quantity_cancelled: 0,
      unit_price: money(12_900),
      discount: money(0),
      total: money(25_800),
      price: null,
      components: [],
    },
  ],
};

const PREVIEW: OrderChangePreview = {
  what: { zh: "精华 由 2 件改为 3 件", en: "Serum ×3 instead of ×2" },
  lines: [],
  totals: { ...ORDER.totals, goods: money(38_700), total: money(38_700) },
  shipping_steps: [],
  promotion_code: null,
  before: money(25_800),
  difference: money(12_900),
  pay: "first",
  held_until: "2099-01-01T00:00:00Z",
  refund_to: [],
  method: "collect",
  places: [],
};

beforeEach(() => {
  setLocale("en");
  localStorage.clear();
  vi.stubGlobal("scrollTo", () => undefined);
});
afterEach(cleanup);

const addOne = async () => fireEvent.click(await screen.findByRole("button", { name: "More" }));

test("what costs more is shown before, agreed to as shown, and leads to the pay page", async () => {
  let order = PLACED;
  const server = fakeServer({
    "GET /orders/ord_1": () => ok(order),
    "POST /orders/ord_1/changes/preview": () => ok(PREVIEW),
    "POST /orders/ord_1/changes": () => {
      order = {
        ...PLACED,
        changeable: true,
        change: {
          id: "och_1",
          what: PREVIEW.what,
          difference: PREVIEW.difference,
          payment_id: "pay_2",
          asked_at: ORDER.placed_at,
          expires_at: "2099-01-01T00:00:00Z",
          by_staff: false,
          reason: null,
        },
      };
      return ok(order);
    },
  });
  const { history } = openShop("/o/ord_1/change?token=t");
  await addOne();
  fireEvent.click(await screen.findByRole("button", { name: /Pay ¥129.00 on top/ }));
  await waitFor(() => expect(history.at(-1)).toContain("/pay/ord_1"));
  expect(server.of("POST /orders/ord_1/changes")[0]?.body).toEqual({
    lines: [{ sku_id: "sku_1", quantity: 3 }],
    agreed_difference: money(12_900),
    payment_method: "sandbox",
  });
  await screen.findByText("To pay on top");
});

test("what cannot be had is said with its article, and nothing can be pressed", async () => {
  fakeServer({
    "GET /orders/ord_1": () => ok(PLACED),
    "POST /orders/ord_1/changes/preview": () =>
      refusal(409, "stock.insufficient", {
        title: "Not possible now",
        detail: "Not enough",
        facts: { sku_id: "sku_1", wanted: 1, available: 0 },
      }),
  });
  openShop("/o/ord_1/change");
  await addOne();
  await screen.findByText("Not enough");
  expect(screen.getAllByText("Serum").length).toBe(2);
  const make = screen.getByRole<HTMLButtonElement>("button", { name: "Change the order" });
  expect(make.disabled).toBe(true);
});

test("an order that is packed says that it cannot be changed", async () => {
  fakeServer({ "GET /orders/ord_1": () => ok({ ...PLACED, changeable: false }) });
  openShop("/o/ord_1/change");
  await screen.findByText("The order cannot be changed any more");
});

test("another store has all of it", () => {
  const line = (sku_id: string, quantity: number) => ({
    sku_id,
    name: serum,
    option: serum,
    quantity,
  });
  const at = (place_id: string, available: number) => ({ place_id, available });
  const items = [
    { sku_id: "a", places: [at("near", 2), at("far", 9)] },
    { sku_id: "b", places: [at("near", 1)] },
  ] as never;
  const ids = (lines: Parameters<typeof storesWithAll>[0]) =>
    storesWithAll(lines, items).map((store) => store.place_id);
  expect(ids([line("a", 2)])).toEqual(["near", "far"]);
  expect(ids([line("a", 2), line("b", 1)])).toEqual(["near"]);
  expect(ids([line("a", 3), line("b", 1)])).toEqual([]);
});
