/**
 * Goal: a call about which the switch asks loses its caller in no mixture of phones and at no moment at which an engine
 * dies, answers late or answers rubbish. Method: the engine on the simulated switch, which asks it.
 */
import { describe, expect, it } from "vitest";
import { answerLookUp, type EngineStage, openStage } from "../../fixtures/core/engine-stage.js";
import { group, office, outsidePhone, sipDevice, user } from "../../fixtures/core/scene.js";
import { answers, busy, neverAnswers, type PhoneScript } from "../../fixtures/switch/phone-script.js";
import type { Step } from "../../policy/steps/types.js";
import { NOT_FOUND_XML } from "../look-up-xml.js";
import { NO_ENGINE_S } from "./answer.js";

const SALES = { kind: "group", id: "sales" } as const;
const HANG_UP: Step = { kind: "hangup", reason: "no_answer" };
const CELL = "+19175550101";
/** The step's time. */
const RING_MS = 10_000;

/** Two desk phones that ring at once, a mobile that is asked to accept, and a desk phone that rings after two seconds. */
const OFFICE = office([{ kind: "ring", target: SALES, timeoutMs: RING_MS, skip: false }, HANG_UP], {
  users: [
    user("alice", [sipDevice("alice-desk")]),
    user("bobby", [sipDevice("bob-desk")]),
    user("carol", [outsidePhone(CELL)]),
    user("david", [sipDevice("david-desk", { delayMs: 2_000 })]),
  ],
  groups: [group("sales", ["alice", "bobby", "carol", "david"])],
});
const DESKS = office([{ kind: "ring", target: SALES, timeoutMs: RING_MS, skip: false }, HANG_UP], {
  users: [user("alice", [sipDevice("alice-desk")]), user("bobby", [sipDevice("bob-desk")])],
  groups: [group("sales", ["alice", "bobby"])],
});

type Phones = Readonly<Record<string, PhoneScript>>;

function asked(phones: Phones, where = OFFICE): Promise<EngineStage> {
  const silent = Object.fromEntries(
    ["alice-desk", "bob-desk", "david-desk"].map((name) => [name, neverAnswers()]),
  );
  const { [CELL]: cell = neverAnswers(), ...desks } = phones;
  return openStage(where, { ...silent, ...desks }, undefined, { asks: true, outside: { [CELL]: cell } });
}

async function pass({ clock }: EngineStage, ms: number): Promise<void> {
  const untilMs = clock.nowMs() + ms;
  while (clock.nowMs() < untilMs) {
    clock.advanceBy(Math.min(50, untilMs - clock.nowMs()));
    // The call's revision is read before the call is taken over.
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  }
}

const talkedWith = ({ caller }: EngineStage) => caller.talked.map(({ withWhom }) => withWhom);
const orders = ({ link }: EngineStage) =>
  link.lines.filter((line) => !/^(sched_|show|hash_dump|sofia)/.test(line));

const accepts = (afterMs: number): PhoneScript =>
  answers({ afterMs, keys: [{ afterMs: 1_500, digit: "1" }] });

describe("a call about which the switch asks", () => {
  it.each<[string, Phones, string]>([
    ["a phone that the switch rings", { "bob-desk": answers({ afterMs: 1_000 }) }, "bob-desk"],
    ["a phone that rings later", { "david-desk": answers({ afterMs: 1_000 }) }, "david-desk"],
    ["a mobile that accepts", { [CELL]: accepts(1_000) }, CELL],
    [
      "the desk phone that answers while the mobile decides",
      { [CELL]: answers({ afterMs: 500 }), "alice-desk": answers({ afterMs: 3_000 }) },
      "alice-desk",
    ],
    [
      "the mobile that accepts when all desk phones are busy",
      { "alice-desk": busy(), "bob-desk": busy(), "david-desk": busy(), [CELL]: accepts(3_000) },
      CELL,
    ],
    [
      "one of two that answer in one instant",
      { "alice-desk": answers({ afterMs: 1_000 }), "bob-desk": answers({ afterMs: 1_000 }) },
      "alice-desk",
    ],
  ])("reaches %s", async (_whom, phones, expected) => {
    const stage = await asked(phones);
    await pass(stage, 8_000);
    expect(talkedWith(stage)).toEqual([expected]);
    expect(stage.caller.ending).toBeNull();
    expect(stage.logged).toEqual([]);
    stage.caller.hangup();
    await pass(stage, 2_000);
    expect(stage.engine.calls.count).toBe(0);
  });

  it("is carried to its connection without any command when the switch rings all phones", async () => {
    const stage = await asked({ "alice-desk": answers({ afterMs: 1_000 }) }, DESKS);
    await pass(stage, 5_000);
    expect(talkedWith(stage)).toEqual(["alice-desk"]);
    expect(orders(stage).filter((line) => !line.startsWith("uuid_dump"))).toEqual([]);
  });

  it("goes on with the flow when the step's time is over", async () => {
    const stage = await asked({});
    await pass(stage, RING_MS + 3_000);
    expect(stage.caller.finalStatus).toBe(480);
    expect(stage.notes).toContainEqual({ kind: "rollover", why: "timeout" });
    expect(stage.engine.calls.count).toBe(0);
  });

  it.each([50, 300, 1_500, 2_010, 4_000])("ends when its caller leaves after %i ms", async (ms) => {
    const stage = await asked({});
    await pass(stage, ms);
    stage.caller.hangup();
    await pass(stage, 3_000);
    expect(stage.engine.calls.count).toBe(0);
    expect(stage.sw.channels.size).toBe(0);
  });
});

