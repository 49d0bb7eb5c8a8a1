/**
 * Goal: a caller whom a phone transfers while no engine is there is not hung up: the next engine follows.
 * Method: the engine on the simulated switch is killed while two people talk, the phone transfers, another one starts.
 */
import { describe, expect, it } from "vitest";
import { openStage } from "../../fixtures/core/engine-stage.js";
import { office, sipDevice, user } from "../../fixtures/core/scene.js";
import { answers } from "../../fixtures/switch/phone-script.js";
import type { VirtualClock } from "../../fixtures/virtual-clock.js";

const CONNECTED_MS = 1_000;

async function talking() {
  const target = { kind: "user", username: "alice" } as const;
  const stage = await openStage(
    office(
      [
        { kind: "ring", target, timeoutMs: null, skip: false },
        { kind: "hangup", reason: "no_answer" },
      ],
      {
        users: [
          user("alice", [sipDevice("alice-desk")], { extension: "101" }),
          user("bob", [sipDevice("bob-desk")], { extension: "102" }),
        ],
      },
    ),
    { "alice-desk": answers({ afterMs: 100 }), "bob-desk": answers({ afterMs: 100 }) },
  );
  stage.clock.advanceBy(CONNECTED_MS);
  expect(stage.caller.talked).toHaveLength(1);
  return stage;
}

/** Lets time pass, and with it what waits for the database. */
async function pass(clock: VirtualClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    clock.advanceBy(100);
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  }
}

describe("a caller who talks while no engine is there", () => {
  it.each([
    ["a colleague", "102", "bob-desk"],
    ["the very phone that transfers", "101", "alice-desk"],
  ])("and is transferred to %s reaches them", async (_whom, extension, phone) => {
    const { clock, sw, caller, notes, die, start } = await talking();
    die();
    const channel = sw.find(caller.uuid);
    if (channel !== undefined) sw.transfer(channel, extension);
    clock.advanceBy(500);
    await start();
    await pass(clock, 3_000);
    expect(notes).toContainEqual({ kind: "transferred", to: extension });
    expect(caller.talked).toMatchObject([{}, { withWhom: phone, toMs: null }]);
    expect(caller.ending).toBeNull();
  });

  it("and is left in peace talks on", async () => {
    const { clock, caller, notes, die, start } = await talking();
    die();
    clock.advanceBy(500);
    await start();
    await pass(clock, 3_000);
    expect(notes.filter(({ kind }) => kind === "transferred")).toEqual([]);
    expect(caller.talked).toMatchObject([{ toMs: null }]);
  });
});
