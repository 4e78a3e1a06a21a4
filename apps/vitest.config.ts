import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const ROOMS = [
  "packages/i18n",
  "packages/api",
  "packages/ui",
  "packages/staff",
  "shop",
  "store",
  "console",
];

export default defineConfig({
  test: {
    passWithNoTests: true,
    projects: ROOMS.map((root) => ({
      plugins: [react()],
      test: {
        name: root.replace("packages/", ""),
        root,
        include: ["src/**/*.test.{ts,tsx}"],
        environment: "happy-dom",
        restoreMocks: true,
        env: { TZ: "Asia/Shanghai" },
      },
    })),
  },
});
