import { describe, expect, it } from "vitest";
import { changeBody, changeLines } from "./order-change.ts";

const text = { zh: "精华", en: "Serum" };
const line = (sku_id: string, quantity: number, quantity_cancelled = 0) => ({
  sku_id,
  name: text,
  option: text,
  quantity,
  quantity_cancelled,
});
const order = { lines: [line("a", 2), line("b", 3, 1), line("c", 1, 1)] };

describe("a change of an order", () => {
  it("starts from what is still wanted", () => {
    expect(changeLines(order).map((l) => [l.sku_id, l.quantity])).toEqual([
      ["a", 2],
      ["b", 2],
    ]);
  });

  it("asks for nothing while nothing is other, or nothing would be left", () => {
    const lines = changeLines(order);
    expect(changeBody(order, lines, null)).toBeNull();
    expect(
      changeBody(
        order,
        lines.map((l) => ({ ...l, quantity: 0 })),
        null,
      ),
    ).toBeNull();
  });

  it("names all that is wanted when the goods are other, and the way when that is", () => {
    const [a, b] = changeLines(order);
    if (!a || !b) throw new Error("two lines");
    expect(changeBody(order, [{ ...a, quantity: 5 }, b], null)).toEqual({
      lines: [
        { sku_id: "a", quantity: 5 },
        { sku_id: "b", quantity: 2 },
      ],
    });
    const fulfilment = { method: "collect" as const, place_id: "p" };
    expect(changeBody(order, [a, b], fulfilment)).toEqual({ fulfilment });
  });
});
