/** Goal: two runs of a benchmark are compared figure by figure, whatever the order of their entries. */
import { expect, it } from "vitest";
import { comparison } from "./comparison.js";

const run = (
  entries: ReadonlyArray<readonly [by: string, rate: number, cpu: number | null]>,
  idle: number,
) => ({
  bench: "control",
  version: "FreeSWITCH 1.10.12",
  results: entries.map(([carriedBy, callsPerSecond, cpu]) => ({ carriedBy, callsPerSecond, cpu })),
  idle,
});

it("matches entries of lists by what tells them apart, and takes the median of the runs", () => {
  const table = comparison("v1", {
    revision: [
      run(
        [
          ["plain", 25, 10],
          ["parked", 25, 20],
        ],
        1,
      ),
      run(
        [
          ["plain", 25, 11],
          ["parked", 25, 24],
        ],
        1,
      ),
      run(
        [
          ["plain", 25, 12],
          ["parked", 25, 22],
        ],
        1,
      ),
    ],
    these: [
      run(
        [
          ["parked", 25, 11],
          ["plain", 25, 11],
        ],
        2,
      ),
    ],
  });
  expect(table).toEqual({
    heads: ["figure", "v1", "these sources", "ratio"],
    rows: [
      ["results plain, 25 cpu", "11", "11", "1.00"],
      ["results parked, 25 cpu", "22", "11", "0.50"],
      ["idle", "1", "2", "2.00"],
    ],
  });
});

it("shows what only one side has, and no ratio where there is none", () => {
  const { rows } = comparison("v1", {
    revision: [run([["plain", 25, null]], 0)],
    these: [
      run(
        [
          ["plain", 25, 3],
          ["asked", 50, 4],
        ],
        5,
      ),
    ],
  });
  expect(rows).toEqual([
    ["idle", "0", "5", "-"],
    ["results plain, 25 cpu", "-", "3", "-"],
    ["results asked, 50 cpu", "-", "4", "-"],
  ]);
});

it("names entries without a name by their place", () => {
  expect(comparison("v1", { revision: [{ list: [1, 2] }], these: [{ list: [1, 4] }] }).rows).toEqual([
    ["list 0", "1", "1", "1.00"],
    ["list 1", "2", "4", "2.00"],
  ]);
});

it("does not take other texts for figures, or for names", () => {
  const crowd = (lostBy: string, cpu: number) => ({
    crowd: [{ carriedBy: "parked", inProgress: 10, lostBy, cpu }],
  });
  expect(comparison("v1", { revision: [crowd("1 480", 4)], these: [crowd("", 2)] }).rows).toEqual([
    ["crowd parked, 10 cpu", "4", "2", "0.50"],
  ]);
});
