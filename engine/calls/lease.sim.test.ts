/**
 * Goal: an engine that dies while it connects a call, and stays dead, tears no conversation apart, and leaves
 * nobody waiting for ever. Method: the engine on the simulated switch; after a command of its choosing the test
 * lets nothing more of it through, at each millisecond around the bridge.
 */

import { describe, expect, it } from "vitest";
import { type EngineStage, openStage } from "../../fixtures/core/engine-stage.js";
import { office, sipDevice, user } from "../../fixtures/core/scene.js";
import { answers } from "../../fixtures/switch/phone-script.js";
import { given } from "../../policy/office/optional.js";
import { LEASE_S } from "./lease.js";

const ANSWERED_MS = 2_000;

/** @param talkMs how long the phone talks; undefined: until somebody else ends it */
function stage(talkMs?: number): Promise<EngineStage> {
  const ring = {
    kind: "ring",
    target: { kind: "user", username: "alice" },
    timeoutMs: null,
    skip: false,
  } as const;
  const where = office([ring, { kind: "hangup", reason: "no_answer" }], {
    users: [user("alice", [sipDevice("alice-desk")])],
  });
  const hangup = given({ hangupAfterMs: talkMs });
  return openStage(where, { "alice-desk": answers({ afterMs: ANSWERED_MS, ...hangup }) });
}

/** Lets time pass until the bridge was asked for and `afterMs` more, then kills the engine. */
function dieAfterBridge({ clock, link, die }: EngineStage, afterMs: number): void {
  while (!link.lines.some((line) => line.startsWith("uuid_bridge")))
    if (!clock.step()) throw new Error("no bridge was asked for");
  clock.advanceBy(afterMs);
  die();
}

const MOMENTS = Array.from({ length: 80 }, (_, ms) => ms);

describe("an engine that dies around the bridge and stays away", () => {
  it("leaves those who talk alone, for as long as they talk", async () => {
    for (const ms of MOMENTS) {
      const there = await stage();
      dieAfterBridge(there, ms);
      there.clock.advanceBy(3 * LEASE_S * 1_000);
      expect(there.caller.ending, `killed ${ms} ms after`).toBeNull();
      there.caller.hangup();
      there.clock.advanceBy(1_000);
      expect(there.sw.channels.size, `killed ${ms} ms after`).toBe(0);
    }
  });

  it("does not keep a caller whose other side has hung up", async () => {
    for (const ms of MOMENTS) {
      const there = await stage(10_000);
      dieAfterBridge(there, ms);
      there.clock.advanceBy(11_000);
      expect(there.caller.ending, `killed ${ms} ms after`).not.toBeNull();
      expect(there.sw.channels.size, `killed ${ms} ms after`).toBe(0);
    }
  });

  it("leaves nobody waiting when the bridge was never asked for", async () => {
    const there = await stage();
    there.clock.advanceBy(ANSWERED_MS - 100);
    there.die();
    there.clock.advanceBy(2 * LEASE_S * 1_000);
    expect(there.caller.ending).not.toBeNull();
  });
});
