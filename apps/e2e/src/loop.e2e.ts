/** The whole loop once: bought, collected, complained about, fixed, proven, answered. */
import type { Locale } from "@storeloop/i18n";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { launch, type Size, Visitor, WORDS } from "./browser.ts";
import { staffWords } from "../../packages/staff/src/words.ts";
import { Office } from "./office.ts";

let browser: Browser;
let office: Office;

beforeAll(async () => {
  browser = await launch();
  office = await Office.open();
});
afterAll(() => browser.close());

/** A mobile number nobody in the demo has. */
function freshPhone(): string {
  return `139${String(Math.floor(Math.random() * 1e8)).padStart(8, "0")}`;
}

const SAID = {
  zh: { text: "泵头漏液，精华流得到处都是", answer: "已更换泵头供应商，凭订单免费换新。" },
  en: {
    text: "The pump leaks and the serum is everywhere",
    answer: "We changed the pump supplier; any store swaps yours free of charge.",
  },
} as const;

const HUBIN = { zh: "湖滨", en: "Hubin" } as const;

async function signInStaff(visitor: Visitor, login: string): Promise<void> {
  const t = staffWords[visitor.locale].signIn;
  await visitor.field(t.login).fill(login);
  await visitor.field(t.password).fill(inject("password"));
  await visitor.button(t.submit).click();
}

async function signInMember(visitor: Visitor, phone: string, name: string): Promise<void> {
  const t = WORDS[visitor.locale].shop;
  await visitor.goto("/sign-in");
  await visitor.field(t.signIn.phone).fill(phone);
  await visitor.button(t.signIn.send).click();
  await visitor.field(t.signIn.code).waitFor();
  const code = await office.message(`+86${phone}`, /\b(\d{6})\b/);
  await visitor.field(t.signIn.code).fill(code);
  await visitor.field(new RegExp(`^${t.signIn.name}`)).fill(name);
  await visitor.look("sign-in");
  await visitor.page
    .locator("form")
    .getByRole("button", { name: t.signIn.submit, exact: true })
    .click();
  await visitor.page.getByRole("heading", { name: t.me.title }).waitFor();
}

/** Stands in the Hubin store, so that it is the nearest. */
async function standNearHubin(visitor: Visitor): Promise<void> {
  const t = WORDS[visitor.locale].shop.place;
  await visitor.button(new RegExp(t.choose)).click();
  await visitor.field(t.search).fill(HUBIN[visitor.locale]);
  await visitor.page
    .getByRole("dialog")
    .getByRole("button", { name: HUBIN[visitor.locale] })
    .first()
    .click();
  await visitor.page.getByRole("dialog").waitFor({ state: "hidden" });
}

