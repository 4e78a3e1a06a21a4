import { describe, expect, it } from "vitest";
import { fromBasisPoints, fromMinor, toBasisPoints, toMinor } from "./amount.ts";
import { readTable } from "./price-table.ts";

describe("amounts", () => {
  it("are read to the last digit", () => {
    for (const [typed, minor] of [
      ["129", 12_900],
      ["129.5", 12_950],
      ["¥1,299.99", 129_999],
      ["0.07", 7],
      ["1.005", null],
      ["-1", null],
      ["", null],
      ["12 yuan", null],
    ] as const) {
      expect(toMinor(typed, "CNY")).toBe(minor);
    }
    expect(toMinor("500", "JPY")).toBe(500);
    expect(toMinor("1.5", "JPY")).toBeNull();
  });

  it("come back as they were typed", () => {
    expect(fromMinor(12_900, "CNY")).toBe("129");
    expect(fromMinor(12_950, "CNY")).toBe("129.50");
    expect(fromMinor(7, "CNY")).toBe("0.07");
    expect(fromMinor(500, "JPY")).toBe("500");
    expect(toBasisPoints("12.5")).toBe(1_250);
    expect(fromBasisPoints(1_250)).toBe("12.5");
  });
});

describe("a pasted table", () => {
  it("is read with or without titles, by commas or tabs", () => {
    const { rows, bad } = readTable("SKU,Price,From\nA-1,129.50\r\nB-2\t99\t3\n\n", "CNY");
    expect(bad).toEqual([]);
    expect(rows).toEqual([
      { code: "A-1", minQuantity: 1, minor: 12_950 },
      { code: "B-2", minQuantity: 3, minor: 9_900 },
    ]);
  });

  it("keeps a sum in quotes together and names what it cannot read", () => {
    const { rows, bad } = readTable('A-1,"1,299.00"\nB-2,cheap\nC-3\nD-4,5,0', "CNY");
    expect(rows).toEqual([{ code: "A-1", minQuantity: 1, minor: 129_900 }]);
    expect(bad.map((one) => one.line)).toEqual([2, 3, 4]);
  });
});
