/**
 * The chain the stories happen in: a small demo of its own, started and thrown away, or a running
 * one named by STORELOOP_URL and STORELOOP_PASSWORD.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    url: string;
    password: string;
  }
}

const PORT = 7455;
const READY_WITHIN_MS = 120_000;
const SMALL = ["--stores", "12", "--members", "400", "--orders", "1500", "--days", "60"];

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env["STORELOOP_URL"];
  const password = process.env["STORELOOP_PASSWORD"];
  if (url && password) {
    project.provide("url", url);
    project.provide("password", password);
    return () => Promise.resolve();
  }
  const folder = mkdtempSync(join(tmpdir(), "storeloop-e2e-"));
  const server = spawn(
    binary(),
    ["demo", "--data-dir", folder, "--listen", `127.0.0.1:${PORT}`, ...SMALL],
    { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, RUST_LOG: "warn" } },
  );
  project.provide("url", `http://127.0.0.1:${PORT}`);
  project.provide("password", await passwordOf(server));
  return async () => {
    const ended = new Promise((done) => server.once("exit", done));
    server.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
}

function binary(): string {
  const target = resolve(import.meta.dirname, "../../../target");
  const candidates = [
    process.env["STORELOOP_BIN"],
    join(target, "release/storeloop"),
    join(target, "debug/storeloop"),
  ];
  const found = candidates.find((path) => path && existsSync(path));
  if (!found) throw new Error("build storeloop first, or name it in STORELOOP_BIN");
  return found;
}

/** The demo prints its accounts when the chain is loaded; all share one pass phrase. */
function passwordOf(server: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let printed = "";
    const timer = setTimeout(
      () => failed(new Error(`the demo was not ready in time:\n${printed}`)),
      READY_WITHIN_MS,
    );
    server.once("exit", (code) => failed(new Error(`the demo ended with ${code}:\n${printed}`)));
    server.stdout?.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      const account = /^\s+admin\s+(\S+)/m.exec(printed);
      // The last line of the welcome: everything before it is complete.
      if (!account?.[1] || !printed.includes("Ctrl-C")) return;
      clearTimeout(timer);
      found(account[1]);
    });
  });
}
