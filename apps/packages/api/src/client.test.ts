import { beforeEach, describe, expect, test, vi } from "vitest";
import { actAs, queryString, request } from "./client.ts";
import { isProblem, NO_ANSWER, NOT_UNDERSTOOD } from "./problem.ts";

type Call = { url: string; method: string; headers: Headers; body: string | null };

let calls: Call[];
let answers: (() => Response)[];

/** Stands at the network's edge: every answer is used once, the last one for ever. */
beforeEach(() => {
  calls = [];
  answers = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    calls.push({
      url,
      method: init.method ?? "GET",
      headers: new Headers(init.headers),
      body: (init.body as string | undefined) ?? null,
    });
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (!answer) return Promise.reject(new TypeError("no answer prepared"));
    return Promise.resolve().then(answer);
  });
  vi.spyOn(globalThis, "setTimeout").mockImplementation(((run: () => void) => {
    run();
    return 0;
  }) as unknown as typeof setTimeout);
});

const json = (status: number, body: unknown) => () =>
  new Response(JSON.stringify(body), { status });
const lost = () => {
  throw new TypeError("network");
};

const INSUFFICIENT = {
  type: "about:blank",
  title: "库存不足",
  code: "stock.insufficient",
  detail: "还剩 1 件",
  facts: { wanted: 3, available: 1 },
  request_id: "r",
};

describe("request", () => {
  test("speaks the language of the page and asks below the base path", async () => {
    document.documentElement.lang = "en";
    answers = [json(200, { items: [] })];
    await request("GET", "/products", { query: { q: "面霜", category: undefined } });
    expect(calls[0]?.url).toBe("/api/v1/products?q=%E9%9D%A2%E9%9C%9C");
    expect(calls[0]?.headers.get("Accept-Language")).toBe("en");
    expect(calls[0]?.headers.has("Idempotency-Key")).toBe(false);
  });

  test("the shop asks as a member, even beside a session of staff", async () => {
    actAs("member");
    answers = [json(200, {}), json(200, {})];
    await request("GET", "/orders/ord_1");
    actAs("staff");
    await request("GET", "/orders/ord_1");
    expect(calls.map((call) => call.headers.get("X-Storeloop-As"))).toEqual(["member", "staff"]);
  });

  test("a change proves its origin and its version, and carries a key", async () => {
    answers = [json(200, {})];
    await request("PATCH", "/places/plc_1", { body: { active: false }, ifMatch: 7 });
    expect(calls[0]?.headers.get("X-Storeloop-Csrf")).toBe("1");
    expect(calls[0]?.headers.get("If-Match")).toBe('"7"');
    expect(calls[0]?.headers.get("Idempotency-Key")).toMatch(/^[0-9a-f-]{32,36}$/);
    expect(calls[0]?.body).toBe('{"active":false}');
  });

  test("a lost answer is asked for again with the same key", async () => {
    answers = [lost, lost, json(201, { id: "ord_1" })];
    await expect(request("POST", "/carts/crt_1/checkout", { body: {} })).resolves.toEqual({
      id: "ord_1",
    });
    expect(calls).toHaveLength(3);
    expect(new Set(calls.map((call) => call.headers.get("Idempotency-Key"))).size).toBe(1);
  });

  test("a refusal is final and keeps the server's words and facts", async () => {
    answers = [json(409, INSUFFICIENT)];
    const error: unknown = await request("POST", "/x").catch((reason: unknown) => reason);
    expect(calls).toHaveLength(1);
    expect(isProblem(error, "stock.insufficient")).toBe(true);
    if (isProblem(error)) {
      expect(error.problem.title).toBe("库存不足");
      expect(error.factNumber("available")).toBe(1);
      expect(error.isTransient).toBe(false);
    }
  });

  test("an unavailable server is asked again, then reported", async () => {
    answers = [json(503, { code: "web.unavailable" })];
    const error: unknown = await request("GET", "/x").catch((reason: unknown) => reason);
    expect(calls).toHaveLength(3);
    expect(isProblem(error, "web.unavailable")).toBe(true);
  });

  test("no network and a stranger's page become problems of our own", async () => {
    answers = [lost];
    expect(isProblem(await request("GET", "/x").catch((e: unknown) => e), NO_ANSWER)).toBe(true);
    answers = [() => new Response("<html>", { status: 502 })];
    const error: unknown = await request("GET", "/x").catch((e: unknown) => e);
    expect(isProblem(error, NOT_UNDERSTOOD) && error.status).toBe(502);
  });
});

test("lists repeat their name, what is absent stays out", () => {
  expect(queryString({ sku: ["a", "b"], near: null, q: "", limit: 20 })).toBe(
    "?sku=a&sku=b&limit=20",
  );
});
