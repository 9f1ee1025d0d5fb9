import { defineConfig } from "vitest/config";

/** Tests against real upstreams: they start other programs' servers, so they run apart and one after the other. */
export default defineConfig({
  test: {
    include: ["test/real/**/*.test.ts"],
    reporters: ["default", "./test/support/reporter.ts"],
    fileParallelism: false,
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
