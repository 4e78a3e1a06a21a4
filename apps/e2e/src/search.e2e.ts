/** A shopper finds what they mean: by pinyin, with a slip of the finger, by narrowing, and when there is none. */
import type { Locale } from "@storeloop/i18n";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, type Size, Visitor, WORDS } from "./browser.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const STORIES: [Locale, Size, { typed: string; means: RegExp; slip: string }][] = [
  ["zh", "phone", { typed: "meigui", means: /玫瑰/, slip: "serm" }],
  ["en", "desk", { typed: "rose", means: /rose/i, slip: "serm" }],
];

test.each(STORIES)("search, in %s on a %s", async (locale, size, { typed, means, slip }) => {
  const visitor = await Visitor.open(browser, "search", "shop", locale, size);
  const t = WORDS[locale].shop;
  const { page } = visitor;
  const box = page.getByRole("combobox", { name: t.nav.search });

  await box.fill(typed);
  const option = page.getByRole("option", { name: means }).first();
  await option.waitFor();
  await visitor.look("suggestions");
  await box.press("Enter");
  await page.locator(".shop-grid mark").first().waitFor();
  expect(await page.locator(".shop-grid mark").first().textContent()).toMatch(means);
  await visitor.look("results");

  await box.fill(slip);
  await box.press("Enter");
  await visitor.sees(t.search.corrected("serum"));
  if (size === "phone") await visitor.button(t.search.filters).click();
  const within = size === "phone" ? page.getByRole("dialog") : page.locator(".shop-listing__side");
  await within.getByRole("checkbox").first().check();
  if (size === "phone") {
    await visitor.look("filters");
    await within.getByRole("button").last().click();
  }
  await page.getByRole("list", { name: t.search.filtersSet }).getByRole("button").first().click();
  await page.getByRole("list", { name: t.search.filtersSet }).waitFor({ state: "hidden" });

  await box.fill("zzzqqq");
  await box.press("Enter");
  await visitor.sees(t.list.noneTitle);
  await visitor.sees(t.search.popular);
  await visitor.look("nothing-found");
  await visitor.link(t.list.showAll).click();
  await visitor.sees(t.nav.products);
  await visitor.leave();
});
