import { expect, test } from "vitest";
import { hoursOn, weekdayAt } from "./hours.ts";

// Sunday 17:00 in London is Monday 01:00 in Shanghai.
const INSTANT = Date.parse("2026-11-22T17:00:00Z");

test("the day is that of the store, not of the reader", () => {
  expect(weekdayAt(INSTANT, "Asia/Shanghai")).toBe(1);
  expect(weekdayAt(INSTANT, "Europe/London")).toBe(7);
});

test("hours of the day, split by a break, or none", () => {
  const hours = [
    { weekday: 1, opens: "10:00", closes: "12:00" },
    { weekday: 1, opens: "13:00", closes: "22:00" },
  ];
  expect(hoursOn({ hours, timezone: "Asia/Shanghai" }, INSTANT)).toBe("10:00–12:00, 13:00–22:00");
  expect(hoursOn({ hours, timezone: "Europe/London" }, INSTANT)).toBe("");
});
