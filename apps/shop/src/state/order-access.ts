import { stored } from "./stored.ts";

/** Guests see their orders by a token; this device keeps the last ones it was given. */
const AT_MOST = 20;

type Tokens = Record<string, string>;
const NONE: Tokens = {};

function parse(raw: unknown): Tokens | undefined {
  if (typeof raw !== "object" || raw === null) return undefined;
  const entries = Object.entries(raw).filter(([, token]) => typeof token === "string");
  return Object.fromEntries(entries) as Tokens;
}

const tokens = stored<Tokens>("storeloop.orders", NONE, parse);

export function rememberOrderToken(orderId: string, token: string | null | undefined): void {
  if (!token) return;
  const entries = Object.entries({ ...tokens.get(), [orderId]: token });
  tokens.set(Object.fromEntries(entries.slice(-AT_MOST)));
}

/** The address of an order; for a guest it carries the proof, so that the link works anywhere. */
export function orderPath(orderId: string, token: string | null | undefined): string {
  return withProof(`/o/${orderId}`, token);
}

/** Where an order is changed, and where it is paid; with the proof, too. */
export function changePath(orderId: string, token: string | null | undefined): string {
  return withProof(`/o/${orderId}/change`, token);
}

export function payPath(orderId: string, token: string | null | undefined): string {
  return withProof(`/pay/${orderId}`, token);
}

function withProof(path: string, token: string | null | undefined): string {
  return token ? `${path}?token=${encodeURIComponent(token)}` : path;
}

/** The token for an order: from the link if it brought one, else from this device. */
export function useOrderToken(orderId: string, search: string): string | undefined {
  const known = tokens.use();
  return new URLSearchParams(search).get("token") ?? known[orderId];
}
