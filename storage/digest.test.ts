/** Goal: two entities have the same digest if they are the same data, and only then. Method: random data. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { same } from "../policy/office/same.js";
import { digestOf } from "./digest.js";

const data = fc.jsonValue({ maxDepth: 4 });

/** The same data with the keys of every object in the opposite order, and a key without a value. */
function otherwise(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(otherwise);
  const entries = Object.entries(value).map(([key, field]) => [key, otherwise(field)] as const);
  return Object.fromEntries([...entries.reverse(), ["left out", undefined]]);
}

describe("a digest", () => {
  it("does not depend on the order of keys, nor on keys without a value", () => {
    fc.assert(
      fc.property(data, (value) => {
        expect(digestOf("key", otherwise(value))).toEqual(digestOf("key", value));
      }),
    );
  });

  it("differs where data differ, in both halves", () => {
    fc.assert(
      fc.property(data, data, (one, other) => {
        fc.pre(!same(one, other));
        const [a, b] = [digestOf("key", one), digestOf("key", other)];
        expect([a.high === b.high, a.low === b.low]).toEqual([false, false]);
      }),
    );
  });

  it.each<[string, unknown, unknown]>([
    ["a number from its text", 1, "1"],
    ["a value from a list of it", 1, [1]],
    ["nothing from false", null, false],
    ["an empty list from an empty object", [], {}],
    ["the order of a list", ["a", "b"], ["b", "a"]],
    ["which key has which value", { a: "b", c: "d" }, { a: "d", c: "b" }],
    ["a key from its value", { a: "b" }, { b: "a" }],
    ["where an object ends", { a: { b: 1 } }, { a: {}, b: 1 }],
    ["a last character 0", "a", "a\u0000"],
    ["large numbers", 2 ** 40, 2 ** 41],
    ["fractions", 0.5, 0.25],
    ["negative numbers", -1, 1],
  ])("tells %s", (_what, one, other) => {
    expect(digestOf("key", one)).not.toEqual(digestOf("key", other));
  });

  it("differs where the key differs", () => {
    expect(digestOf("one", {})).not.toEqual(digestOf("two", {}));
  });

  it("is well spread: of a hundred thousand entities no two share a half with more than chance", () => {
    const [highs, lows] = [new Set<number>(), new Set<number>()];
    for (let n = 0; n < 100_000; n += 1) {
      const { high, low } = digestOf(`+1212${5_000_000 + n}`, {
        leadsTo: { kind: "flow", flow: `flow-${n % 7}` },
      });
      highs.add(high);
      lows.add(low);
    }
    // Of 100,000 random values of 32 bits some 1.2 are expected to meet another one.
    expect(highs.size).toBeGreaterThan(99_980);
    expect(lows.size).toBeGreaterThan(99_980);
  });
});