describe("an engine that dies while the switch rings phones", () => {
  const moments = Array.from({ length: 25 }, (_none, i) => 20 + i * 100);

  it.each(moments)(
    "after %i ms: the next one goes on, and the phone that answers has the caller",
    async (ms) => {
      const stage = await asked({ "bob-desk": answers({ afterMs: 2_000 }) });
      await pass(stage, ms);
      stage.die();
      await pass(stage, 400);
      const next = await stage.start();
      await pass(stage, 6_000);
      expect(talkedWith(stage)).toEqual(["bob-desk"]);
      expect(stage.caller.ending).toBeNull();
      stage.caller.hangup();
      // Kills of which no event was seen are repeated.
      await pass(stage, 12_000);
      expect(next.engine.calls.count).toBe(0);
    },
  );

  it.each(moments)("after %i ms: without another one the phone that answers has the caller", async (ms) => {
    const stage = await asked({ "bob-desk": answers({ afterMs: 2_000 }) });
    await pass(stage, ms);
    stage.die();
    await pass(stage, 60_000);
    expect(talkedWith(stage)).toEqual(["bob-desk"]);
    expect(stage.caller.ending).toBeNull();
  });

  it("nobody answers: the next one goes on with the flow", async () => {
    const stage = await asked({});
    await pass(stage, 1_000);
    stage.die();
    await pass(stage, 1_000);
    await stage.start();
    await pass(stage, RING_MS + 3_000);
    expect(stage.caller.finalStatus).toBe(480);
  });

  it("nobody answers and no other engine comes: the caller is told, in bounded time", async () => {
    const stage = await asked({ "alice-desk": busy(), "bob-desk": busy() }, DESKS);
    stage.die();
    await pass(stage, NO_ENGINE_S * 1_000 + 5_000);
    expect(stage.caller.finalStatus).toBe(503);
  });
});

describe("an answer of which the switch makes no use", () => {
  it.each<[string, (stage: EngineStage) => NonNullable<EngineStage["sw"]["lookUps"]>]>([
    [
      "comes too late",
      ({ clock, engine }) =>
        (form, reply) =>
          void clock.after(1_500, () => answerLookUp(engine, form, reply)),
    ],
    [
      "is broken on its way",
      ({ engine }) =>
        (form, reply) =>
          answerLookUp(engine, form, (answer) =>
            reply(answer && { ...answer, body: answer.body.slice(0, 300) }),
          ),
    ],
    ["never comes", () => () => {}],
    ["says that nothing is found", () => (_form, reply) => reply({ status: 200, body: NOT_FOUND_XML })],
  ])("because it %s: the call is taken when its caller parks", async (_why, answerer) => {
    const stage = await asked({ "bob-desk": answers({ afterMs: 2_000 }) });
    stage.caller.hangup();
    await pass(stage, 2_000);
    stage.sw.lookUps = answerer(stage);
    const caller = stage.sw.call({
      dialled: "+12125550100",
      callerNumber: "+19175550199",
      context: "inbound",
    });
    await pass(stage, 8_000);
    expect(caller.talked.map(({ withWhom }) => withWhom)).toEqual(["bob-desk"]);
    caller.hangup();
    await pass(stage, 3_000);
    expect(stage.engine.calls.count).toBe(0);
    expect(stage.sw.channels.size).toBe(0);
  });

  it("because another engine has the call: nothing of ours rings on, and the caller is left to that engine", async () => {
    const stage = await asked({});
    stage.caller.hangup();
    await pass(stage, 2_000);
    stage.sw.lookUps = (form, reply) => {
      stage.link.send(
        { verb: "api", line: `hash insert/ringline-claim/${form["Unique-ID"]}/other` },
        () => {},
      );
      stage.clock.after(5, () => answerLookUp(stage.engine, form, reply));
    };
    const caller = stage.sw.call({
      dialled: "+12125550100",
      callerNumber: "+19175550199",
      context: "inbound",
    });
    await pass(stage, 5_000);
    expect(caller.ending).toBeNull();
    expect(stage.engine.calls.count).toBe(0);
    expect(stage.sw.channels.size).toBe(1);
  });
});
