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

/** A call to Alice has just been placed. */
function placed() {
  const target = { kind: "user", username: "alice" } as const;
  return openStage(
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
}

async function talking() {
  const stage = await placed();
  stage.clock.advanceBy(CONNECTED_MS);
  expect(stage.caller.talked).toHaveLength(1);
  return stage;
}

/** Lets time pass, and with it what waits for the database. */
async function pass(clock: VirtualClock, ms: number, stepMs = 100): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    clock.advanceBy(stepMs);
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

describe("a caller who is connected and transferred while the connection is broken", () => {
  const BROKEN_MS = 2_000;

  /** The connection breaks so long after the call has begun. The phone transfers so long after it can be made again. */
  async function transferredIn(brokenAtMs: number, afterMs: number) {
    const stage = await placed();
    const { clock, sw, caller } = stage;
    await pass(clock, brokenAtMs, 10);
    sw.acceptsLinks = false;
    sw.cutLinks();
    await pass(clock, BROKEN_MS, 10);
    if (afterMs >= 0) sw.acceptsLinks = true;
    await pass(clock, Math.abs(afterMs), 2);
    const phone = [...sw.channels.values()].find((channel) => channel.bridge?.peer.uuid === caller.uuid);
    if (phone === undefined) throw new Error("nobody talks to the caller");
    sw.refer(phone, "102");
    sw.acceptsLinks = true;
    await pass(clock, 4_000);
    return { caller, with: caller.talked.at(-1)?.withWhom };
  }

  it.each([
    ["before it is back", [-500, -10]],
    ["as it comes back", Array.from({ length: 10 }, (_none, i) => 230 + 2 * i)],
    ["just after", [250, 260, 300]],
  ])("%s reaches whom they are transferred to", async (_when, moments) => {
    for (const brokenAtMs of [150, 200, 700])
      for (const afterMs of moments) {
        const { caller, with: whom } = await transferredIn(brokenAtMs, afterMs);
        expect({ brokenAtMs, afterMs, whom, ending: caller.ending }).toEqual({
          ...{ brokenAtMs, afterMs },
          ...{ whom: "bob-desk", ending: null },
        });
      }
  });
});

describe("a caller who is connected and transferred while no engine is there", () => {
  it("reaches whom they are transferred to, whenever the engine has died", async () => {
    for (let diedAtMs = 100; diedAtMs <= 300; diedAtMs += 10) {
      const { clock, sw, caller, die, start } = await placed();
      await pass(clock, diedAtMs, 10);
      die();
      await pass(clock, 500);
      const phone = [...sw.channels.values()].find((channel) => channel.bridge?.peer.uuid === caller.uuid);
      if (phone === undefined) continue;
      sw.refer(phone, "102");
      await pass(clock, 500);
      await start();
      await pass(clock, 4_000);
      const whom = caller.talked.at(-1)?.withWhom;
      expect({ diedAtMs, whom, ending: caller.ending }).toEqual({ diedAtMs, whom: "bob-desk", ending: null });
    }
  });
});
