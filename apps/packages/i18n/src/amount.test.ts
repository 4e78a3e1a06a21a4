import { describe, expect, it } from "vitest";
import { fromBasisPoints, fromMinor, toBasisPoints, toMinor } from "./amount.ts";

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
