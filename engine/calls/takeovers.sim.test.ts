/**
 * Goal: a database that cannot be read in the moment of a takeover costs no conversation and strands nobody. Method: an
 * engine on the simulated switch dies; the next one starts on a newer revision, and cannot read the revision that the
 * call began with, for as long as the test wants.
 */
import { describe, expect, it } from "vitest";
import { type EngineStage, openStage } from "../../fixtures/core/engine-stage.js";
import { office, sipDevice, user } from "../../fixtures/core/scene.js";
import { answers } from "../../fixtures/switch/phone-script.js";
import { NO_CHANGES } from "../../policy/office/entities.js";
import { RoutingTable } from "../../policy/routing/table.js";
import { SqlError } from "../../storage/database.js";
import { LEASE_S } from "./lease.js";

const ANSWERED_MS = 20_000;
const LEASE_MS = LEASE_S * 1_000;

const RING = {
  kind: "ring",
  target: { kind: "user", username: "alice" },
  timeoutMs: null,
  skip: false,
} as const;
const OFFICE = office([RING, { kind: "hangup", reason: "no_answer" }], {
  users: [user("alice", [sipDevice("alice-desk")])],
});

function stage(): Promise<EngineStage> {
  return openStage(OFFICE, { "alice-desk": answers({ afterMs: ANSWERED_MS }) });
}

/** Starts the next engine, on revision 2. @returns its calls, and the switch of its database */
async function takenOver(there: EngineStage) {
  const database = { isBusy: true };
  const busy = () => Object.assign(new Error("SQLITE_BUSY: database is locked"), { code: "SQLITE_BUSY" });
  const { engine } = await there.start({
    loadTable: async () => RoutingTable.of(OFFICE, 2),
    currentRevision: async () => 2,
    changesBetween: async (_from, to) => {
      if (database.isBusy) throw new SqlError(busy());
      return { outcome: "changes", revision: to, changes: NO_CHANGES };
    },
  });
  return { database, calls: engine.calls };
}

/** Lets time pass, and lets the database answer meanwhile. */
async function pass({ clock }: EngineStage, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 250) {
    clock.advanceBy(250);
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  }
}

describe("a call whose revision cannot be read at the takeover", () => {
  it("goes on when it is connected, for as long as that lasts, and is taken over once it can be read", async () => {
    const there = await stage();
    there.clock.advanceBy(ANSWERED_MS + 5_000);
    there.die();
    const { database, calls } = await takenOver(there);
    await pass(there, 3 * LEASE_MS);
    expect([there.caller.ending, there.sw.channels.size, calls.count]).toEqual([null, 2, 0]);
    database.isBusy = false;
    await pass(there, 2_000);
    expect(calls.list().map(({ state }) => state.phase.kind)).toEqual(["connected"]);
    there.caller.hangup();
    await pass(there, 1_000);
    expect([there.sw.channels.size, calls.count]).toEqual([0, 0]);
  });

  it("goes on when it was being connected as the engine died, at each moment", async () => {
    for (let ms = 0; ms < 80; ms += 3) {
      const there = await stage();
      while (!there.link.lines.some((line) => line.startsWith("uuid_bridge"))) there.clock.step();
      there.clock.advanceBy(ms);
      there.die();
      await takenOver(there);
      await pass(there, 2 * LEASE_MS);
      expect(there.caller.ending, `killed ${ms} ms after the command to bridge`).toBeNull();
      expect(there.sw.channels.size, `killed ${ms} ms after the command to bridge`).toBe(2);
    }
  });

  it("rings on, and is connected when it can be read while the lease lasts", async () => {
    const there = await stage();
    there.clock.advanceBy(2_000);
    there.die();
    const { database, calls } = await takenOver(there);
    await pass(there, 10_000);
    expect([there.caller.ending, there.sw.channels.size, calls.count]).toEqual([null, 2, 0]);
    database.isBusy = false;
    await pass(there, ANSWERED_MS);
    expect(calls.list().map(({ state }) => state.phase.kind)).toEqual(["connected"]);
  });

  it("ends at the fallback when nobody has answered and the lease is over, and not before", async () => {
    const there = await stage();
    there.clock.advanceBy(2_000);
    there.die();
    await takenOver(there);
    await pass(there, LEASE_MS - 2_000);
    expect([there.caller.ending, there.sw.channels.size]).toEqual([null, 2]);
    await pass(there, 20_000);
    expect(there.caller.ending).not.toBeNull();
    expect(there.sw.channels.size).toBe(0);
  });

  it("is forgotten when its caller hangs up meanwhile", async () => {
    const there = await stage();
    there.clock.advanceBy(2_000);
    there.die();
    const { database, calls } = await takenOver(there);
    await pass(there, 3_000);
    there.caller.hangup();
    await pass(there, 2_000);
    database.isBusy = false;
    await pass(there, 5_000);
    expect([there.sw.channels.size, calls.count]).toEqual([0, 0]);
  });
});
