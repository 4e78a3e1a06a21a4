import { defineConfig } from "vitest/config";

/** One browser, one chain, one story after the other. */
export default defineConfig({
  test: {
    include: ["src/**/*.e2e.ts"],
    environment: "node",
    globalSetup: "src/chain.ts",
    fileParallelism: false,
    testTimeout: 900_000,
    hookTimeout: 60_000,
  },
});
