/**
 * Prints what docs/benchmarks.md says about the web apps: the weight of the first scripts and, of
 * the console with a warm cache, when it first paints and when the figures of home stand.
 *
 *     STORELOOP_URL=http://127.0.0.1:7400 STORELOOP_PASSWORD=… npm run measure -w @storeloop/e2e
 */
/* global fetch, performance, URL */
import process from "node:process";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

const URL_BASE = process.env["STORELOOP_URL"] ?? "http://127.0.0.1:7400";
const PASSWORD = process.env["STORELOOP_PASSWORD"] ?? "";
const LOADS = 11;

/** @param {number[]} values */
function median(values) {
  return values.slice().sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

for (const app of ["shop", "store", "console"]) {
  const page = await (await fetch(`${URL_BASE}/${app}/`)).text();
  const names = [...page.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map((match) => match[1] ?? "");
  const scripts = await Promise.all(
    names.map(async (name) => (await fetch(new URL(name, URL_BASE))).text()),
  );
  const weight = scripts.reduce((sum, script) => sum + gzipSync(script).length, 0);
  process.stdout.write(`${app}: first scripts ${(weight / 1024).toFixed(0)} kB compressed\n`);
}

const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const context = await browser.newContext({
  baseURL: URL_BASE,
  viewport: { width: 1440, height: 900 },
});
const session = await context.request.post("/api/v1/staff/session", {
  data: { login: "admin", password: PASSWORD },
});
if (!session.ok()) throw new Error(`sign-in: ${session.status()} ${await session.text()}`);

const painted = [];
const stood = [];
for (let load = 0; load <= LOADS; load += 1) {
  const page = await context.newPage();
  await page.goto("/console/");
  await page.locator(".console-loop__sum").waitFor();
  const at = await page.evaluate(() => ({
    paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
    // Read as soon as the figures are there: at most a poll of the driver too late.
    figures: performance.now(),
  }));
  await page.close();
  // The first load fills the cache.
  if (load === 0) continue;
  painted.push(at.paint);
  stood.push(at.figures);
}
await browser.close();
process.stdout.write(
  `console, warm cache, median of ${LOADS}: ` +
    `first contentful paint ${median(painted).toFixed(0)} ms, ` +
    `figures of home ${median(stood).toFixed(0)} ms\n`,
);
