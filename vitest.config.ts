import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{engine,policy,storage,fixtures,bench}/**/*.test.ts"],
    testTimeout: 20_000,
    coverage: {
      provider: "v8",
      include: ["{engine,policy,storage}/**/*.ts"],
      exclude: ["**/*.test.ts"],
      reporter: ["text-summary", "json-summary"],
    },
  },
});
