/**
 * Goal: a caller whose saved state this engine cannot read is never answered once more, and no message is recorded
 * over. Method: one engine carries a call on the simulated switch and dies; the state on the caller's channel is put
 * in its place by another text; then an engine of the same name starts.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openStage } from "../../fixtures/core/engine-stage.js";
import { office, sipDevice, user } from "../../fixtures/core/scene.js";
import { answers, neverAnswers } from "../../fixtures/switch/phone-script.js";
import type { Step } from "../../policy/steps/types.js";
import { NO_VOICEMAIL, type VoicemailPort } from "../voicemail/voicemail-port.js";
import { LEASE_S } from "./lease.js";
import { DICTIONARIES } from "./saved-state-dictionaries.js";
import { STATE_VARIABLE } from "./switch-contract.js";

const NEWER = "99.AAAA";
const UNREADABLE = "2.AAAA";
const ERROR_LEVEL = 50;
const ALICE = { kind: "user", username: "alice" } as const;
const RING: Step = { kind: "ring", target: ALICE, timeoutMs: null, skip: false };
const BUSY: Step = { kind: "hangup", reason: "busy" };
const VOICEMAIL: Step = { kind: "voicemail", target: ALICE };

/** A mailbox that takes every message. */
const MAILBOX: VoicemailPort = {
  ...NO_VOICEMAIL,
  folder: "/recordings",
  ask: (ask, _asker, done) =>
    done(ask.kind === "open_message" ? { kind: "opened", greetings: [] } : { kind: "failed" }),
};

/** A call that an engine has carried for a while before it died, and what its channel shows of it since. */
async function left(
  text: string | ((written: string) => string),
  steps: readonly Step[],
  carriedMs: number,
  answeredMs?: number,
) {
  const users = [user("alice", [sipDevice("alice-desk")])];
  const script = answeredMs === undefined ? neverAnswers() : answers({ afterMs: answeredMs });
  const there = await openStage(office(steps, { users }), { "alice-desk": script }, MAILBOX);
  there.clock.advanceBy(carriedMs);
  there.die();
  const variables = there.sw.channels.get(there.caller.uuid)?.variables;
  const written = variables?.get(STATE_VARIABLE);
  variables?.set(STATE_VARIABLE, typeof text === "string" ? text : text(written ?? ""));
  const { engine, link, die } = await there.start();
  const pass = async (ms: number) => {
    there.clock.advanceBy(ms);
    // The call's revision is read before the call is taken over.
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    there.clock.advanceBy(1);
  };
  const errors = () => there.logged.filter(({ level }) => level >= ERROR_LEVEL);
  /** Commands that do something to the caller, or to what rings for them. */
  const done = () =>
    link.lines.filter(
      (line) => line.includes(there.caller.uuid) && !/^(uuid_dump|uuid_exists|hash select)/.test(line),
    );
  return { ...there, written, variables, engine, link, die, pass, errors, done };
}

const SITUATIONS: ReadonlyArray<readonly [string, readonly Step[], number]> = [
  ["whose phones ring", [RING, BUSY], 1_000],
  ["who hears an announcement", [{ kind: "announce", sound: "closed" }, RING, BUSY], 500],
  ["who leaves a message", [VOICEMAIL], 9_000],
];

