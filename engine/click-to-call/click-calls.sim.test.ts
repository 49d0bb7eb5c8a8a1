/**
 * Goal: a call that somebody asks for rings their own phones, dials once when one is answered, and then is a call of that
 * phone as any other; whatever dies at whatever moment, nothing rings for ever and nobody is called twice. Method: the engine
 * on the simulated switch, by both roads, with the table in memory.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ClickTableInMemory } from "../../fixtures/core/click-table.js";
import { type EngineStage, openStage } from "../../fixtures/core/engine-stage.js";
import { office, outsidePhone, sipDevice, user } from "../../fixtures/core/scene.js";
import { recordsOf } from "../../fixtures/records/records-of.js";
import {
  answers,
  busy,
  declines,
  neverAnswers,
  type PhoneScript,
  rejects,
  silent,
} from "../../fixtures/switch/phone-script.js";
import type { Office } from "../../policy/office/office.js";
import { Names } from "../../policy/record/spoken-names.js";
import { storyOf } from "../../policy/record/story.js";
import { RoutingTable } from "../../policy/routing/table.js";
import type { ClickReason } from "../../storage/click-calls.js";
import { CLICK_LATE_MS, OWN_RING_MS } from "./click-calls.js";

const OUTSIDE = "+12125550144";
const ID = "aaaaaaaa-1111-4222-8333-444444444444";
const OFFICE: Office = office([{ kind: "hangup", reason: "no_answer" }], {
  users: [
    user("alice", [sipDevice("alice-desk"), sipDevice("alice-soft"), outsidePhone("+12125550199")], {
      name: "Alice Wong",
      extension: "101",
      outboundNumber: "+12125550100",
    }),
    user("bobby", [sipDevice("bob-desk")], { name: "Bob Stone", extension: "102" }),
    user("carol", [sipDevice("carol-desk")], { permissions: { outside_calls: false } }),
  ],
});

type Scripts = Readonly<Record<string, PhoneScript>>;
const QUIET: Scripts = {
  "alice-desk": neverAnswers(),
  "alice-soft": neverAnswers(),
  "bob-desk": neverAnswers(),
  "carol-desk": neverAnswers(),
  [OUTSIDE]: neverAnswers(),
};

interface Asking {
  readonly to?: string;
  readonly device?: string;
  readonly username?: string;
  readonly scripts?: Scripts;
  readonly office?: Office;
  readonly asks?: boolean;
}

async function pass({ clock }: Pick<EngineStage, "clock">, ms: number): Promise<void> {
  const untilMs = clock.nowMs() + ms;
  while (clock.nowMs() < untilMs) {
    clock.advanceBy(Math.min(25, untilMs - clock.nowMs()));
    for (let turn = 0; turn < 12; turn += 1) await Promise.resolve();
  }
}

/** An engine that has just been asked for a call. */
async function asked({
  to = "102",
  device,
  username = "alice",
  scripts = {},
  asks = false,
  ...more
}: Asking = {}) {
  const table = new ClickTableInMemory();
  const { [OUTSIDE]: outside = neverAnswers(), ...phones } = { ...QUIET, ...scripts };
  const stage = await openStage(more.office ?? OFFICE, phones, undefined, {
    asks,
    outside: { [OUTSIDE]: outside },
    clickCalls: table,
  });
  // The caller that the stage places is none of ours.
  stage.caller.hangup();
  await pass(stage, 500);
  table.ask({ id: ID, username, dialled: to, device: device ?? null, askedMs: stage.clock.nowMs() });
  const legsOf = (name: string) => (stage.sw.phoneNamed(name) ?? stage.sw.outsidePhone(name)).legs;
  return {
    ...{ stage, table, legsOf },
    row: () => table.rows.get(ID),
    told: () => table.told.get(ID) ?? [],
    records: () => recordsOf(stage.happenings).filter(({ id }) => id !== stage.caller.uuid),
    pass: (ms: number) => pass(stage, ms),
  };
}

const soon = (ms = 1_000, more: { hangupAfterMs?: number } = {}) => answers({ afterMs: ms, ...more });

