import { makeQueryClient, type ProductResults } from "@storeloop/api";
import { LinkProvider, Toaster } from "@storeloop/ui";
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import { vi } from "vitest";
import { Link, Router } from "wouter";
import { memoryLocation } from "wouter/memory-location";
import { App } from "../app.tsx";

export type Asked = { method: string; path: string; query: URLSearchParams; body: unknown };
type Answer = { status: number; body: unknown };
type Handler = (asked: Asked) => Answer;

export const ok = (body: unknown, status = 200): Answer => ({ status, body });

export const refusal = (status: number, code: string, more: object = {}): Answer => ({
  status,
  body: { type: "about:blank", title: "", detail: "", facts: {}, request_id: "r", code, ...more },
});

const NOTHING_FOUND: ProductResults = {
  items: [],
  next: null,
  total: 0,
  corrected: null,
  partial: false,
  facets: null,
};

/** Answers what a test says, `"GET /carts/crt_1"`; everybody is a guest unless it says otherwise. */
export function fakeServer(handlers: Record<string, Handler>) {
  const asked: Asked[] = [];
  const all: Record<string, Handler> = {
    "GET /me": () => refusal(401, "access.unauthenticated"),
    "GET /categories": () => ok({ items: [] }),
    "GET /places": () => ok({ items: [], next: null }),
    "GET /payments/methods": () => ok({ items: [{ provider: "sandbox", ways: [] }] }),
    "GET /search/products": () => ok(NOTHING_FOUND),
    "GET /search/suggestions": () => ok({ items: [], corrected: null }),
    ...handlers,
  };
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    const { pathname, searchParams } = new URL(url, "http://shop.test");
    const call: Asked = {
      method: init.method ?? "GET",
      path: pathname.replace("/api/v1", ""),
      query: searchParams,
      body: typeof init.body === "string" ? JSON.parse(init.body) : undefined,
    };
    asked.push(call);
    const handler = all[`${call.method} ${call.path}`];
    const { status, body } = handler ? handler(call) : refusal(404, "web.not_found");
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
  return {
    asked,
    /** The calls of one operation, in order. */
    of: (operation: string) => asked.filter((call) => `${call.method} ${call.path}` === operation),
  };
}

/** The whole shop at an address. */
export function openShop(path: string) {
  const { hook, searchHook, history } = memoryLocation({ path, record: true });
  render(
    <QueryClientProvider client={makeQueryClient()}>
      <Router hook={hook} searchHook={searchHook}>
        <LinkProvider value={(props) => <Link {...props} />}>
          <App />
          <Toaster />
        </LinkProvider>
      </Router>
    </QueryClientProvider>,
  );
  return { history };
}
