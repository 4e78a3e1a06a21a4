import type { Payment } from "@storeloop/api";
import { expect, test } from "vitest";
import { wentBack } from "./tenders.tsx";

const money = (amount_minor: number) => ({ amount_minor, currency: "CNY" });

function payment(id: string, refunded: number): Payment {
  return {
    id,
    provider: "cash",
    state: "captured",
    amount: money(10_000),
    refunded: money(refunded),
    created_at: "2026-11-23T04:00:00Z",
    label: null,
  };
}

test("what went back this time is told for each tender, and nothing of before", () => {
  const before = [payment("a", 0), payment("b", 500), payment("c", 100)];
  const after = [payment("a", 3_000), payment("b", 900), payment("c", 100), payment("d", 0)];
  expect(wentBack(before, after).map(({ payment, amount }) => [payment.id, amount])).toEqual([
    ["a", money(3_000)],
    ["b", money(400)],
  ]);
  expect(wentBack(before, before)).toEqual([]);
});
