/**
 * Goal: a party whom the phone that called has transferred reaches their target, and that phone learns the outcome, also
 * when the engine dies or the connection breaks meanwhile. Method: the engine on the simulated switch; Alice calls Bob
 * and sends REFER.
 */
import { describe, expect, it } from "vitest";
import { type EngineStage, type Fate, openStage } from "../../fixtures/core/engine-stage.js";
import { office, sipDevice, user } from "../../fixtures/core/scene.js";
import { answers, neverAnswers, type PhoneScript } from "../../fixtures/switch/phone-script.js";
import type { Step } from "../../policy/steps/types.js";
import { CLAIM_REALM, STATE_VARIABLE } from "./switch-contract.js";

const ringUser = (username: string): Step => ({
  kind: "ring",
  target: { kind: "user", username },
  timeoutMs: 20_000,
  skip: false,
});
const NO_REPLY: Fate = { kind: "garbled", reply: { outcome: "unknown", text: "no reply" } };
const HEARTBEAT = { "Event-Name": "HEARTBEAT" };
const NO_ANSWER: Step = { kind: "hangup", reason: "no_answer" };
const person = (username: string, device: string, extension: string) =>
  user(username, [sipDevice(device)], { extension, flow: [ringUser(username), NO_ANSWER] });

const OFFICE = office([ringUser("alice"), NO_ANSWER], {
  users: [
    person("alice", "alice-desk", "101"),
    person("bobby", "bob-desk", "102"),
    person("carol", "carol-desk", "103"),
  ],
});

async function pass({ clock }: EngineStage, ms: number): Promise<void> {
  const untilMs = clock.nowMs() + ms;
  while (clock.nowMs() < untilMs) {
    clock.advanceBy(Math.min(100, untilMs - clock.nowMs()));
    // The call's revision is read before the call is taken over.
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  }
}

/** Alice has called Bob, and they talk. */
async function inside(carol: PhoneScript = answers({ afterMs: 500 }), isBridgeSeen = true) {
  const stage = await openStage(OFFICE, {
    "alice-desk": answers({ afterMs: 200 }),
    "bob-desk": answers({ afterMs: 200 }),
    "carol-desk": carol,
  });
  stage.caller.hangup();
  await pass(stage, 1_500);
  if (!isBridgeSeen) stage.link.loses = ({ "Event-Name": name }) => name === "CHANNEL_BRIDGE";
  const alice = stage.sw.call({ dialled: "102", callerNumber: "alice-desk", context: "phones" });
  await pass(stage, 1_500);
  const phone = stage.sw.find(alice.uuid);
  const party = phone?.bridge?.peer;
  if (phone === undefined || party === undefined) throw new Error("nobody talks to Alice");
  const told: number[] = [];
  alice.onTold = (status: number) => told.push(status);
  const whom = (uuid: string) => {
    const peer = stage.sw.find(uuid)?.bridge?.peer;
    return peer === undefined ? null : stage.sw.whoIs(peer.uuid);
  };
  return {
    ...{ stage, alice, phone, party, told },
    transfer: () => stage.sw.refer(phone, "103"),
    /** Whom Bob talks to. */
    bobTalksTo: () => whom(party.uuid),
  };
}

