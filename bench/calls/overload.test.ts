/** Goal: each call of an overload is counted once, by how its caller fared. */
import { expect, it } from "vitest";
import type { CallTimes } from "../sip/call.js";
import { fatesOf, isInTime } from "./overload.js";
import { SHAPES } from "./shapes.js";

const answered = (afterMs: number): CallTimes => ({
  invitedMs: 100,
  answeredMs: 100 + afterMs,
  endedMs: 9_000,
});
const ended = (failure: string, afterMs: number): CallTimes => ({
  invitedMs: 100,
  endedMs: 100 + afterMs,
  failure,
});

it.each([
  ["connected at the bound", answered(2_000), { inTime: 1 }],
  ["connected behind it", answered(2_001), { late: 1 }],
  ["503 at once", ended("503", 20), { shed: 1 }],
  ["503 after the announcement", ended("503", 13_000), { fallback: 1 }],
  ["another answer", ended("480", 20), { other: { "480": 1 } }],
  ["no answer", ended("no answer in time", 30_000), { other: { "no answer in time": 1 } }],
  [
    "answered, then no answer to BYE",
    { ...answered(20), failure: "no end in time" },
    { other: { "no end in time": 1 } },
  ],
])("%s", (_what, call, counted) => {
  const none = { inTime: 0, late: 0, shed: 0, fallback: 0, other: {} };
  expect(fatesOf([call], SHAPES.desk)).toEqual({ ...none, ...counted });
});

it("a call has the time that its shape takes, beyond the bound", () => {
  expect(isInTime(answered(2_900), SHAPES.delayed)).toBe(true);
  expect(isInTime(answered(2_900), SHAPES.desk)).toBe(false);
});
