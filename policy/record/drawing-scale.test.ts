/**
 * Goal: ringing can be read beside an hour of talk. Method: the width that ringing has on the axis, and properties of any
 * moments.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Scale } from "./drawing-scale.js";

const FROM = 200;
const TO = 900;
const S = 1_000;
const HOUR = 3_600 * S;

const shareOf = (moments: readonly number[], fromMs: number, toMs: number) => {
  const scale = new Scale(moments, FROM, TO);
  return (scale.x(toMs) - scale.x(fromMs)) / (TO - FROM);
};

describe("the axis", () => {
  it.each<[string, number[], number]>([
    ["twenty seconds of ringing and half a minute of talk", [0, 20 * S, 50 * S], 0],
    ["twenty seconds of ringing and an hour of talk", [0, 20 * S, 20 * S + HOUR], 1],
    ["a transfer between two long talks", [0, 20 * S, 20 * S + HOUR, 40 * S + HOUR, 40 * S + 2 * HOUR], 2],
    ["a long ringing alone", [0, 100, 55 * S], 0],
    ["an hour alone", [0, HOUR], 1],
    ["talk that is three times as long as the rest", [0, 30 * S, 120 * S], 0],
  ])("of %s", (_what, moments, breaks) => {
    expect(new Scale(moments, FROM, TO).breaks()).toHaveLength(breaks);
  });

  it("gives ringing most of its width where the talk is cut short", () => {
    expect(shareOf([0, 20 * S, 20 * S + HOUR], 0, 20 * S)).toBeGreaterThan(0.7);
    expect(shareOf([0, 20 * S, 50 * S], 0, 20 * S)).toBeCloseTo(0.4);
  });

  it("has ticks at whole steps, and none in a break", () => {
    const scale = new Scale([0, 20 * S, 20 * S + HOUR, 40 * S + HOUR], FROM, TO);
    expect(scale.ticks(0).map(({ atMs }) => atMs / S)).toEqual([
      0, 5, 10, 15, 20, 3_620, 3_625, 3_630, 3_635, 3_640,
    ]);
    for (const { atMs } of scale.ticks(0)) expect(atMs <= 20 * S || atMs >= 20 * S + HOUR).toBe(true);
  });

  const moments = fc
    .uniqueArray(fc.nat(2 * 24 * 3_600 * S), { minLength: 2, maxLength: 40 })
    .map((all) => all.sort((a, b) => a - b));

  it("goes to the right with time, from its beginning to its end", () => {
    fc.assert(
      fc.property(moments, (all) => {
        const scale = new Scale(all, FROM, TO);
        const xs = all.map((ms) => scale.x(ms));
        expect(xs[0]).toBeCloseTo(FROM);
        expect(xs.at(-1)).toBeCloseTo(TO);
        for (const [index, x] of xs.entries()) expect(x).toBeGreaterThanOrEqual(xs[index - 1] ?? FROM);
      }),
    );
  });

  it("has room for the number below each tick, and not without end of them", () => {
    fc.assert(
      fc.property(moments, (all) => {
        const xs = new Scale(all, FROM, TO).ticks(all[0] ?? 0).map(({ x }) => x);
        for (const [index, x] of xs.entries())
          if (index > 0) expect(x - (xs[index - 1] ?? 0)).toBeGreaterThan(50);
        expect(xs.length).toBeLessThan(20);
      }),
    );
  });

  it("leaves what is not cut short a quarter of its width at least", () => {
    fc.assert(
      fc.property(moments, (all) => {
        const scale = new Scale(all, FROM, TO);
        const breaks = scale.breaks();
        if (breaks.length === 0 || breaks.length === all.length - 1) return;
        const brokenMs = new Set(breaks.map(({ ms }) => ms));
        const rest = all.slice(1).reduce((sum, ms, index) => {
          const fromMs = all[index] ?? ms;
          return brokenMs.has(ms - fromMs) ? sum : sum + scale.x(ms) - scale.x(fromMs);
        }, 0);
        expect(rest / (TO - FROM)).toBeGreaterThan(0.25);
      }),
    );
  });
});
