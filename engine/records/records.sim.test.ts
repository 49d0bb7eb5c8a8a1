/**
 * Goal: a call has one record, whatever becomes of the engine that carries it. Method: the engine on the simulated switch;
 * it is killed every few milliseconds of a call, with and without the last lines of its journal, and another engine goes
 * on, or finds the caller gone.
 */
import { describe, expect, it } from "vitest";
import { type EngineStage, openStage } from "../../fixtures/core/engine-stage.js";
import { group, NUMBER, office, sipDevice, user } from "../../fixtures/core/scene.js";
import { answers, busy, neverAnswers } from "../../fixtures/switch/phone-script.js";
import { recordOf } from "../../policy/record/fold.js";
import type { Happening } from "../../policy/record/happening.js";
import type { CallRecord } from "../../policy/record/record.js";
import type { Step } from "../../policy/steps/types.js";

const RING: Step = { kind: "ring", target: { kind: "group", id: "sales" }, timeoutMs: 6_000, skip: false };
const HANG_UP: Step = { kind: "hangup", reason: "no_answer" };
const OFFICE = office([RING, HANG_UP], {
  users: [
    user("alice", [sipDevice("alice-desk")]),
    user("bobby", [sipDevice("bob-desk")]),
    user("carol", [sipDevice("carol-desk", { delayMs: 500 })]),
  ],
  groups: [group("sales", ["alice", "bobby", "carol"])],
});
const PHONES = {
  "alice-desk": busy(),
  "bob-desk": answers({ afterMs: 1_200, hangupAfterMs: 4_000 }),
  "carol-desk": neverAnswers(),
};

async function pass({ clock }: EngineStage, ms: number): Promise<void> {
  const untilMs = clock.nowMs() + ms;
  while (clock.nowMs() < untilMs) {
    clock.advanceBy(Math.min(50, untilMs - clock.nowMs()));
    // The call's revision is read before the call is taken over.
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  }
}

const ALL = Number.POSITIVE_INFINITY;
/**
 * The lines of so many milliseconds did not reach the disk. Of a disk that has taken nothing, what no saved state has is
 * lost: phones that were over before.
 */
const LOSES: ReadonlyArray<
  readonly [lostMs: number, legs: readonly string[], everyMs: number, untilMs: number]
> = [
  [0, ["alice-desk", "bob-desk", "carol-desk"], 131, 6_000],
  [60, ["alice-desk", "bob-desk", "carol-desk"], 61, 6_000],
  [ALL, ["bob-desk"], 397, 5_000],
];

/** The call's record, made of what was written. */
function record({ caller }: EngineStage, lines: readonly Happening[]): CallRecord {
  return recordOf(lines.filter(({ call }) => call === caller.uuid));
}

const legsOf = (made: CallRecord) => made.legs.map(({ to }) => to).sort();

/** Until nothing is left of the call, and records without an end were looked at. */
const TO_THE_END_MS = 60_000;

describe.each([
  ["the switch asks about", true],
  ["parks", false],
])("a call that %s (%s)", (_road, asks) => {
  it.each(LOSES)(
    "has one whole record, whenever the engine dies and another goes on; lines of %d ms lost",
    async (lostMs, legs, everyMs, untilMs) => {
      for (let atMs = 0; atMs <= untilMs; atMs += everyMs) {
        const stage = await openStage(OFFICE, PHONES, undefined, { asks });
        await pass(stage, atMs);
        stage.die();
        const keptMs = stage.clock.nowMs() - lostMs;
        stage.happenings.splice(stage.happenings.filter((line) => line.atMs <= keptMs).length);
        await stage.start();
        await pass(stage, TO_THE_END_MS);
        const made = record(stage, stage.happenings);
        const said = `killed after ${atMs} ms: ${JSON.stringify(made)}`;
        expect(made.endedMs, said).not.toBeNull();
        expect(made.called, said).not.toBe("");
        expect(legsOf(made), said).toEqual(expect.arrayContaining([...legs]));
        expect(new Set(made.legs.map(({ leg }) => leg)).size, said).toBe(made.legs.length);
        expect(made.result, said).toBe("answered");
        expect(made.answeredBy, said).toBe("bobby");
      }
    },
  );

  it("ends when the caller has gone while no engine was there", async () => {
    for (let atMs = 20; atMs <= 2_000; atMs += 61) {
      const stage = await openStage(OFFICE, { ...PHONES, "bob-desk": neverAnswers() }, undefined, {
        asks,
        call: { giveUpAfterMs: 3_000 },
      });
      await pass(stage, atMs);
      stage.die();
      await pass(stage, 5_000);
      expect(stage.caller.isAlive).toBe(false);
      expect(record(stage, stage.happenings).endedMs).toBeNull();
      await stage.start();
      await pass(stage, TO_THE_END_MS);
      const made = record(stage, stage.happenings);
      expect(made).toMatchObject({ result: "missed", ending: { kind: "lost" }, isEndSeen: false });
      expect(made.legs.filter(({ endedMs }) => endedMs === null)).toEqual([]);
    }
  });
});

describe("a call that is refused, since too many arrive,", () => {
  it.each([true, false])("has a record (asked: %s)", async (asks) => {
    const admission = { refuses: () => true };
    const stage = await openStage(OFFICE, PHONES, undefined, { asks, admission });
    await pass(stage, 2_000);
    expect(record(stage, stage.happenings)).toMatchObject({
      from: "+19175550199",
      result: "refused",
      ending: { kind: "shed" },
      side: "office",
    });
  });
});

describe("a call that another engine of the switch has claimed", () => {
  it("is told apart, so that nobody counts it", async () => {
    const stage = await openStage(OFFICE, PHONES);
    await stage.start({}, undefined, "engine-2");
    const { uuid } = stage.sw.call({ dialled: NUMBER, callerNumber: "+19175550198", context: "inbound" });
    await pass(stage, TO_THE_END_MS);
    const ends = stage.happenings.flatMap(({ call, what }) =>
      call === uuid && what.kind === "ended" ? [what.ending.kind] : [],
    );
    expect(ends.sort()).toEqual(["answered", "not_ours"]);
  });
});
