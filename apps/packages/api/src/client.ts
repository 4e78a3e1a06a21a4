import { localProblem, NO_ANSWER, NOT_UNDERSTOOD, type Problem, ProblemError } from "./problem.ts";

/** Where the API lives, beside every app. */
export const API_BASE = "/api/v1";

const TIME_LIMIT_MS = 20_000;
const TRIES = 3;
const FIRST_WAIT_MS = 250;

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type QueryValue = string | number | boolean | readonly string[] | null | undefined;
export type Query = Record<string, QueryValue>;

export type RequestOptions = {
  query?: Query | undefined;
  body?: unknown;
  /** Repeats of one intent carry one key; without it every call is its own intent. */
  idempotencyKey?: string | undefined;
  /** The version the change was made against; the server answers 412 when it moved on. */
  ifMatch?: number | undefined;
  signal?: AbortSignal | undefined;
};

/** As whom an app asks. A browser may hold a member's session beside one of staff. */
export type ActAs = "member" | "staff";

let actsAs: ActAs = "staff";

/** Once per app, before its first request. */
export function actAs(who: ActAs): void {
  actsAs = who;
}

/** A key for one intent of a person: "place this order", pressed as often as they like. */
export function newIdempotencyKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  // randomUUID exists only in secure contexts; a store's tablet may reach the server over plain HTTP.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** `?a=1&sku=x&sku=y`, without what is absent; lists repeat their name. */
export function queryString(query: Query | undefined): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === null || value === undefined || value === "") continue;
    if (typeof value === "object") value.forEach((item) => params.append(name, item));
    else params.append(name, String(value));
  }
  const text = params.toString();
  return text ? `?${text}` : "";
}

/**
 * One call of the API. Answers are trusted to have the type of the contract; everything else
 * becomes a `ProblemError`. A call whose answer got lost is repeated with the same idempotency
 * key, so it happens once at most.
 */
export async function request<T>(
  method: Method,
  path: string,
  options: RequestOptions = {},
): Promise<T> {
  const headers = new Headers({ Accept: "application/json" });
  headers.set("Accept-Language", document.documentElement.lang || "zh-CN");
  headers.set("X-Storeloop-As", actsAs);
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (method !== "GET") {
    headers.set("X-Storeloop-Csrf", "1");
    headers.set("Idempotency-Key", options.idempotencyKey ?? newIdempotencyKey());
  }
  if (options.ifMatch !== undefined) headers.set("If-Match", `"${options.ifMatch}"`);
  if (options.body !== undefined) {
    headers.set("Content-Type", "application/json");
    init.body = JSON.stringify(options.body);
  }
  const url = address(path, options.query);
  for (let attempt = 1; ; attempt += 1) {
    const last = attempt === TRIES;
    try {
      const response = await fetch(url, { ...init, signal: timeLimit(options.signal) });
      if (response.ok) return await answer<T>(response);
      const problem = await problemOf(response);
      if (last || response.status !== 503) throw problem;
      await wait(problem.retryAfter === null ? backoff(attempt) : problem.retryAfter * 1000);
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      if (options.signal?.aborted) throw error;
      if (last || !navigator.onLine) throw localProblem(NO_ANSWER);
      await wait(backoff(attempt));
    }
  }
}

function timeLimit(signal: AbortSignal | undefined): AbortSignal {
  const limit = AbortSignal.timeout(TIME_LIMIT_MS);
  if (!signal) return limit;
  // AbortSignal.any is younger than the phones this runs on.
  if (typeof AbortSignal.any === "function") return AbortSignal.any([signal, limit]);
  return signal;
}

function backoff(attempt: number): number {
  return FIRST_WAIT_MS * 2 ** (attempt - 1) * (0.5 + Math.random());
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function answer<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  if (text === "") return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw localProblem(NOT_UNDERSTOOD, response.status);
  }
}

async function problemOf(response: Response): Promise<ProblemError> {
  const retryAfter = Number(response.headers.get("Retry-After")) || null;
  try {
    const problem = (await response.json()) as Partial<Problem>;
    if (typeof problem.code !== "string") return localProblem(NOT_UNDERSTOOD, response.status);
    return new ProblemError(
      {
        type: problem.type ?? "about:blank",
        title: problem.title ?? "",
        status: response.status,
        code: problem.code,
        detail: problem.detail ?? "",
        facts: problem.facts ?? {},
        errors: problem.errors ?? [],
        request_id: problem.request_id ?? "",
      },
      retryAfter,
    );
  } catch {
    return localProblem(NOT_UNDERSTOOD, response.status);
  }
}

/** How a call that changes something is told apart from its repeats. */
export type Intent = { key?: string; ifMatch?: number };

function send(method: Exclude<Method, "GET">) {
  return <T>(path: string, body?: unknown, intent?: Intent, query?: Query) =>
    request<T>(method, path, {
      body,
      query,
      idempotencyKey: intent?.key,
      ifMatch: intent?.ifMatch,
    });
}

/** The five verbs, for `calls/`. */
export const http = {
  get: <T>(path: string, query?: Query) => request<T>("GET", path, { query }),
  post: send("POST"),
  put: send("PUT"),
  patch: send("PATCH"),
  delete: send("DELETE"),
};

/** Where something is that the browser itself follows: a stream, a picture. */
export function address(path: string, query?: Query): string {
  return API_BASE + path + queryString(query);
}