describe.each([
  ["the switch asks the engine first", true],
  ["callers are parked", false],
])("a call that somebody asks for, where %s", (_road, asks) => {
  it("rings the user's own phones together, and dials from the one that is answered", async () => {
    const call = await asked({
      asks,
      scripts: { "alice-soft": soon(1_000), "bob-desk": soon(2_000, { hangupAfterMs: 3_000 }) },
    });
    await call.pass(800);
    const [desk, soft] = [call.legsOf("alice-desk")[0], call.legsOf("alice-soft")[0]];
    expect(desk?.invitation).toMatchObject({ callerIdNumber: "102", callerIdName: "Ringline Bob Stone" });
    expect(call.legsOf("bob-desk")).toHaveLength(0);
    expect(call.told()).toEqual(["ringing_you"]);
    await call.pass(1_500);
    expect([desk?.ending, desk?.reason]).toEqual([
      "cancelled",
      'SIP;cause=200;text="Call completed elsewhere"',
    ]);
    // The user hears that it rings.
    expect(soft?.heard.at(-1)?.sound).toContain("tone_stream");
    expect(call.legsOf("bob-desk")[0]?.invitation).toMatchObject({ callerIdNumber: "101" });
    expect(call.told()).toEqual(["ringing_you", "calling"]);
    await call.pass(2_000);
    expect(call.told()).toEqual(["ringing_you", "calling", "connected"]);
    expect(soft?.talked[0]?.withWhom).toBe("bob-desk");
    await call.pass(6_000);
    expect(call.told()).toEqual(["ringing_you", "calling", "connected", "ended: talked"]);
    expect(soft?.ending).toBe("bye");
    expect(call.stage.sw.channels.size).toBe(0);
    expect(call.stage.engine.calls.count).toBe(0);
    expect(call.stage.logged).toEqual([]);
  });

  it("has one record, from the user to the number, which says that a page has asked for it", async () => {
    const call = await asked({
      asks,
      to: "(212) 555-0144",
      scripts: { "alice-desk": soon(), [OUTSIDE]: soon(1_000, { hangupAfterMs: 2_000 }) },
    });
    await call.pass(10_000);
    const [record, ...others] = call.records();
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      ...{ direction: "out", user: "alice", device: "alice-desk", from: "101", called: OUTSIDE },
      ...{ isClickToCall: true, result: "answered", answeredBy: OUTSIDE },
    });
    expect(record?.legs).toHaveLength(1);
    expect(record?.legs[0]).toMatchObject({ shows: "+12125550100", payer: "user:alice", carrier: "main" });
    if (record === undefined) throw new Error("no record");
    expect(call.row()).toMatchObject({ state: "ended", reason: "talked", call: record.id });
    const told = storyOf(record, new Names(RoutingTable.of(OFFICE, 1))).lines[0]?.text;
    expect(told).toContain("as asked for in a page: the caller's own phone rang first");
  });

  it.each<[string, Asking, ClickReason, string | null]>([
    ["the user does not answer", {}, "not_answered", null],
    [
      "the user is out of reach",
      { scripts: { "alice-desk": silent(), "alice-soft": silent() } },
      "not_answered",
      null,
    ],
    [
      "the user declines",
      { scripts: { "alice-desk": declines(500), "alice-soft": busy() } },
      "declined",
      null,
    ],
    [
      "the wanted phone declines",
      { device: "alice-soft", scripts: { "alice-soft": rejects(480, 500) } },
      "not_answered",
      null,
    ],
    ["no phone of the user is registered", { device: "cell" }, "no_device", null],
    ["the number is for help", { to: "911" }, "refused", "emergency"],
    ["the number is for help, behind a code", { to: "*67911" }, "refused", "emergency"],
    ["the number leads nowhere", { to: "199" }, "refused", "unassigned"],
    ["the user may not call outside", { username: "carol", to: OUTSIDE }, "refused", "permission"],
    ["the office does not call there", { to: "+442071838750" }, "refused", "place"],
    ["the user is gone", { username: "nobody" }, "refused", "permission"],
    ["a command is dialled", { to: "102 XML phones" }, "refused", "no_number"],
  ])("ends without calling anybody when %s", async (_why, asking, reason, why) => {
    const call = await asked({ ...asking, asks });
    await call.pass(OWN_RING_MS + 10_000);
    expect(call.row()).toMatchObject({ state: "ended", reason, why });
    expect([...call.legsOf("bob-desk"), ...call.legsOf(OUTSIDE)]).toEqual([]);
    expect(call.stage.sw.channels.size).toBe(0);
    expect(call.records()).toEqual([]);
    expect(call.stage.logged).toEqual([]);
  });

  it.each<[string, PhoneScript, ClickReason]>([
    ["is busy", busy(), "busy"],
    ["declines", declines(500), "rejected"],
  ])("tells the user when the other side %s", async (_what, script, reason) => {
    const call = await asked({ asks, to: OUTSIDE, scripts: { "alice-desk": soon(), [OUTSIDE]: script } });
    await call.pass(30_000);
    expect(call.row()).toMatchObject({ state: "ended", reason });
    expect(call.stage.sw.channels.size).toBe(0);
  });

  it("ends when the user hangs up while the other side rings", async () => {
    const call = await asked({ asks, scripts: { "alice-desk": soon(500, { hangupAfterMs: 1_500 }) } });
    await call.pass(5_000);
    expect(call.row()).toMatchObject({ state: "ended", reason: "you_hung_up" });
    expect(call.legsOf("bob-desk")[0]?.ending).toBe("cancelled");
    expect(call.stage.sw.channels.size).toBe(0);
  });

  it("ends when the user hangs up in the moment of the answer", async () => {
    const call = await asked({ asks, scripts: { "alice-desk": soon(500, { hangupAfterMs: 5 }) } });
    await call.pass(OWN_RING_MS + 10_000);
    expect(call.row()).toMatchObject({ state: "ended" });
    expect(call.stage.sw.channels.size).toBe(0);
    expect(call.legsOf("bob-desk").every(({ ending }) => ending !== null)).toBe(true);
  });

  it.each([100, 300, 900, 1_300, 2_500])("stops when the user says so after %i ms", async (ms) => {
    const call = await asked({ asks, scripts: { "alice-desk": soon() } });
    await call.pass(ms);
    call.table.stop(ID);
    await call.pass(3_000);
    expect(call.row()).toMatchObject({ state: "ended", reason: "stopped" });
    expect(call.stage.sw.channels.size).toBe(0);
  });

  it("is not stopped once people talk", async () => {
    const call = await asked({ asks, scripts: { "alice-desk": soon(), "bob-desk": soon() } });
    await call.pass(3_500);
    expect(call.row()?.state).toBe("connected");
    const row = call.row();
    if (row !== undefined) call.table.rows.set(ID, { ...row, isStopped: true });
    await call.pass(3_000);
    expect(call.row()?.state).toBe("connected");
    expect(call.legsOf("bob-desk")[0]?.ending).toBeNull();
  });

  it("is carried on by another engine, at whatever moment the first one dies", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 5_000 }),
        fc.integer({ min: 0, max: 7_000 }),
        fc.integer({ min: 100, max: 2_500 }),
        fc.integer({ min: 100, max: 2_000 }),
        async (diesMs, goneMs, answersMs, otherMs) => {
          const call = await asked({
            asks,
            scripts: { "alice-desk": soon(answersMs), "bob-desk": soon(otherMs, { hangupAfterMs: 15_000 }) },
          });
          await call.pass(diesMs);
          call.stage.die();
          await call.pass(goneMs);
          await call.stage.start();
          await call.pass(60_000);
          expect(call.row()?.state).toBe("ended");
          expect(call.stage.sw.channels.size).toBe(0);
          for (const name of ["alice-desk", "alice-soft", "bob-desk"])
            expect(call.legsOf(name).length).toBeLessThanOrEqual(1);
          expect(call.records().length).toBeLessThanOrEqual(1);
          const talked = call.legsOf("alice-desk")[0]?.talked ?? [];
          if (call.row()?.reason === "talked") expect(talked).toHaveLength(1);
          if (call.row()?.reason === "too_late") expect(call.legsOf("alice-desk")).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  }, 120_000);

  it.each<[string, number, number]>([
    ["before it rings", 0, 0],
    ["while it rings", 600, 1],
    ["when the user has answered", 1_400, 1],
  ])("rings nobody for ever when an engine dies %s and none comes", async (_when, diesMs, invites) => {
    const call = await asked({ asks, scripts: { "alice-desk": soon(1_000) } });
    await call.pass(diesMs);
    call.stage.die();
    await call.pass(OWN_RING_MS + 60_000);
    expect(call.legsOf("alice-desk")).toHaveLength(invites);
    expect(call.stage.sw.channels.size).toBe(0);
  });

  it("is not made when it is older than some seconds", async () => {
    const call = await asked({ asks });
    call.stage.die();
    await call.pass(CLICK_LATE_MS + 500);
    await call.stage.start();
    await call.pass(2_000);
    expect(call.row()).toMatchObject({ state: "ended", reason: "too_late" });
    expect(call.legsOf("alice-desk")).toEqual([]);
  });
});
