/** Goal: medians and shares are those of the calls themselves. Method: examples, and single calls sorted by hand. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addCounts, type Waits, waitFigures } from "./statistics.js";

function waits(isAnswered: boolean, ...seconds: readonly number[]): Waits[] {
  return seconds.map((waitS) => ({ isAnswered, waitS, calls: 1 }));
}

describe("waits", () => {
  it.each<[string, readonly number[], number | null, number | null]>([
    ["nobody", [], null, null],
    ["one", [7], 7, 7],
    ["two: the shorter one is the median", [3, 9], 3, 9],
    ["three", [3, 5, 9], 5, 9],
    ["twenty: one may have waited longer", Array.from({ length: 20 }, (_, index) => index + 1), 10, 19],
    ["twenty-one", Array.from({ length: 21 }, (_, index) => index + 1), 11, 20],
  ])("of %s", (_, seconds, median, p95) => {
    const figures = waitFigures(waits(true, ...seconds), 20);
    expect([figures.medianS, figures.p95S]).toEqual([median, p95]);
    expect([figures.unansweredMedianS, figures.unansweredP95S]).toEqual([null, null]);
  });

  it("of callers who were not answered are apart", () => {
    const figures = waitFigures([...waits(true, 4, 4, 6), ...waits(false, 30, 2, 50)], 20);
    expect(figures).toMatchObject({ medianS: 4, p95S: 6, unansweredMedianS: 30, unansweredP95S: 50 });
  });

  it("are those of the single calls, however they are grouped and ordered", () => {
    const call = fc.record({
      isAnswered: fc.boolean(),
      waitS: fc.integer({ min: 0, max: 40 }),
      calls: fc.integer({ min: 0, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 40 }), fc.integer({ min: 1, max: 40 }), (groups, withinS) => {
        const single = groups.flatMap(({ calls, ...each }) => Array.from({ length: calls }, () => each));
        const answered = single
          .filter((each) => each.isAnswered)
          .map(({ waitS }) => waitS)
          .sort((a, b) => a - b);
        const figures = waitFigures(groups, withinS);
        expect(figures.offered).toBe(single.length);
        expect(figures.answeredInTime).toBe(answered.filter((waitS) => waitS < withinS).length);
        expect(figures.medianS).toBe(answered[Math.ceil(answered.length / 2) - 1] ?? null);
        expect(figures.p95S).toBe(answered[Math.ceil((answered.length * 95) / 100) - 1] ?? null);
      }),
    );
  });
});

describe("the service level", () => {
  it("is the share of all that were offered, also of those who gave up at once", () => {
    const figures = waitFigures([...waits(true, 0, 19, 20, 25), ...waits(false, 1, 90)], 20);
    expect([figures.answeredInTime, figures.offered]).toEqual([2, 6]);
  });
});

it("counts are added up", () => {
  const row = { calls: 4, answered: 2, missed: 1, messages: 1, refused: 0, talkMs: 5 };
  expect(addCounts([row, row])).toEqual({
    calls: 8,
    answered: 4,
    missed: 2,
    messages: 2,
    refused: 0,
    talkMs: 10,
  });
  expect(addCounts([]).calls).toBe(0);
});
