/** Goal: the search finds the highest rate that is carried, to its precision, and forgives one bad moment. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beginSearch, nextSearch, type Search, type SearchOptions } from "./search.js";

const OPTIONS: SearchOptions = { from: 10, upTo: 400, precision: 0.1 };

/** Runs a search; `carries` says whether a rate passes at its n-th try. */
function run(
  carries: (rate: number, tries: number) => boolean,
  options = OPTIONS,
): Search & { steps: number } {
  let search = beginSearch(options);
  const tries = new Map<number, number>();
  let steps = 0;
  for (; search.next !== null && steps < 200; steps += 1) {
    const count = (tries.get(search.next) ?? 0) + 1;
    tries.set(search.next, count);
    search = nextSearch(search, carries(search.next, count), options);
  }
  return { ...search, steps };
}

describe("the search for the highest rate", () => {
  it("ends within its precision below what is carried", () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 399 }), (highest) => {
        const { passed, failed, steps } = run((rate) => rate <= highest);
        expect(passed).not.toBeNull();
        expect(passed ?? 0).toBeLessThanOrEqual(highest);
        expect(failed ?? 0).toBeGreaterThan(highest);
        expect(failed ?? 0).toBeLessThanOrEqual(Math.max((passed ?? 0) + 1, Math.ceil((passed ?? 0) / 0.89)));
        expect(steps).toBeLessThan(30);
      }),
    );
  });

  it("tries a rate that failed again before it believes it", () => {
    const carries = (rate: number) => rate <= 100;
    const unlucky = run((rate, tries) => carries(rate) && (rate !== 20 || tries > 1));
    expect(unlucky.passed).toBe(run(carries).passed);
    const once = nextSearch(beginSearch(OPTIONS), false, OPTIONS);
    expect(once).toMatchObject({ next: OPTIONS.from, failed: null, isAgain: true });
  });

  it("goes below its first rate", () => {
    expect(run((rate) => rate <= 3).passed).toBe(3);
    expect(run(() => false)).toMatchObject({ passed: null, failed: 1 });
  });

  it("ends at the highest rate that is asked for", () => {
    expect(run(() => true)).toMatchObject({ passed: OPTIONS.upTo, failed: null });
    expect(run(() => true, { ...OPTIONS, from: 400 }).steps).toBe(1);
  });
});
