/**
 * Goal: the record of a call is what happened: every leg that the switch dialled is in it, with its true times, cause and
 * status, and how the caller's side ended. Method: random phones and callers on the simulated switch, by both roads,
 * compared with what the switch itself has seen.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EngineStage, openStage } from "../../fixtures/core/engine-stage.js";
import { group, office, outsidePhone, sipDevice, user } from "../../fixtures/core/scene.js";
import { recordsOf } from "../../fixtures/records/records-of.js";
import { LegsSeen, recordFaults } from "../../fixtures/soak/records-watcher.js";
import {
  answers,
  busy,
  declines,
  neverAnswers,
  type PhoneScript,
} from "../../fixtures/switch/phone-script.js";
import type { CallRecord } from "../../policy/record/record.js";
import type { Step } from "../../policy/steps/types.js";

const CELL = "+19175550101";
const ring = (id: string, timeoutMs: number): Step => ({
  kind: "ring",
  target: { kind: "group", id },
  timeoutMs,
  skip: true,
});

const OFFICE = office(
  [
    ring("sales", 6_000),
    { kind: "announce", sound: "please-hold" },
    ring("late", 4_000),
    { kind: "hangup", reason: "busy" },
  ],
  {
    users: [
      user("alice", [sipDevice("alice-desk")]),
      user("bobby", [sipDevice("bob-desk"), outsidePhone(CELL, { delayMs: 1_000 })]),
      user("carol", [sipDevice("carol-desk", { delayMs: 2_000 })]),
      user("david", [sipDevice("david-desk", { accept: "always" })]),
    ],
    groups: [
      group("sales", ["alice", "bobby", "carol"]),
      group("late", ["carol", "david"], { strategy: "in_order" }),
    ],
  },
);

const delay = fc.integer({ min: 0, max: 8_000 });
const phone: fc.Arbitrary<PhoneScript> = fc.oneof(
  fc.constant(neverAnswers()),
  fc.constant(busy()),
  delay.map((afterMs) => declines(afterMs)),
  fc
    .record({ afterMs: delay, hangupAfterMs: fc.integer({ min: 0, max: 9_000 }) })
    .map((script) => answers(script)),
  fc
    .record({
      afterMs: delay,
      keyMs: fc.integer({ min: 100, max: 5_000 }),
      digit: fc.constantFrom("1", "2", "3", "9"),
    })
    .map(({ afterMs, keyMs, digit }) =>
      answers({ afterMs, keys: [{ afterMs: keyMs, digit }], hangupAfterMs: 12_000 }),
    ),
);

const played = fc.record({
  asks: fc.boolean(),
  phones: fc.record({ "alice-desk": phone, "bob-desk": phone, "carol-desk": phone, "david-desk": phone }),
  cell: phone,
  call: fc.record({
    giveUpAfterMs: fc.integer({ min: 20, max: 25_000 }),
    talkMs: fc.integer({ min: 100, max: 6_000 }),
  }),
});

/** Until all is over. */
const ALL_MS = 90_000;

async function pass({ clock }: EngineStage, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    clock.advanceBy(100);
    for (let turn = 0; turn < 4; turn += 1) await Promise.resolve();
  }
}

/** What is out of order in a record, whatever has happened. */
function disorder({ beganMs, endedMs, legs, happenings }: CallRecord): string[] {
  const times = happenings.map(({ atMs }) => atMs);
  const isSorted = (all: readonly (number | null)[]) => {
    const known = all.filter((ms) => ms !== null);
    return known.every((ms, at) => at === 0 || ms >= (known[at - 1] ?? 0));
  };
  return [
    ...(isSorted([beganMs, ...times]) ? [] : ["happenings"]),
    ...(endedMs === null ? ["no end"] : []),
    ...legs
      .filter((leg) => !isSorted([leg.dialledMs, leg.ringsMs, leg.answeredMs, leg.connectedMs, leg.endedMs]))
      .map(({ leg }) => `leg ${leg}`),
  ];
}

describe("the record of a random call", () => {
  it("has every leg of the switch, true times and causes, and who hung up", async () => {
    await fc.assert(
      fc.asyncProperty(played, async ({ asks, phones, cell, call }) => {
        const stage = await openStage(OFFICE, phones, undefined, {
          asks,
          outside: { [CELL]: cell },
          gateways: { main: undefined },
          call,
        });
        const seen = new LegsSeen(stage.sw);
        await pass(stage, ALL_MS);
        const { caller, happenings } = stage;
        const records = recordsOf(happenings);
        expect(records.map(({ id }) => id)).toEqual([caller.uuid]);
        const carried = { firstMs: caller.placedAtMs, lastMs: caller.endedAtMs ?? 0, ending: null };
        const faults = recordFaults({
          databases: [
            {
              records: new Map(records.map((record) => [record.id, record])),
              killsMs: [],
              carried: new Map([[caller.uuid, carried]]),
            },
          ],
          legs: seen.legs,
          caller: () => caller,
          heldUpMs: () => 0,
          isDisturbed: () => false,
          hasDecided: (_call, endMs) =>
            happenings.some(
              ({ atMs, what }) =>
                what.kind === "step" && what.text.startsWith("hang up") && Math.abs(endMs - atMs) < 100,
            ),
        });
        expect(faults).toEqual([]);
        expect(records.flatMap(disorder)).toEqual([]);
        expect(seen.legs.size).toBe(records.flatMap(({ legs }) => legs).length);
      }),
      { numRuns: 150 },
    );
  }, 120_000);
});