describe("whom the phone that called has transferred", () => {
  it("reaches their target when it was done while no engine was there", async () => {
    for (let awayMs = 100; awayMs <= 3_100; awayMs += 300) {
      const { stage, transfer, bobTalksTo } = await inside();
      stage.die();
      await pass(stage, 200);
      transfer();
      await pass(stage, awayMs);
      await stage.start();
      await pass(stage, 5_000);
      expect({ awayMs, with: bobTalksTo(), channels: stage.sw.channels.size }).toEqual({
        ...{ awayMs, with: "carol-desk", channels: 2 },
      });
    }
  });

  it("reaches their target when it was done, and the phone hung up, while the connection was broken", async () => {
    for (let brokenMs = 400; brokenMs <= 3_100; brokenMs += 300) {
      const { stage, alice, transfer, bobTalksTo } = await inside();
      stage.sw.acceptsLinks = false;
      stage.sw.cutLinks();
      await pass(stage, 200);
      transfer();
      await pass(stage, 200);
      alice.hangup();
      await pass(stage, brokenMs);
      stage.sw.acceptsLinks = true;
      await pass(stage, 6_000);
      expect({ brokenMs, with: bobTalksTo() }).toEqual({ brokenMs, with: "carol-desk" });
    }
  });

  it("reaches their target when the engine had died before it learned that the two talk", async () => {
    for (let awayMs = 100; awayMs <= 3_100; awayMs += 300) {
      const { stage, alice, told, transfer, bobTalksTo } = await inside(answers({ afterMs: 500 }), false);
      expect(stage.engine.calls.list().map(({ state }) => state.phase.kind)).toEqual(["ringing"]);
      stage.die();
      await pass(stage, 200);
      transfer();
      await pass(stage, awayMs);
      await stage.start();
      await pass(stage, 5_000);
      expect({ awayMs, with: bobTalksTo(), told, channels: stage.sw.channels.size }).toEqual({
        ...{ awayMs, with: "carol-desk", told: [200], channels: 2 },
      });
      expect(alice.ending).not.toBeNull();
    }
  });

  it("reaches their target when the connection was broken before the engine learned that the two talk", async () => {
    for (let brokenMs = 400; brokenMs <= 3_100; brokenMs += 300) {
      const { stage, transfer, bobTalksTo } = await inside(answers({ afterMs: 500 }), false);
      stage.sw.acceptsLinks = false;
      stage.sw.cutLinks();
      stage.link.loses = () => false;
      await pass(stage, 200);
      transfer();
      await pass(stage, brokenMs);
      stage.sw.acceptsLinks = true;
      await pass(stage, 6_000);
      expect({ brokenMs, with: bobTalksTo() }).toEqual({ brokenMs, with: "carol-desk" });
    }
  });

  it("is not ended when the next engine does not learn at first what they are", async () => {
    const { stage, party, transfer, bobTalksTo } = await inside(answers({ afterMs: 6_000 }));
    transfer();
    await pass(stage, 1_000);
    stage.die();
    await pass(stage, 500);
    let unanswered = 1;
    await stage.start({}, (link) => {
      link.fate = (line) =>
        line === `uuid_dump ${party.uuid} json` && unanswered-- > 0 ? NO_REPLY : undefined;
    });
    await pass(stage, 8_000);
    expect(unanswered).toBeLessThanOrEqual(0);
    expect(bobTalksTo()).toBe("carol-desk");
  });

  it("is not ended when the list of channels still shows them as a leg", async () => {
    const { stage, alice, party, transfer } = await inside(neverAnswers());
    const { sw, link } = stage;
    transfer();
    await pass(stage, 2_000);
    alice.hangup();
    await pass(stage, 1_000);
    const row = { uuid: party.uuid, context: "default" };
    link.fate = (line) =>
      line.startsWith("show channels")
        ? { kind: "garbled", reply: { outcome: "ok", text: JSON.stringify({ row_count: 1, rows: [row] }) } }
        : undefined;
    for (let look = 0; look < 3; look += 1) {
      stage.engine.calls.event(HEARTBEAT);
      await pass(stage, 1_000);
    }
    expect(sw.find(party.uuid)).toBeDefined();
  });
});

describe("the phone that called and has transferred the other party", () => {
  const TOLD_MS = 15_000;

  it("is told and ended when that party has hung up while no engine was there", async () => {
    const { stage, alice, party, told, transfer } = await inside(neverAnswers());
    transfer();
    await pass(stage, 1_000);
    stage.die();
    await pass(stage, 100);
    party.hangup("NORMAL_CLEARING");
    await pass(stage, 300);
    await stage.start();
    await pass(stage, TOLD_MS);
    expect({ told, ending: alice.ending }).toMatchObject({ told: [487] });
    expect(stage.sw.channels.size).toBe(0);
  });

  it("is ended when the commands that tell it were lost", async () => {
    const { stage, phone, bobTalksTo, transfer } = await inside(answers({ afterMs: 2_000 }));
    transfer();
    await pass(stage, 1_000);
    stage.link.fate = (line) =>
      line.startsWith("sched_hangup") && line.includes(phone.uuid) ? { kind: "not_sent" } : undefined;
    await pass(stage, 3_000);
    stage.link.fate = () => undefined;
    await pass(stage, TOLD_MS);
    expect(bobTalksTo()).toBe("carol-desk");
    expect(stage.sw.find(phone.uuid)).toBeUndefined();
  });
});

describe("a caller of whom nothing is saved", () => {
  it.each([
    ["another engine has claimed keeps the legs that ring", "engine-2", 0],
    ["an earlier run has claimed is rung for anew", "engine-1", 1],
  ])("and whom %s", async (_who, claimedBy, ended) => {
    const stage = await openStage(OFFICE, { "alice-desk": neverAnswers() });
    const { sw, caller } = stage;
    await pass(stage, 500);
    stage.die();
    sw.find(caller.uuid)?.variables.set(STATE_VARIABLE, undefined);
    sw.hash.run(`insert/${CLAIM_REALM}/${caller.uuid}/${claimedBy}`);
    const endings: string[] = [];
    sw.sawLegEnd = ({ name }) => endings.push(name);
    await stage.start();
    await pass(stage, 3_000);
    expect({ ended: endings.length, channels: sw.channels.size }).toEqual({ ended, channels: 2 });
  });
});
