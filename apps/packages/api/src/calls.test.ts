/// <reference types="node" />
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { format, resolveConfig } from "prettier";
import { beforeEach, describe, expect, test, vi } from "vitest";
import * as calls from "./calls/index.ts";
import { callsSources, functionName, type OpenApi } from "./calls.source.ts";

const DOCUMENT = join(import.meta.dirname, "../../../../docs/openapi.json");
const text = readFileSync(DOCUMENT, "utf8");
const openApi = JSON.parse(text) as OpenApi;

const operations = Object.entries(openApi.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([verb, { operationId }]) => ({ path, verb, id: operationId })),
);

async function formatted(source: string): Promise<string> {
  const options = await resolveConfig(import.meta.filename);
  return format(source, { ...options, parser: "typescript" });
}

// Both are written anew by `npm run generate`.
test("schema.ts says what the OpenAPI document says", { timeout: 30_000 }, async () => {
  const types = await openapiTS(text, { rootTypes: true, alphabetize: true });
  const source = await formatted(COMMENT_HEADER + astToString(types));
  await expect(source).toMatchFileSnapshot("./schema.ts");
});

const sources = callsSources(openApi);

test.each(Object.keys(sources))("calls/%s says what the OpenAPI document says", async (file) => {
  await expect(await formatted(sources[file] ?? "")).toMatchFileSnapshot(`./calls/${file}`);
});

test("no file of calls/ is left from a part of the API that is gone", () => {
  const files = readdirSync(join(import.meta.dirname, "calls"));
  expect(files.sort()).toEqual(Object.keys(sources).sort());
});

test("every operation has exactly one function, and its name", () => {
  expect(Object.keys(calls).sort()).toEqual(operations.map(({ id }) => functionName(id)).sort());
});

describe("an operation asks the address it is described at", () => {
  let asked: { verb: string; path: string }[];

  beforeEach(() => {
    asked = [];
    vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
      asked.push({ verb: (init.method ?? "GET").toLowerCase(), path: url });
      return Promise.resolve(new Response("{}"));
    });
  });

  test.each(operations)("$id", async ({ path, verb, id }) => {
    const call = calls[functionName(id) as keyof typeof calls] as (...parts: string[]) => unknown;
    const parts = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `the-${name}`);
    const answer = await call(...parts);
    const expected = path.replace(/\{(\w+)\}/g, "the-$1");
    if (asked.length === 0) expect(answer).toBe(expected);
    else expect(asked).toEqual([{ verb, path: expected }]);
  });
});
