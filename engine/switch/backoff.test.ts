/** Waits between attempts are bounded and spread out. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SeededIds } from "../../fixtures/seeded-ids.js";
import type { IdSource } from "../ids.js";
import { backoffMs } from "./backoff.js";

describe("the wait before the next attempt", () => {
  it("doubles from the first to the cap, each time between half its step and the whole", () => {
    const lowest = { uuid: () => "", below: () => 0 };
    const highest = { uuid: () => "", below: (below: number) => below - 1 };
    const waits = (ids: IdSource) =>
      [0, 1, 2, 3, 9].map((attempt) => backoffMs(attempt, { firstMs: 200, maxMs: 1_000, ids }));
    expect(waits(lowest)).toEqual([100, 200, 400, 500, 500]);
    expect(waits(highest)).toEqual([200, 400, 800, 1_000, 1_000]);
  });

  it("is never below half the first nor above the cap, however long it goes on", () => {
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.integer({ min: 1, max: 10_000 }),
        fc.nat(),
        (attempt, firstMs, seed) => {
          const wait = backoffMs(attempt, { firstMs, maxMs: 30_000, ids: new SeededIds(seed) });
          expect(wait).toBeGreaterThanOrEqual(Math.ceil(firstMs / 2));
          expect(wait).toBeLessThanOrEqual(30_000);
        },
      ),
    );
  });
});
