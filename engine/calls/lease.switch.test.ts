/**
 * Goal: an engine that dies while it connects a call, and stays dead, tears no conversation apart, and leaves
 * nobody waiting for ever. Method: the engine on the simulated switch; after a command of its choosing the test
 * lets nothing more of it through, at each millisecond around the bridge.
 */
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { NUMBER, office, sipDevice, user } from "../../fixtures/core/scene.js";
import { SeededIds } from "../../fixtures/seeded-ids.js";
import { MortalClock } from "../../fixtures/soak/mortal-clock.js";
import { SimulatedSwitch } from "../../fixtures/switch/model.js";
import { answers } from "../../fixtures/switch/phone-script.js";
import { VirtualClock } from "../../fixtures/virtual-clock.js";
import { NO_CHANGES } from "../../policy/entities.js";
import { RoutingTable } from "../../policy/table.js";
import { Engine } from "../main.js";
import type { LinkListener, SwitchLink, WireCommand } from "../switch/wire.js";
import { NO_DESK } from "../voicemail/desk.js";
import { LEASE_S } from "./lease.js";
import { CUSTOM_EVENTS, EVENTS } from "./switch-words.js";

const STARTED_MS = 1_700_000_000_000;
const ANSWERED_MS = 2_000;

/** A link through which, once its engine is dead, nothing goes any more, either way. */
class MortalLink implements SwitchLink {
  isDead = false;

  constructor(
    private readonly link: SwitchLink,
    private readonly sent: (line: string) => void,
  ) {}

  open(listener: LinkListener): void {
    this.link.open({
      up: (coreUuid) => listener.up(coreUuid),
      down: (reason) => listener.down(reason),
      event: (event) => {
        if (!this.isDead) listener.event(event);
      },
    });
  }

  send(command: WireCommand, done: Parameters<SwitchLink["send"]>[1]): void {
    if (this.isDead) return;
    this.link.send(command, (reply) => {
      if (!this.isDead) done(reply);
    });
    if (command.verb === "api") this.sent(command.line);
  }

  close(): Promise<void> {
    return this.link.close();
  }
}

/** @param talkMs how long the phone talks; undefined: until somebody else ends it */
async function stage(talkMs?: number) {
  const clock = new VirtualClock(STARTED_MS);
  const mortal = new MortalClock(clock);
  const ids = new SeededIds(3);
  const sw = new SimulatedSwitch(clock, { ids, log: () => {}, heartbeatMs: null });
  const ring = {
    kind: "ring",
    target: { kind: "user", username: "alice" },
    timeoutMs: null,
    skip: false,
  } as const;
  const where = office([ring, { kind: "hangup", reason: "no_answer" }], {
    users: [user("alice", [sipDevice("alice-desk")])],
  });
  const hangup = talkMs === undefined ? {} : { hangupAfterMs: talkMs };
  sw.phone({
    sipName: "alice-desk",
    script: answers({ afterMs: ANSWERED_MS, ...hangup }),
    isRegistered: true,
  });
  const lines: string[] = [];
  const link = new MortalLink(
    sw.openLink({ events: [...EVENTS, ...CUSTOM_EVENTS.map((name) => `CUSTOM ${name}`)] }),
    (line) => lines.push(line),
  );
  const engine = new Engine({
    store: {
      loadTable: async () => RoutingTable.of(where, 1),
      currentRevision: async () => 1,
      changesSince: async () => ({ outcome: "changes", revision: 1, changes: NO_CHANGES }),
      readMemory: async () => [],
      remember: async () => {},
      writeLiveCalls: async () => {},
    },
    engineId: "engine-1",
    link,
    clock: mortal,
    ids,
    log: pino({ level: "silent" }),
    desk: NO_DESK,
  });
  await engine.open();
  while (!engine.ready) if (!clock.step()) throw new Error("the engine is never ready");
  const caller = sw.call({
    dialled: NUMBER,
    callerNumber: "+19175550199",
    callerName: "Caller",
    context: "inbound",
  });
  const die = () => {
    link.isDead = true;
    mortal.kill();
  };
  return { clock, sw, caller, lines, die };
}

type Stage = Awaited<ReturnType<typeof stage>>;

/** Lets time pass until the bridge was asked for and `afterMs` more, then kills the engine. */
function dieAfterBridge({ clock, lines, die }: Stage, afterMs: number): void {
  while (!lines.some((line) => line.startsWith("uuid_bridge")))
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