describe("a caller whose call a newer engine has carried", () => {
  it.each(SITUATIONS)(
    "%s is left alone, which is said once and as an error",
    async (_who, steps, carriedMs) => {
      const { caller, engine, pass, errors, done, sw } = await left(NEWER, steps, carriedMs);
      await pass(LEASE_S * 1_000 - 5_000);
      sw.cutLinks();
      await pass(3_000);
      expect(engine.ready).toBe(true);
      expect(done()).toEqual([]);
      expect(caller.ending).toBeNull();
      expect(engine.calls.count).toBe(0);
      expect(errors()).toEqual([expect.objectContaining({ call: caller.uuid, version: 99 })]);
    },
  );

  it.each(SITUATIONS)("%s waits no longer than for an engine that died", async (_who, steps, carriedMs) => {
    const { caller, pass, sw, errors } = await left(NEWER, steps, carriedMs);
    await pass(LEASE_S * 1_000 + 3_000);
    expect(caller.ending).not.toBeNull();
    expect(sw.channels.size).toBe(0);
    expect(errors()).toHaveLength(1);
  });

  it("goes on when that engine is back within the lease", async () => {
    const { caller, pass, die, start, variables, written, engine } = await left(NEWER, [RING, BUSY], 1_000);
    await pass(5_000);
    expect(engine.calls.count).toBe(0);
    die();
    variables?.set(STATE_VARIABLE, written);
    const { engine: newer } = await start();
    await pass(2 * LEASE_S * 1_000);
    expect(newer.calls.has(caller.uuid)).toBe(true);
    expect(caller.ending).toBeNull();
  });

  it("talks for as long as they like", async () => {
    const { caller, pass, done } = await left(NEWER, [RING, BUSY], 3_000, 500);
    expect(caller.talked).toHaveLength(1);
    await pass(5 * LEASE_S * 1_000);
    expect(caller.ending).toBeNull();
    expect(done()).toEqual([]);
    caller.hangup();
    await pass(1_000);
  });

  it("is not taken for one who arrives, when the first that is heard of them is that they park", async () => {
    const { caller, engine, link, pass, sw } = await left(NEWER, [RING, BUSY], 1_000);
    sw.transfer(sw.channels.get(caller.uuid) ?? never(), "101");
    await pass(1_000);
    expect(engine.calls.count).toBe(0);
    expect(link.lines.filter((line) => line.startsWith("hash insert"))).toEqual([]);
  });
});

/** The state of a ringing call as an engine of version 1 would have written it. */
function asVersion1(written: string): string {
  const [version1, version2] = DICTIONARIES;
  const body = Buffer.from(written.slice("2.".length), "base64url");
  const { phase, ...state } = JSON.parse(inflateRawSync(body, { dictionary: version2 }).toString("utf8"));
  const { waits: _waits, ...ring } = phase.ring;
  const older = { v: 1, ...state, phase: { ...phase, ring } };
  return deflateRawSync(JSON.stringify(older), { dictionary: version1, windowBits: 13 }).toString(
    "base64url",
  );
}

describe("a caller whose call an engine of version 1 has carried", () => {
  it("is taken over, and connected when the phone that rings is answered", async () => {
    const { caller, engine, pass, errors } = await left(asVersion1, [RING, BUSY], 1_000, 5_000);
    await pass(1_000);
    expect(engine.calls.has(caller.uuid)).toBe(true);
    await pass(5_000);
    expect(caller.talked).toHaveLength(1);
    expect(errors()).toEqual([]);
  });
});

describe("a caller whose saved state is unreadable", () => {
  it("begins anew where nothing can be lost by it", async () => {
    const { caller, engine, pass, errors, sw } = await left(UNREADABLE, [RING, BUSY], 1_000);
    await pass(3_000);
    expect(engine.calls.has(caller.uuid)).toBe(true);
    expect(sw.channels.size).toBe(2);
    expect(errors()).toHaveLength(1);
  });

  it("speaks their message to its end and is not asked for another", async () => {
    const { caller, engine, pass, errors, done, sw } = await left(UNREADABLE, [VOICEMAIL], 9_000);
    await pass(LEASE_S * 1_000);
    expect(caller.ending).toBeNull();
    expect(engine.calls.count).toBe(0);
    expect(done()).toEqual([]);
    caller.press("#");
    await pass(3_000);
    expect(caller.ending).toBe("bye");
    expect(sw.recordings).toHaveLength(1);
    expect(sw.recordings[0]?.speechMs).toBeGreaterThan(LEASE_S * 1_000);
    expect(errors()).toHaveLength(1);
  });

  it("hears the greeting, and then speaks their message", async () => {
    const { caller, pass, sw } = await left(UNREADABLE, [VOICEMAIL], 800);
    await pass(20_000);
    caller.hangup();
    await pass(1_000);
    expect(sw.recordings).toHaveLength(1);
    expect(sw.recordings[0]?.speechMs).toBeGreaterThan(5_000);
  });
});

