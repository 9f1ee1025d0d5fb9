import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^headgate\/testing$/, replacement: source("./src/testing.ts") },
      // As Node resolves it; browsers get the other side.
      { find: /^headgate\/browser$/, replacement: source("./src/sanitize/server.ts") },
      { find: /^headgate$/, replacement: source("./src/index.ts") },
    ],
  },
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["test/real/**"],
    reporters: ["default", "./test/support/reporter.ts"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
