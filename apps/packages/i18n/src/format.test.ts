import { describe, expect, test } from "vitest";
import { formatsFor } from "./format.ts";

const zh = formatsFor("zh");
const en = formatsFor("en");
const NOW = "2026-11-23T04:00:00Z";

describe("money", () => {
  test.each([
    [{ amount_minor: 19_900, currency: "CNY" }, "¥199.00", "¥199.00"],
    [{ amount_minor: -50, currency: "CNY" }, "-¥0.50", "-¥0.50"],
    [{ amount_minor: 1_234_567, currency: "CNY" }, "¥12,345.67", "¥12,345.67"],
    [{ amount_minor: 500, currency: "JPY" }, "¥500", "¥500"],
  ])("%j", (value, inZh, inEn) => {
    expect(zh.money(value)).toBe(inZh);
    expect(en.money(value)).toBe(inEn);
  });

  test("what is not known is a dash, never a zero", () => {
    expect(zh.money(null)).toBe("—");
    expect(zh.number(undefined)).toBe("—");
  });
});

describe("time", () => {
  test("relative picks the nearest whole unit", () => {
    expect(en.relative("2026-11-23T03:57:00Z", NOW)).toBe("3 minutes ago");
    expect(zh.relative("2026-11-23T06:10:00Z", NOW)).toBe("2小时后");
    expect(en.relative("2026-11-22T04:00:00Z", NOW)).toBe("yesterday");
  });

  test("a promise is told in the day of the store", () => {
    expect(zh.day("2026-11-23T10:40:00Z", NOW, "Asia/Shanghai")).toBe("今天 18:40");
    expect(en.day("2026-11-23T16:30:00Z", NOW, "Asia/Shanghai")).toBe("tomorrow 00:30");
    expect(en.day("2026-11-26T02:00:00Z", NOW, "Asia/Shanghai")).toBe("Nov 26 10:00");
  });

  test("a promise by a clock that is not the viewer's says so", () => {
    expect(en.day("2026-11-23T10:40:00Z", NOW, "Europe/Berlin")).toBe("today 11:40 GMT+1");
    expect(zh.day("2026-11-24T23:30:00Z", NOW, "Europe/Berlin")).toBe("11月25日 00:30 GMT+1");
    // Another name for the same clock.
    expect(en.day("2026-11-23T10:40:00Z", NOW, "Asia/Singapore")).toBe("today 18:40");
    expect(en.weekday("2026-11-25T20:00:00Z", "Asia/Shanghai")).toBe("Thu, Nov 26");
    expect(zh.weekday("2026-11-25T20:00:00Z", "Asia/Shanghai")).toBe("11月26日周四");
  });

  test("the zone is named when it is not the viewer's", () => {
    expect(en.dateTime(NOW, "Asia/Shanghai")).not.toMatch(/GMT/);
    expect(en.dateTime(NOW, "Europe/Berlin")).toMatch(/GMT\+1/);
  });

  test("durations", () => {
    expect(en.duration(40)).toBe("40 min");
    expect(en.duration(125)).toBe("2 hr 5 min");
    expect(zh.duration(40)).toBe("40分钟");
    expect(en.duration(3 * 24 * 60)).toBe("3 days");
  });
});

test("distances are as exact as they are useful", () => {
  expect(zh.distance(612)).toBe("600米");
  expect(en.distance(2430)).toBe("2.4 km");
  expect(en.distance(41_300)).toBe("41 km");
});

test("a text falls back to the other language rather than to nothing", () => {
  expect(en.text({ zh: "精华", en: "" })).toBe("精华");
  expect(zh.text(null)).toBe("");
});
