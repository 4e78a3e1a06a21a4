/** What people meet when the network, the page or the right is not there. */
import { afterAll, beforeAll, inject, test } from "vitest";
import type { Browser } from "playwright-core";
import { staffWords } from "../../packages/staff/src/words.ts";
import { launch, Visitor, WORDS } from "./browser.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

async function signIn(visitor: Visitor, login: string): Promise<void> {
  const t = staffWords[visitor.locale].signIn;
  await visitor.field(t.login).fill(login);
  await visitor.field(t.password).fill(inject("password"));
  await visitor.button(t.submit).click();
}

test("in a cellar without network, the pages of the store app are there all the same", async () => {
  const t = WORDS.zh.store;
  const visitor = await Visitor.open(browser, "away", "store", "zh", "phone");
  await signIn(visitor, "hubin.associate");
  await visitor.page.getByRole("tab", { name: new RegExp(t.today.toPick) }).waitFor();
  // Every page is fetched ahead, one after the other, while nothing else happens.
  await visitor.page.waitForFunction(() =>
    performance.getEntriesByType("resource").some(({ name }) => /\/stock-[^/]+\.js$/.test(name)),
  );
  await visitor.page.context().setOffline(true);
  await visitor.link(t.tabs.stock).click();
  await visitor.page.getByRole("heading", { name: t.stock.title, level: 1 }).waitFor();
  await visitor.look("offline");
  await visitor.page.context().close();
});

test("whoever does not see the whole chain starts at a place of their own", async () => {
  const visitor = await Visitor.open(browser, "away", "console", "en", "desk");
  await signIn(visitor, "hubin.associate");
  await visitor.page.waitForURL(/\/console\/members/);
  await visitor.page.getByRole("heading", { name: WORDS.en.console.members.title }).waitFor();
  await visitor.leave();
});

test("a link to what is not there leads on", async () => {
  const visitor = await Visitor.open(browser, "away", "shop", "en", "phone");
  await visitor.goto("/o/ord_01m6xpvcnrff5vwta7fbf8zmm0");
  const home = visitor.page.getByRole("main").getByRole("link", { name: "To the start" });
  await home.click();
  await visitor.page.locator(".shop-grid a").first().waitFor();
  await visitor.leave();
});
