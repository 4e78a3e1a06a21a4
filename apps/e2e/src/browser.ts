import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Locale } from "@storeloop/i18n";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { expect, inject } from "vitest";
import { en as consoleEn } from "../../console/src/words/en.ts";
import { zh as consoleZh } from "../../console/src/words/zh.ts";
import { en as shopEn } from "../../shop/src/words/en.ts";
import { zh as shopZh } from "../../shop/src/words/zh.ts";
import { en as storeEn } from "../../store/src/words/en.ts";
import { zh as storeZh } from "../../store/src/words/zh.ts";

export type App = "shop" | "store" | "console";
export type Size = "phone" | "desk";

/** The words on the screens, so that one story is told in both languages. */
export const WORDS = {
  zh: { shop: shopZh, store: storeZh, console: consoleZh },
  en: { shop: shopEn, store: storeEn, console: consoleEn },
} as const;

const VIEWPORT = { phone: { width: 390, height: 844 }, desk: { width: 1280, height: 800 } };
/** How long anything may take before it counts as missing: a busy machine is slow, and that is no fault. */
const PATIENCE_MS = 60_000;
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SHOTS = join(import.meta.dirname, "../shots");

export async function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
}

/** One person at one device. */
export class Visitor {
  readonly page: Page;
  readonly app: App;
  readonly locale: Locale;
  private readonly tag: string;
  private shots = 0;
  /** What went wrong in the browser; a story ends with none of it. */
  readonly faults: string[] = [];

  private constructor(page: Page, app: App, locale: Locale, tag: string) {
    this.page = page;
    this.app = app;
    this.locale = locale;
    this.tag = tag;
    page.on("pageerror", (error) => this.faults.push(error.message));
    page.on("console", (message) => {
      // A refusal the screen expects and explains (not signed in, not found) is no fault.
      const refused = /status of 4\d\d/.test(message.text());
      if (message.type() === "error" && !refused) this.faults.push(message.text());
    });
  }

  /** `story` names the pictures that are kept. */
  static async open(
    browser: Browser,
    story: string,
    app: App,
    locale: Locale,
    size: Size,
  ): Promise<Visitor> {
    const context = await browser.newContext({
      baseURL: inject("url"),
      viewport: VIEWPORT[size],
      locale: locale === "zh" ? "zh-CN" : "en-GB",
      timezoneId: "Asia/Shanghai",
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const visitor = new Visitor(page, app, locale, `${locale}-${size}-${story}-${app}`);
    await visitor.goto("/");
    return visitor;
  }

  async goto(path: string): Promise<void> {
    await this.page.goto(`/${this.app}${path}`);
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name }).first();
  }

  link(name: string | RegExp): Locator {
    return this.page.getByRole("link", { name }).first();
  }

  field(label: string | RegExp): Locator {
    return this.page.getByLabel(label).first();
  }

  async sees(text: string | RegExp): Promise<void> {
    await this.page.getByText(text).first().waitFor();
  }

  /** Keeps a picture, and holds the page to what every page must be. */
  async look(name: string): Promise<void> {
    mkdirSync(SHOTS, { recursive: true });
    this.shots += 1;
    // What is still coming is no picture of anything.
    await this.page.waitForFunction(() => !document.querySelector(".sl-skeleton"));
    const file = `${this.tag}-${String(this.shots).padStart(2, "0")}-${name}.png`;
    await this.page.screenshot({ path: join(SHOTS, file), fullPage: true });
    const scrollsSideways = await this.page.evaluate(
      () => document.documentElement.scrollWidth > window.innerWidth,
    );
    expect(scrollsSideways, `${file} is wider than the screen`).toBe(false);
    // A note in passing covers things for seconds only; it is not what the page is judged by.
    const quiet = await this.page.addStyleTag({ content: ".sl-toasts { display: none; }" });
    await this.page.evaluate(AXE);
    const serious = await this.page.evaluate(async (tags) => {
      const { axe } = window as unknown as { axe: AxeRunner };
      const { violations } = await axe.run(document, { runOnly: tags });
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160) ?? ""}`);
    }, TAGS);
    await quiet.evaluate((style: Element) => style.remove());
    expect(serious, `${file} can be used by everybody`).toEqual([]);
  }

  async leave(): Promise<void> {
    await this.page.context().close();
    expect(this.faults, `${this.tag} without faults in the browser`).toEqual([]);
  }
}

type AxeRunner = {
  run: (
    root: Document,
    options: { runOnly: string[] },
  ) => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
};