/** Buys the first product the Hubin store has, to collect there; answers with the order's number. */
async function buyAtHubin(visitor: Visitor): Promise<string> {
  const t = WORDS[visitor.locale].shop;
  const { page } = visitor;
  const reserve = page.getByRole("button", {
    name: new RegExp(t.product.collectAt(`.*${HUBIN[visitor.locale]}.*`)),
  });
  await visitor.goto("/products");
  const products = page.locator(".shop-grid a");
  await products.first().waitFor();
  const addresses = await products.evaluateAll((links) =>
    links.map((a) => a.getAttribute("href") ?? ""),
  );
  for (const address of addresses.slice(0, 12)) {
    await page.goto(address);
    await page.getByRole("heading", { level: 1 }).waitFor();
    const option = page.locator(".sl-chip input:not(:disabled)");
    if ((await option.count()) > 0) await option.first().click();
    const found = await reserve
      .first()
      .waitFor({ timeout: 4_000 })
      .then(
        () => true,
        () => false,
      );
    if (found) break;
  }
  await visitor.look("product");
  await reserve.first().click();
  await page.getByRole("heading", { name: t.checkout.title }).waitFor();
  await page.getByRole("radio", { name: HUBIN[visitor.locale] }).waitFor();
  await visitor.look("checkout");
  const place = page.getByRole("button", { name: new RegExp(t.checkout.place("¥")) });
  await place.click();
  await page.getByRole("heading", { name: t.pay.title, exact: true }).waitFor();
  await visitor.look("pay");
  await visitor.button(t.pay.decline).click();
  await visitor.sees(t.pay.declined);
  await visitor.button(t.pay.again).click();
  await page.waitForURL(/\/shop\/o\//);
  const heading = page.getByRole("heading", { level: 1 });
  await page.waitForFunction(() =>
    /[0-9A-Z]{4}-[0-9A-Z]{4}/.test(document.querySelector("h1")?.textContent ?? ""),
  );
  const number = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec((await heading.textContent()) ?? "")?.[0];
  if (!number) throw new Error("the order has no number");
  await visitor.look("order-placed");
  return number;
}

/** Opens the order in the store app's queue. */
async function openInStore(visitor: Visitor, number: string): Promise<void> {
  const t = WORDS[visitor.locale].store;
  const row = visitor.page.getByRole("link", { name: number });
  const fresh = visitor.page.locator('[role="status"] button');
  await row.or(fresh).first().waitFor();
  if ((await row.count()) === 0) await fresh.first().click();
  await visitor.look("queue");
  await row.first().click();
  await visitor.page.getByRole("heading", { name: t.pick.title }).waitFor();
}

describe.each([
  ["zh", "phone"],
  ["en", "desk"],
] as const satisfies readonly (readonly [Locale, Size])[])("in %s on a %s", (locale, size) => {
  test("from the first look to the answer", async () => {
    const t = WORDS[locale];
    const phone = freshPhone();

    // She joins, and buys what the store nearby really has.
    const shopper = await Visitor.open(browser, "loop", "shop", locale, size);
    await shopper.page.locator(".shop-grid a").first().waitFor();
    await shopper.look("home");
    await standNearHubin(shopper);
    await signInMember(shopper, phone, "林小雨");
    const number = await buyAtHubin(shopper);

    // The store sees it, picks it, hands it over.
    const associate = await Visitor.open(browser, "loop", "store", locale, size);
    await signInStaff(associate, "hubin.associate");
    await openInStore(associate, number);
    await associate.look("pick");
    for (;;) {
      const take = associate.page.getByRole("button", { name: t.store.pick.take, disabled: false });
      if ((await take.count()) === 0) break;
      await take.first().click();
    }
    await associate.button(t.store.pick.allPicked).click();
    await shopper.sees(t.shop.order.pickupCode);
    await shopper.look("order-ready");
    const code = (await shopper.page.locator(".shop-code").textContent()) ?? "";
    expect(code).toMatch(/^\d{6}$/);
    await associate.field(t.store.hand.code).fill(code);
    await associate.button(t.store.hand.submit).click();
    await associate.sees(t.store.hand.done);
    await associate.look("handed-over");
    await shopper.button(t.shop.order.feedback).or(shopper.link(t.shop.order.feedback)).waitFor();
    await shopper.goto("/me/points");
    await shopper.look("points");

    // She is asked how it was, and it was not good.
    const survey = await office.message(`+86${phone}`, /\/shop(\/s\/[\w-]+)/);
    await shopper.goto(survey);
    await shopper.field(new RegExp(`^2\\s*${t.shop.voice.scores[1]}`)).check({ force: true });
    await shopper.field(new RegExp(`^${t.shop.survey.text}`)).fill(SAID[locale].text);
    await shopper.page.locator(".sl-chip").nth(1).click();
    await shopper.look("survey");
    await shopper.button(t.shop.survey.submit).click();
    await shopper.sees(t.shop.survey.thanks);

    // The word becomes an issue with an owner, a cause, an action, a proof and an answer.
    const manager = await Visitor.open(browser, "loop", "console", locale, "desk");
    await signInStaff(manager, "experience");
    await manager.page.getByRole("heading", { name: t.console.home.title }).waitFor();
    await manager.look("home");
    await manager.goto(`/inbox?view=all&q=${encodeURIComponent(SAID[locale].text)}`);
    const said = manager.page.getByRole("row").filter({ hasText: SAID[locale].text });
    await said.first().waitFor();
    await manager.look("inbox");
    await said.first().getByRole("checkbox").check({ force: true });
    await manager.button(t.console.inbox.makeIssue(1)).click();
    await manager.field(t.console.issues.name).fill(`Pump ${number}`);
    await manager.page
      .getByRole("dialog")
      .getByRole("button", { name: t.console.issues.create, exact: true })
      .click();
    await manager.page.getByRole("heading", { name: `Pump ${number}` }).waitFor();
    await manager.page.getByRole("textbox", { name: t.console.issues.cause }).fill("Batch 0417");
    await manager.button(t.console.issues.saveCause).click();
    await manager.field(t.console.issues.action).fill("Quarantine batch 0417");
    await manager.button(t.console.issues.addAction).click();
    await manager.button(new RegExp(`^${t.console.issues.done}: `)).click();
    await manager.sees(t.console.issues.isDone);
    await manager.button(t.console.issues.compute).click();
    await manager.sees(t.console.issues.difference);
    await manager.field(t.console.issues.answerZh).fill(SAID.zh.answer);
    await manager.field(t.console.issues.answerEn).fill(SAID.en.answer);
    await manager.look("issue");
    await manager.button(t.console.issues.close).click();
    await manager.sees(t.console.issues.closed);
    await manager.look("issue-closed");

    // She reads it.
    await shopper.goto("/voice");
    await shopper.sees(SAID[locale].answer);
    await shopper.look("answer");

    // And brings it back to a store in another city, which never sold it to her.
    const shanghai = await Visitor.open(browser, "loop", "store", locale, size);
    await signInStaff(shanghai, "shanghai.associate");
    await shanghai.link(t.store.today.returns).click();
    await shanghai.field(t.store.ret.find).fill(number);
    await shanghai.link(new RegExp(number)).click();
    await shanghai.button(/^(增加|More)$/).click();
    await shanghai.field(t.store.ret.reason).selectOption("defective");
    await shanghai.field(t.store.ret.condition).selectOption("damaged");
    await shanghai.look("return");
    await shanghai.button(t.store.ret.submit).click();
    await shanghai.sees(t.store.ret.done);
    await shanghai.look("return-done");
    await shopper.goto("/me/orders");
    await shopper.link(new RegExp(number)).click();
    await shopper.page.getByRole("heading", { name: t.shop.order.returns }).waitFor();
    await shopper.look("order-returned");
    await shopper.goto("/me/points");
    await shopper.sees(/^[-−]\d/);

    await Promise.all([shopper, associate, manager, shanghai].map((visitor) => visitor.leave()));
  });

  test("a damaged piece moves the order; she is told, and may still call it off", async () => {
    const t = WORDS[locale];
    const phone = freshPhone();
    const shopper = await Visitor.open(browser, "moved", "shop", locale, size);
    await standNearHubin(shopper);
    await signInMember(shopper, phone, "周宁");
    const number = await buyAtHubin(shopper);

    const associate = await Visitor.open(browser, "moved", "store", locale, size);
    await signInStaff(associate, "hubin.associate");
    await openInStore(associate, number);
    await associate.button(t.store.pick.cannot).click();
    await associate.page
      .getByRole("radio", { name: t.store.reject.damaged })
      .check({ force: true });
    await associate.look("reject");
    await associate.button(t.store.reject.submit).click();
    await shopper.sees(t.shop.order.moved);
    await shopper.look("order-moved");

    // It is not what she wants any more: the money goes back before anybody packs it.
    await shopper.button(t.shop.order.cancel).click();
    await shopper.page
      .getByRole("dialog")
      .getByRole("button", { name: t.shop.order.cancel })
      .click();
    await shopper.sees(t.shop.order.cancelled);
    await shopper.look("order-cancelled");
    await Promise.all([shopper.leave(), associate.leave()]);
  });
});
