import react from "@vitejs/plugin-react";
import type { UserConfig } from "vite";

/** Where a development server finds the API; `storeloop serve` listens here by default. */
const SERVER = process.env["STORELOOP_URL"] ?? "http://127.0.0.1:7400";

/** What the web apps have in common: one base path each, one API beside them. */
export function appConfig(app: "shop" | "store" | "console", port: number): UserConfig {
  return {
    base: `/${app}/`,
    plugins: [react()],
    server: { port, proxy: { "/api": SERVER } },
    preview: { port, proxy: { "/api": SERVER } },
    build: {
      outDir: "dist",
      emptyOutDir: true,
      target: ["chrome109", "safari16", "firefox115"],
      assetsInlineLimit: 2048,
      chunkSizeWarningLimit: 600,
    },
  };
}
