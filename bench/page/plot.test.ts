/** Goal: plots show every figure in its place, whatever the figures are, and the same figures give the same text. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { type BarPlot, drawPlot, type LinePlot } from "./plot.js";

const frame = { name: "p", title: "Title", unit: "ms" };
const bars = (values: readonly number[]): BarPlot => ({
  ...frame,
  kind: "bars",
  groups: [{ name: "25/s", bars: values.map((value, index) => ({ name: `variant ${index}`, value })) }],
});
const lines = (points: ReadonlyArray<readonly [number, number]>): LinePlot => ({
  ...frame,
  kind: "lines",
  x: "calls",
  series: [{ name: "engine", points }],
});

/** The heights of the bars, in order. */
function heights(svg: string): number[] {
  return [...svg.matchAll(/<rect x="[\d.]+" y="[\d.]+" width="[\d.]+" height="([\d.]+)"/g)]
    .map(([, height]) => Number(height))
    .filter((height) => height !== 10);
}

it("draws bars in proportion, each with its figure and its name in the legend", () => {
  const svg = drawPlot(bars([10, 5, 2.5]));
  const [first = 0, second = 0, third = 0] = heights(svg);
  expect(first / second).toBeCloseTo(2, 1);
  expect(second / third).toBeCloseTo(2, 1);
  for (const text of ["Title", "ms", "25/s", "variant 0", "variant 2", ">2.5<", ">10<"])
    expect(svg).toContain(text);
});

it("draws a point for each figure of a line, from left to right", () => {
  const svg = drawPlot(
    lines([
      [10, 1],
      [100, 2],
      [1_000, 4],
    ]),
  );
  const xs = [...svg.matchAll(/<circle cx="([\d.]+)"/g)].map(([, x]) => Number(x));
  expect(xs).toHaveLength(3);
  expect(xs).toEqual([...xs].sort((a, b) => a - b));
});

it("stays within its frame, with any figures", () => {
  const figure = fc.double({ min: 0, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(fc.array(figure, { maxLength: 8 }), (values) => {
      for (const plot of [bars(values), lines(values.map((value, index) => [index, value]))]) {
        const svg = drawPlot(plot);
        expect(svg).toBe(drawPlot(plot));
        expect(svg).not.toMatch(/NaN|Infinity/);
        for (const [, y] of svg.matchAll(/ c?y1?="([-\d.]+)"/g)) {
          expect(Number(y)).toBeGreaterThanOrEqual(0);
          expect(Number(y)).toBeLessThanOrEqual(340);
        }
      }
    }),
  );
});
