import type { Message, Page, StaffSession } from "@storeloop/api";
import { inject } from "vitest";

const PATIENCE_MS = 30_000;
const PAUSE_MS = 250;

/** What a tester does behind the screens: reads the mailbox of the demo. */
export class Office {
  private readonly token: string;

  private constructor(token: string) {
    this.token = token;
  }

  static async open(): Promise<Office> {
    const session = await call<StaffSession>("POST", "/staff/session", null, {
      login: "admin",
      password: inject("password"),
    });
    if (!session.token) throw new Error("the session brought no token");
    return new Office(session.token);
  }

  /** The first message to a phone that matches, as soon as it is there. */
  async message(to: string, pattern: RegExp): Promise<string> {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
      const query = `?to=${encodeURIComponent(to)}&limit=50`;
      const { items } = await call<Page<Message>>("GET", `/messages${query}`, this.token);
      for (const { body } of items) {
        const found = pattern.exec(body);
        if (found) return found[1] ?? found[0];
      }
      await new Promise((resume) => setTimeout(resume, PAUSE_MS));
    }
    throw new Error(`no message to ${to} matched ${String(pattern)}`);
  }
}

async function call<T>(
  method: string,
  path: string,
  token: string | null,
  body?: unknown,
): Promise<T> {
  const headers = new Headers({ "Content-Type": "application/json" });
  if (token) headers.set("Authorization", `Bearer ${token}`);
  const answer = await fetch(`${inject("url")}/api/v1${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}
