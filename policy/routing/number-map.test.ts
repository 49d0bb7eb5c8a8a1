/**
 * Goal: a number map behaves as a map of E.164 numbers. Method: any sequence of sets and deletes, compared with
 * JavaScript's Map; numbers close together, so that they collide in the small tables.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NumberMap } from "./number-map.js";

describe("a number map", () => {
  it("gives the same answers as a Map", () => {
    const near = fc.integer({ min: 0, max: 60_000 }).map((line) => `+1212${5_500_000 + line}`);
    const any = fc.stringMatching(/^\+[1-9][0-9]{0,14}$/);
    // Few numbers, so that each occurs several times: sets replace, and deletes find something.
    const actions = fc
      .array(fc.oneof(near, any), { minLength: 1, maxLength: 400 })
      .chain((numbers) =>
        fc.array(fc.tuple(fc.boolean(), fc.constantFrom(...numbers), fc.nat()), { maxLength: 600 }),
      );
    fc.assert(
      fc.property(actions, (steps) => {
        const numbers = new NumberMap<number>();
        const plain = new Map<string, number>();
        for (const [isSet, number, value] of steps) {
          if (isSet) {
            numbers.set(number, value);
            plain.set(number, value);
          } else {
            numbers.delete(number);
            plain.delete(number);
          }
        }
        for (const [, number] of steps) expect(numbers.get(number)).toBe(plain.get(number));
      }),
      { numRuns: 50 },
    );
  });

  it("distinguishes a hundred thousand neighbouring numbers, also after every second was deleted", () => {
    const numbers = new NumberMap<number>();
    const written = (index: number) => `+1${2_125_000_000 + index}`;
    for (let index = 0; index < 100_000; index += 1) numbers.set(written(index), index);
    for (let index = 0; index < 100_000; index += 2) numbers.delete(written(index));
    const wrong = Array.from({ length: 100_000 }, (_, index) => index).filter(
      (index) => numbers.get(written(index)) !== (index % 2 === 0 ? undefined : index),
    );
    expect(wrong).toEqual([]);
  });

  it.each([
    "",
    "+",
    "12125550100",
    "+1212555010a",
    "+1 212",
    "+02125550100",
    "+1234567890123456",
    "+-1",
    "+1.5",
  ])("has no value for %j, and refuses to set one", (text) => {
    const numbers = new NumberMap<number>();
    expect(numbers.get(text)).toBeUndefined();
    expect(() => numbers.set(text, 1)).toThrow(/E\.164/);
    numbers.delete(text);
  });
});
