import { setLocale } from "@storeloop/i18n";
import type { Order, Payment, PaymentState } from "@storeloop/api";
import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { lastAsked } from "./state/methods.ts";
import { fakeServer, ok, openShop, refusal } from "./testing/fake-server.tsx";
import { ORDER } from "./testing/order.ts";

const METHODS = () =>
  ok({
    items: [
      { provider: "sandbox", ways: [] },
      { provider: "wechat_pay", ways: ["native", "jsapi", "h5"] },
      { provider: "stripe", ways: ["intent"] },
    ],
  });

function payment(id: string, provider: Payment["provider"], state: PaymentState): Payment {
  const amount = ORDER.totals.total;
  return {
    id,
    provider,
    state,
    amount,
    refunded: { ...amount, amount_minor: 0 },
    created_at: ORDER.placed_at,
    label: null,
  };
}

/** A server with one order, whose payments the test changes as it goes. */
function shopWith(payments: Payment[], handlers: Parameters<typeof fakeServer>[0] = {}) {
  const order: Order = { ...ORDER, payments };
  return fakeServer({
    "GET /payments/methods": METHODS,
    "GET /orders/ord_1": () => ok(order),
    "POST /orders/ord_1/payments": () => {
      order.payments = [payment("pay_new", "wechat_pay", "pending")];
      return ok(order.payments[0], 201);
    },
    ...handlers,
  });
}

const opened = (action: object) => () => ok({ action, expires_at: "2099-01-01T00:00:00Z" });
const CODE = { kind: "code", url: "weixin://wxpay/bizpayurl?pr=1" };

beforeEach(() => {
  setLocale("en");
  localStorage.clear();
  lastAsked.set("");
  vi.stubGlobal("scrollTo", () => undefined);
});
afterEach(cleanup);

test("WeChat Pay shows a code on a computer, and says what it waits for", async () => {
  const server = shopWith([payment("pay_1", "wechat_pay", "pending")], {
    "POST /payments/pay_1/open": opened(CODE),
  });
  openShop("/pay/ord_1");
  fireEvent.click(await screen.findByRole("button", { name: "Pay with WeChat Pay" }));
  expect(await screen.findByRole("img", { name: "Scan with WeChat to pay" })).toBeTruthy();
  expect(server.of("POST /payments/pay_1/open")[0]?.body).toEqual({ way: "native" });
  expect(server.of("POST /orders/ord_1/payments")).toEqual([]);
});

test("a payment the provider gave up is followed by a new one", async () => {
  const server = shopWith([payment("pay_1", "wechat_pay", "pending")], {
    "POST /payments/pay_1/open": () => refusal(409, "payment.closed"),
    "POST /payments/pay_new/open": opened(CODE),
  });
  openShop("/pay/ord_1");
  fireEvent.click(await screen.findByRole("button", { name: "Pay with WeChat Pay" }));
  expect(await screen.findByRole("img", { name: "Scan with WeChat to pay" })).toBeTruthy();
  expect(server.of("POST /orders/ord_1/payments")[0]?.body).toEqual({
    payment_method: "wechat_pay",
  });
});

test("who comes back from a provider is told that its word is awaited, and may choose another", async () => {
  lastAsked.set("pay_1");
  shopWith([payment("pay_1", "wechat_pay", "pending")]);
  openShop("/pay/ord_1");
  expect(await screen.findByText("Waiting for word from WeChat Pay")).toBeTruthy();
  fireEvent.click(screen.getByRole("radio", { name: "Sandbox payment" }));
  expect(await screen.findByRole("button", { name: "Let the payment fail" })).toBeTruthy();
  expect(screen.queryByText("Waiting for word from WeChat Pay")).toBeNull();
});

test("Stripe's form takes the card, and the page waits for Stripe's word", async () => {
  const confirmPayment = vi.fn(() => Promise.resolve({}));
  vi.stubGlobal("Stripe", () => ({
    elements: () => ({
      create: () => ({
        mount: () => undefined,
        on: (_: "ready", run: () => void) => run(),
        destroy: () => undefined,
      }),
    }),
    confirmPayment,
  }));
  shopWith([payment("pay_1", "stripe", "pending")], {
    "POST /payments/pay_1/open": opened({
      kind: "stripe_intent",
      publishable_key: "pk_test",
      client_secret: "pi_1_secret",
    }),
  });
  openShop("/pay/ord_1");
  fireEvent.click(await screen.findByRole("button", { name: "Enter your card" }));
  const send = await screen.findByRole("button", { name: "Pay now" });
  await waitFor(() => expect(send.hasAttribute("disabled")).toBe(false));
  fireEvent.click(send);
  expect(await screen.findByText("Waiting for word from Card (Stripe)")).toBeTruthy();
  expect(confirmPayment).toHaveBeenCalledOnce();
});

test("money that is reserved is not asked for again", async () => {
  shopWith([payment("pay_1", "stripe", "authorised")]);
  openShop("/pay/ord_1");
  expect(await screen.findByText("The money is reserved")).toBeTruthy();
  expect(screen.queryByRole("radio")).toBeNull();
});

test("a gift card pays its part, the rest is asked for, and it can be taken out again", async () => {
  const kept: Payment = {
    ...payment("pay_1", "gift_card", "authorised"),
    amount: { amount_minor: 5_000, currency: "CNY" },
    label: "7KQ4",
  };
  const server = shopWith([kept, payment("pay_2", "sandbox", "pending")], {
    "DELETE /orders/ord_1/gift_cards/pay_1": () => ok(ORDER),
    "POST /orders/ord_1/gift_cards": () => refusal(400, "gift_card.refused"),
  });
  openShop("/pay/ord_1");
  expect(await screen.findByText("Left to pay")).toBeTruthy();
  expect(screen.getByText(/149\.00/)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Let the payment fail" })).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Use another gift card" }));
  fireEvent.change(screen.getByLabelText(/Card number/), { target: { value: "AAAA-1" } });
  fireEvent.change(screen.getByLabelText(/PIN/), { target: { value: "123456" } });
  fireEvent.click(screen.getByRole("button", { name: "Use it" }));
  await waitFor(() =>
    expect(server.of("POST /orders/ord_1/gift_cards")[0]?.body).toEqual({
      number: "AAAA-1",
      pin: "123456",
    }),
  );
  fireEvent.click(screen.getByRole("button", { name: "Take out" }));
  await waitFor(() => expect(server.of("DELETE /orders/ord_1/gift_cards/pay_1")).toHaveLength(1));
});

test("when the time is over, a payer who was with a provider is not told that nothing was charged", async () => {
  lastAsked.set("pay_1");
  const order = {
    ...ORDER,
    hold_expires_at: "2020-01-01T00:00:00Z",
    payments: [payment("pay_1", "wechat_pay", "pending")],
  };
  shopWith([], { "GET /orders/ord_1": () => ok(order) });
  openShop("/pay/ord_1");
  expect(await screen.findByText(/we ask WeChat Pay whether you have paid/)).toBeTruthy();
  expect(screen.queryByText(/nothing was charged/)).toBeNull();
});

test("a payment that came leads on to the order", async () => {
  shopWith([], { "GET /orders/ord_1": () => ok({ ...ORDER, state: "allocated" }) });
  const { history } = openShop("/pay/ord_1");
  await waitFor(() => expect(history.at(-1)).toContain("/o/ord_1"));
});
