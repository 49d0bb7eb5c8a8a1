/**
 * Goal: whoever is transferred to nobody comes back to whoever transferred them, and no caller is lost to a group of any
 * size, also when the engine dies at any moment. Method: the engine on the simulated switch; a phone sends REFER, and the
 * engine is killed at many moments around that.
 */
import { describe, expect, it } from "vitest";
import { type EngineStage, openStage } from "../../fixtures/core/engine-stage.js";
import { group, office, sipDevice, user } from "../../fixtures/core/scene.js";
import { answers, busy, neverAnswers, type PhoneScript } from "../../fixtures/switch/phone-script.js";
import { LEGS_PER_STEP_MAX } from "../../policy/call/bounds.js";
import type { Note } from "../../policy/call/command.js";
import type { Step } from "../../policy/steps/types.js";
import { VARIABLE_VALUE_CHARACTERS_MAX } from "../switch/safe-text.js";
import { STATE_VARIABLE } from "./switch-contract.js";

const ringUser = (username: string, timeoutMs = 5_000): Step => ({
  kind: "ring",
  target: { kind: "user", username },
  timeoutMs,
  skip: false,
});
const NO_ANSWER: Step = { kind: "hangup", reason: "no_answer" };

const OFFICE = office([ringUser("alice"), NO_ANSWER], {
  users: [
    user("alice", [sipDevice("alice-desk")], { extension: "101", flow: [ringUser("alice"), NO_ANSWER] }),
    user("bobby", [sipDevice("bob-desk")], { extension: "102", flow: [ringUser("bobby"), NO_ANSWER] }),
  ],
});

/** The caller talks to Alice. */
async function talking(bob: PhoneScript): Promise<EngineStage> {
  const stage = await openStage(OFFICE, { "alice-desk": answers({ afterMs: 200 }), "bob-desk": bob });
  await pass(stage, 1_500);
  return stage;
}

function refer({ sw, caller }: EngineStage, to: string): void {
  const phone = [...sw.channels.values()].find((channel) => channel.bridge?.peer.uuid === caller.uuid);
  if (phone === undefined) throw new Error("nobody talks to the caller");
  sw.refer(phone, to);
}

/** What phones are told of their transfers from now on. */
function statuses({ sw }: EngineStage): number[] {
  const told: number[] = [];
  sw.sawLegTold = (_leg, status) => told.push(status);
  return told;
}

async function pass({ clock }: EngineStage, ms: number): Promise<void> {
  const untilMs = clock.nowMs() + ms;
  while (clock.nowMs() < untilMs) {
    clock.advanceBy(Math.min(100, untilMs - clock.nowMs()));
    // The call's revision is read before the call is taken over.
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  }
}

const talksTo = ({ caller }: EngineStage) => {
  const last = caller.talked.at(-1);
  return last?.toMs === null ? last.withWhom : null;
};

const failed = (notes: readonly Note[]) => notes.filter(({ kind }) => kind === "transfer_failed");

describe("a transfer that nobody takes", () => {
  it.each<[string, string, PhoneScript, number]>([
    ["to an extension that does not exist", "999", neverAnswers(), 404],
    ["to a colleague who is busy", "102", busy(), 486],
    ["to a colleague who does not answer", "102", neverAnswers(), 480],
  ])("%s brings the caller back", async (_what, to, bob, status) => {
    const stage = await talking(bob);
    const told = statuses(stage);
    refer(stage, to);
    await pass(stage, 9_000);
    expect(told).toEqual([status]);
    expect(failed(stage.notes)).toHaveLength(1);
    expect(talksTo(stage)).toBe("alice-desk");
    expect(stage.sw.channels.size).toBe(2);
  });

  it("is told to be taken only when it is", async () => {
    const stage = await talking(answers({ afterMs: 3_000 }));
    const told = statuses(stage);
    refer(stage, "102");
    await pass(stage, 2_000);
    expect(told).toEqual([]);
    await pass(stage, 3_500);
    expect(told).toEqual([200]);
    expect(talksTo(stage)).toBe("bob-desk");
    expect(stage.sw.channels.size).toBe(2);
  });

  it("brings the caller back whenever the engine dies meanwhile", async () => {
    for (let atMs = 0; atMs <= 9_000; atMs += 290) {
      const stage = await talking(neverAnswers());
      refer(stage, "102");
      await pass(stage, atMs);
      stage.die();
      await pass(stage, 2_000);
      await stage.start();
      await pass(stage, 14_000);
      expect({ atMs, with: talksTo(stage) }).toEqual({ atMs, with: "alice-desk" });
      expect({ atMs, channels: stage.sw.channels.size }).toEqual({ atMs, channels: 2 });
    }
  });

  it("brings the caller back when the phone asked for it while no engine was there", async () => {
    for (const awayMs of [500, 7_000, 12_000]) {
      const stage = await talking(neverAnswers());
      stage.die();
      await pass(stage, 100);
      refer(stage, "999");
      await pass(stage, awayMs);
      await stage.start();
      await pass(stage, 6_000);
      expect({ awayMs, with: talksTo(stage) }).toEqual({ awayMs, with: "alice-desk" });
    }
  });
});

describe("a call to a group of 1,200 members with two phones each", () => {
  const names = Array.from({ length: 1_200 }, (_none, i) => `member.${i}`);
  const large = office(
    [{ kind: "ring", target: { kind: "group", id: "all" }, timeoutMs: null, skip: false }, NO_ANSWER],
    {
      users: names.map((name) => user(name, [sipDevice(`${name}-desk`), sipDevice(`${name}-soft`)])),
      groups: [group("all", names)],
    },
  );

  it("rings, is taken over when the engine dies, and is answered", async () => {
    const phones = Object.fromEntries(
      names.flatMap((name) =>
        ["desk", "soft"].map((kind) => [
          `${name}-${kind}`,
          name === "member.20" ? answers({ afterMs: 8_000 }) : neverAnswers(),
        ]),
      ),
    );
    const stage = await openStage(large, phones);
    await pass(stage, 2_000);
    expect(stage.sw.channels.size).toBe(LEGS_PER_STEP_MAX + 1);
    const saved = stage.sw.find(stage.caller.uuid)?.variables.get(STATE_VARIABLE) ?? "";
    expect(saved.length).toBeLessThan(VARIABLE_VALUE_CHARACTERS_MAX / 2);
    stage.die();
    await pass(stage, 1_000);
    await stage.start();
    await pass(stage, 1_000);
    expect(stage.sw.channels.size).toBe(LEGS_PER_STEP_MAX + 1);
    await pass(stage, 7_000);
    expect(talksTo(stage)).toMatch(/^member\.20-/);
    expect(stage.sw.channels.size).toBe(2);
    expect(stage.logged).toEqual([]);
  });
});
