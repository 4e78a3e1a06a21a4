import { describe, expect, it } from "vitest";
import { readTable } from "./price-table.ts";

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
