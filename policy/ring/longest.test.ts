/** The longest that a ring step may take, by the plan of it. */
import { describe, expect, it } from "vitest";
import type { RingStep } from "../steps/ring/step.js";
import { longestStepMs } from "./longest.js";
import type { RingPlan, Station } from "./plan.js";

function station(startMs: number, endMs: number | null, accept: boolean, slot = 0): Station {
  return {
    who: "alice.wong",
    device: "desk",
    at: { kind: "sip", name: "alice-desk" },
    carrier: null,
    slot,
    startMs,
    endMs,
    accept,
    callerNumber: "+12125550100",
    callerName: "",
    diversion: null,
    asserted: null,
  };
}

function longest(
  timeoutMs: number | null,
  slotMs: RingPlan["slotMs"],
  ...stations: Station[]
): number | null {
  const step: RingStep = {
    kind: "ring",
    target: { kind: "user", username: "alice.wong" },
    timeoutMs,
    skip: false,
  };
  return longestStepMs(step, { stations, slotMs });
}

describe("the longest that a ring step may take", () => {
  it.each([
    ["is its time where nobody is asked", 20_000, [null], [station(0, null, false)], 20_000],
    ["has the prompt behind it where somebody is", 20_000, [null], [station(0, null, true)], 45_000],
    ["ends with the phones where they ring for less", 60_000, [null], [station(0, 20_000, false)], 20_000],
    [
      "counts the prompt from the end of the phone's own time",
      60_000,
      [null],
      [station(5_000, 20_000, true)],
      45_000,
    ],
    [
      "is the time of the others when that is longer",
      60_000,
      [null],
      [station(0, 10_000, true), station(0, null, false)],
      60_000,
    ],
    [
      "does not count a phone that never rings",
      20_000,
      [null],
      [station(0, null, false), station(30_000, null, true)],
      20_000,
    ],
    [
      "adds the turns of the members",
      60_000,
      [20_000, 20_000],
      [station(0, 20_000, false), station(0, 20_000, true, 1)],
      65_000,
    ],
    [
      "has turns end with the step",
      30_000,
      [20_000, 20_000],
      [station(0, 20_000, false), station(0, 20_000, true, 1)],
      55_000,
    ],
    ["is without end where the step is", null, [null], [station(0, null, false)], null],
    ["ends with the phones, also where the step does not", null, [null], [station(0, 15_000, true)], 40_000],
    ["is nothing where nothing rings", 20_000, [null], [], 0],
  ] as const)("%s", (_what, timeoutMs, slotMs, stations, expected) => {
    expect(longest(timeoutMs, slotMs, ...stations)).toBe(expected);
  });
});
