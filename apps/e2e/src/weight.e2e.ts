/** What a phone fetches before the first screen can stand. */
import { gzipSync } from "node:zlib";
import { expect, inject, test } from "vitest";
import type { App } from "./browser.ts";

const KB = 1024;
const BUDGET_KB: [App, number][] = [
  ["shop", 200],
  ["store", 200],
];

/** The scripts an app's page names: its own, and those it wants fetched with it. */
async function firstScripts(app: App): Promise<string[]> {
  const page = await (await fetch(`${inject("url")}/${app}/`)).text();
  const names = [...page.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map((match) => match[1] ?? "");
  return Promise.all(names.map(async (name) => (await fetch(new URL(name, inject("url")))).text()));
}

test.each(BUDGET_KB)("%s starts with less than %i kB of compressed script", async (app, budget) => {
  const scripts = await firstScripts(app);
  expect(scripts.length).toBeGreaterThan(0);
  const weight = scripts.reduce((sum, script) => sum + gzipSync(script).length, 0);
  expect(weight / KB).toBeLessThan(budget);
});
