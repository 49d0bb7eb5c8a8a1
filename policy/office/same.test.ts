/**
 * Goal: two values are the same exactly when their JSON with sorted keys is. Method: any plain values, and each with a
 * copy of itself in another order.
 */
import fc from "fast-check";
import { describe, it } from "vitest";
import { same } from "./same.js";

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each !== "object" || each === null || Array.isArray(each)
      ? each
      : Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))),
  );
}

function turned(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(turned);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, each]) => [key, turned(each)]),
  );
}

/** Few keys and few values, so that two are often alike. */
const plain = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(undefined, null, true, false, 0, 1, Number.NaN, "", "a", [], {}),
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "c"), tie("any"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).any;

describe("two plain values", () => {
  it("are the same when their JSON with sorted keys is", () => {
    fc.assert(
      fc.property(plain, plain, (a, b) => same(a, b) === (canonical(a) === canonical(b))),
      { numRuns: 3_000 },
    );
  });

  it("are the same in any order of their keys", () => {
    fc.assert(fc.property(plain, (a) => same(a, turned(a))));
  });
});
