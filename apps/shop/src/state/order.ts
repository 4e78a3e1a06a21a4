import { type Order, orderGet, type OrderState } from "@storeloop/api";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "wouter";
import { useMember } from "./member.ts";
import type { OnlineMethod } from "./methods.ts";
import { useOrderToken } from "./order-access.ts";

/** States after which nothing happens by itself. */
const SETTLED: OrderState[] = ["closed", "cancelled", "expired", "returned"];
/** Guests have no stream of their own; this is how often their page asks instead. */
const GUEST_POLL_MS = 5_000;
const MEMBER_POLL_MS = 60_000;

/** An order by its id, kept fresh until it is settled; `pollMs` where somebody waits for it. */
export function useOrder(id: string, pollMs?: number) {
  const token = useOrderToken(id, useSearch());
  const { data: member } = useMember();
  const query = useQuery({
    queryKey: ["order", id],
    queryFn: () => orderGet(id, { token }),
    refetchInterval: ({ state }) => {
      if (!state.data || SETTLED.includes(state.data.state)) return false;
      return pollMs ?? (member ? MEMBER_POLL_MS : GUEST_POLL_MS);
    },
  });
  return { query, token };
}

type Steps = { done: number; of: number };

/** How far round the ring an order is; `null` when it left the usual way. */
export function progressOf(order: Pick<Order, "state" | "fulfilments">): Steps | null {
  const steps: Partial<Record<OrderState, number>> = {
    pending_payment: 1,
    paid: 2,
    allocated: 2,
    needs_decision: 2,
    ready: 3,
    shipped: 3,
    collected: 4,
    delivered: 4,
    closed: 4,
    partly_returned: 4,
  };
  const done = steps[order.state];
  return done === undefined ? null : { done, of: 4 };
}

/** The part of the order that is being served now, and the one a store gave up before it. */
export function servedBy(order: Pick<Order, "fulfilments">) {
  const open = order.fulfilments.filter(
    (fulfilment) => fulfilment.state !== "rejected" && fulfilment.state !== "cancelled",
  );
  const rejected = order.fulfilments.filter((fulfilment) => fulfilment.state === "rejected");
  return { current: open.at(-1) ?? null, gaveUp: rejected.at(-1) ?? null };
}

/** Whether the owner may still cancel it. */
export function canCancel(order: Pick<Order, "state">): boolean {
  return ["pending_payment", "paid", "allocated", "needs_decision"].includes(order.state);
}

/** Gift cards that keep a part of an order that waits for the rest. */
export function giftCardsOf(order: Pick<Order, "payments">) {
  return order.payments.filter((p) => p.provider === "gift_card" && p.state === "authorised");
}

/** What is left to pay beside them. */
export function leftToPay(order: Pick<Order, "payments" | "totals">) {
  const kept = giftCardsOf(order).reduce((sum, p) => sum + p.amount.amount_minor, 0);
  const { total } = order.totals;
  return { ...total, amount_minor: total.amount_minor - kept };
}

/** The payment with this provider that waits for the shopper, if one does. */
export function openPayment(order: Pick<Order, "payments">, provider: OnlineMethod) {
  return order.payments.find((p) => p.provider === provider && p.state === "pending") ?? null;
}

/** Whether it is to be paid at the counter. */
export function paysInStore(order: Pick<Order, "payments">): boolean {
  return order.payments.some((p) => p.provider === "cash" && p.state === "pending");
}
