/** Goal: no two texts that calls derive ids from share a digest. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { digest } from "./digest.js";

it("another text has another digest, and all its digits differ sooner or later", () => {
  const seen = new Map<string, string>();
  fc.assert(
    fc.property(fc.string(), (text) => {
      const hex = digest(text);
      expect(hex).toMatch(/^[0-9a-f]{32}$/);
      expect(seen.get(hex) ?? text).toBe(text);
      seen.set(hex, text);
    }),
  );
});

it("texts that differ in their last character only have digests that differ in most digits", () => {
  const digests = [..."0123456789abcdef"].map((char) => digest(`11111111-2222-4333-8444-00000000000${char}`));
  for (const [i, one] of digests.entries())
    for (const other of digests.slice(i + 1)) {
      const same = [...one].filter((digit, at) => other[at] === digit).length;
      expect(same).toBeLessThan(12);
    }
});
