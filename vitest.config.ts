import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { include: ["{engine,policy,storage,fixtures,bench}/**/*.test.ts"], testTimeout: 20_000 },
});
