/** Goal: a profile becomes a tree whose times add up, without idle time, and says where time goes. */
import { expect, it } from "vitest";
import { drawFlame } from "./page/flame-plot.js";
import { type CpuProfile, flameOf, placeOf, pruned, selfTimes } from "./profile.js";

const node = (id: number, functionName: string, url: string, children: readonly number[] = []) => ({
  id,
  callFrame: { functionName, url, lineNumber: 9 },
  children,
});
const PROFILE: CpuProfile = {
  nodes: [
    node(1, "(root)", "", [2, 3, 4, 7, 8]),
    node(2, "(idle)", ""),
    node(3, "step", "file:///srv/ringline/dist/policy/call/machine.js", [5]),
    node(4, "step", "file:///srv/ringline/dist/policy/call/machine.js", [6]),
    node(5, "", "file:///srv/ringline/node_modules/pino/lib/proto.js"),
    node(6, "", "file:///srv/ringline/node_modules/pino/lib/proto.js"),
    node(7, "writeBuffer", "node:net"),
    node(8, "post", "node:inspector", [9]),
    node(9, "dispatch", ""),
  ],
  samples: [2, 3, 4, 5, 6, 7, 9],
  timeDeltas: [90_000, 1_000, 2_000, 3_000, 4_000, 10_000, 50_000],
};

it("joins calls of the same function, leaves out idle time and the profiler, and puts the longest first", () => {
  expect(flameOf(PROFILE)).toEqual({
    name: "all",
    ms: 20,
    children: [
      {
        name: "step policy/call/machine:10",
        ms: 10,
        children: [{ name: "(anonymous) node_modules/pino", ms: 7, children: [] }],
      },
      { name: "writeBuffer node:net", ms: 10, children: [] },
    ],
  });
  expect(flameOf({ nodes: [], samples: [], timeDeltas: [] }).ms).toBe(0);
});

it("tells the time in each function itself", () => {
  expect(selfTimes(flameOf(PROFILE))).toEqual([
    ["writeBuffer node:net", 10],
    ["(anonymous) node_modules/pino", 7],
    ["step policy/call/machine:10", 3],
  ]);
});

it("leaves out what is too small to see", () => {
  expect(pruned(flameOf(PROFILE), 0.4).children.map(({ children }) => children)).toEqual([[], []]);
});

it.each([
  ["step policy/call/machine:10", "policy/call"],
  ["all storage/store:1", "storage"],
  ["(anonymous) node_modules/pino", "package pino"],
  ["writeBuffer node:net", "Node"],
  ["(garbage collector)", "(garbage collector)"],
  ["writev", "V8 and the system"],
])("knows the place of %s: %s", (name, place) => {
  expect(placeOf(name)).toBe(place);
});

it("is drawn with each function's share", () => {
  const svg = drawFlame({ kind: "flame", name: "p", title: "Title", unit: "ms", root: flameOf(PROFILE) });
  expect(svg).toContain("<title>step policy/call/machine:10: 50.0 %</title>");
  expect(svg.match(/<title>/g)).toHaveLength(4);
});
