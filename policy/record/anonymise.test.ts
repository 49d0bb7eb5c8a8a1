/**
 * Goal: nobody outside the office can be told from a story that was anonymised, and the office's own numbers and phones
 * stay. Method: stories in which the caller's number stands in every place it may, in several ways of writing.
 */
import { describe, expect, it } from "vitest";
import { madeCall, SMALL_OFFICE } from "../../fixtures/records/made-calls.js";
import { sampleRecords } from "../../fixtures/records/sample-records.js";
import { anonymised } from "./anonymise.js";
import { recordOf } from "./fold.js";
import type { Happening, What, WhatOf } from "./happening.js";

const CALLER = "+13105550101";
const OFFICE = "+12125550100";

function story(began: Partial<WhatOf<"began">>, ...more: What[]): Happening[] {
  const first: What = {
    ...{ kind: "began", direction: "in", from: CALLER, name: "Jane Roe", isWithheld: false, user: null },
    ...{ device: null, called: OFFICE, revision: 1, carrier: "main", sipCallId: "x@198.51.100.7" },
    ...{ partOf: null, engine: "1-e" },
    ...began,
  };
  return [first, ...more].map((what, nth) => ({ call: "c", atMs: nth, what }));
}

function leg(parts: Partial<WhatOf<"leg_dialled">>): What {
  return {
    ...{ kind: "leg_dialled", leg: "l", who: "bob.stone", device: "cell", to: "+19175550199", group: null },
    ...{ carrier: "main", shows: OFFICE, payer: "user:bob.stone" },
    ...parts,
  };
}

describe("a call from outside", () => {
  it("loses its caller's number, however it is written, and the caller's name", () => {
    const told = anonymised(
      story(
        {},
        leg({ shows: CALLER }),
        { kind: "prompt", text: "call from Jane Roe, 1 (310) 555-0101" },
        { kind: "step", text: "rings 0013105550101", names: ["group:sales"] },
        { kind: "transferred", to: "dialled:3105550101", by: null },
        {
          kind: "leg_ended",
          leg: "l",
          cause: "X",
          status: null,
          side: "callee",
          isSeen: true,
          sipCallId: "y",
        },
      ),
    );
    const text = JSON.stringify(told);
    expect(text).not.toMatch(/5550101|555-0101|Jane|198\.51|sipCallId":"/);
    expect(recordOf(told)).toMatchObject({ from: "", name: "", called: OFFICE });
  });

  it("keeps the office's numbers and its people's phones", () => {
    const told = anonymised(story({}, leg({})));
    expect(told[1]?.what).toEqual(leg({}));
  });

  it("keeps the office's number that was called, when the office calls itself", () => {
    const flow: What = { kind: "flow", source: `number:${OFFICE}`, names: [`number:${OFFICE}`], label: null };
    const told = anonymised(story({ from: OFFICE }, flow));
    expect(recordOf(told)).toMatchObject({ from: "", called: OFFICE, about: [`number:${OFFICE}`] });
  });

  it("of a short number changes nothing but who called", () => {
    const told = anonymised(story({ from: "12345", name: "Al" }, { kind: "prompt", text: "12345 Al" }));
    expect(told[0]?.what).toMatchObject({ from: "", name: "" });
    expect(told[1]?.what).toEqual({ kind: "prompt", text: "12345 Al" });
  });
});

it("a call to outside loses the number that was called, and keeps who called", () => {
  const user = { direction: "out", from: "102", name: "Bob", user: "bob.stone", device: "desk" } as const;
  const flow: What = { kind: "flow", source: `dialled:${CALLER}`, names: [], label: null };
  const dialled = leg({ who: CALLER, device: "", to: CALLER });
  const told = anonymised(story({ ...user, called: CALLER }, flow, dialled));
  expect(JSON.stringify(told)).not.toContain("5550101");
  expect(recordOf(told)).toMatchObject({ from: "102", name: "Bob", user: "bob.stone", called: "" });
});

it("a call for help keeps the number that was called", () => {
  const told = anonymised(story({ direction: "out", from: "102", user: "bob.stone", called: "911" }));
  expect(recordOf(told).called).toBe("911");
});

it("a call between users stays as it is, but for its Call-ID", () => {
  const told = anonymised(story({ direction: "inside", from: "101", called: "102", name: "Alice" }));
  expect(recordOf(told)).toMatchObject({ from: "101", called: "102", name: "Alice", sipCallId: null });
});

it("what happened stays: times, legs, ends, and it can be done twice", async () => {
  const made = Array.from({ length: 60 }, (_, call) => madeCall(call, 1_000, SMALL_OFFICE));
  const { records } = await sampleRecords();
  for (const happenings of [...made, ...records.map((record) => [...record.happenings])]) {
    const [before, once] = [recordOf(happenings), recordOf(anonymised(happenings))];
    const shape = ({ legs, endedMs, result, connectedMs, firstRingMs }: typeof before) => ({
      ...{ endedMs, result, connectedMs, firstRingMs },
      legs: legs.map((each) => [each.leg, each.dialledMs, each.endedMs, each.cause, each.side, each.group]),
    });
    expect(shape(once)).toEqual(shape(before));
    expect(anonymised(once.happenings)).toEqual(once.happenings);
    if (before.direction === "in" && before.from.length > 7)
      expect(JSON.stringify(once)).not.toContain(before.from.slice(1));
  }
});