describe("a caller whom nobody has claimed, found by two engines at once", () => {
  const ACTS = /^(hupall|uuid_(kill|transfer|setvar|answer|broadcast|bridge)|originate|sched_del)/;

  /** Both engines see the caller without a claim; what the second one then does reaches the switch so much later. */
  async function twice(text: string | undefined, steps: readonly Step[], carriedMs: number, lateMs: number) {
    const users = [user("alice", [sipDevice("alice-desk")])];
    const phones = { "alice-desk": answers({ afterMs: 9_000 }) };
    const there = await openStage(office(steps, { users }), phones, MAILBOX);
    const id = there.caller.uuid;
    there.clock.advanceBy(carriedMs);
    there.die();
    if (text !== undefined) there.sw.channels.get(id)?.variables.set(STATE_VARIABLE, text);
    there.sw.api(`hash delete/ringline-claim/${id}`, () => {});
    const first = await there.start({}, () => {}, "engine-1");
    const second = await there.start(
      {},
      (link) => {
        link.fate = (line) =>
          /^(hupall|hash insert)/.test(line) ? { kind: "held_up", ms: lateMs } : undefined;
      },
      "engine-2",
    );
    const engines = [first, second];
    const acts = ({ link }: (typeof engines)[number]) =>
      link.lines.filter((line) => ACTS.test(line) && line.includes(id));
    const pass = async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 100) {
        there.clock.advanceBy(100);
        for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
      }
    };
    const tending = () => engines.filter(({ engine }) => engine.calls.has(id)).length;
    const acting = () => engines.filter((one) => acts(one).length > 0).length;
    return { ...there, pass, tending, acting };
  }

  it.each([0, 40, 500, 1_100, 1_600, 3_000])(
    "whose phones ring is carried by one of them alone, with %i ms between the two",
    async (lateMs) => {
      const { caller, sw, pass, tending, acting } = await twice(UNREADABLE, [RING, BUSY], 1_000, lateMs);
      await pass(7_000);
      expect([tending(), acting(), sw.channels.size]).toEqual([1, 1, 2]);
      await pass(7_000);
      expect(caller.talked).toHaveLength(1);
      expect(acting()).toBe(1);
    },
  );

  it("who leaves a message is ended by one of them alone", async () => {
    const { caller, pass, acting, sw } = await twice(UNREADABLE, [VOICEMAIL], 9_000, 40);
    await pass(5_000);
    expect(caller.ending).toBeNull();
    caller.press("#");
    await pass(4_000);
    expect(caller.ending).toBe("bye");
    expect([acting(), sw.recordings.length]).toEqual([1, 1]);
  });

  it.each([0, 40, 1_000])(
    "whose call was given up is handed to the fallback by one of them alone, with %i ms between the two",
    async (lateMs) => {
      const { caller, pass, acting } = await twice(undefined, [RING, BUSY], 1_000, lateMs);
      await pass(8_000);
      expect(caller.heard.map(({ sound }) => sound)).toContain("try-again-later.wav");
      expect(acting()).toBe(1);
    },
  );
});

describe("a caller at a mailbox whose saved state is unreadable, taken over at any moment", () => {
  it("is not ended while tone and recording are on their way", async () => {
    for (let atMs = 700; atMs <= 6_000; atMs += 19) {
      const { caller, pass, sw } = await left(UNREADABLE, [VOICEMAIL], atMs);
      await pass(15_000);
      expect({ atMs, ending: caller.ending }).toEqual({ atMs, ending: null });
      caller.hangup();
      await pass(1_000);
      expect(sw.recordings).toHaveLength(1);
    }
  });
});

function never(): never {
  throw new Error("the caller has no channel");
}
