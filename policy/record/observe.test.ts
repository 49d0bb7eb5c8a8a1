/**
 * Goal: what is kept of a call says who rang and who did not, why it went on, and who ended it; and never what must not be
 * kept. Method: one call of the core, input by input.
 */
import { describe, expect, it } from "vitest";
import { group, NUMBER, office, outsidePhone, Scene, sipDevice, user } from "../../fixtures/core/scene.js";
import { MAILBOX_DEFAULTS } from "../mailbox/mailbox.js";
import type { Step } from "../steps/types.js";
import { recordOf } from "./fold.js";
import type { WhatKind, WhatOf } from "./happening.js";

const SALES = { kind: "group", id: "sales" } as const;
const HANG_UP: Step = { kind: "hangup", reason: "no_answer" };
const RING: Step = { kind: "ring", target: SALES, timeoutMs: 10_000, skip: true };
const OTHER = "99999999-2222-4333-8444-000000000000";
const SECRET = "+13105550199";

const OFFICE = office([RING, HANG_UP], {
  users: [
    user("alice", [sipDevice("alice-desk", { id: "desk" })], {
      extension: "101",
      voicemail: { ...MAILBOX_DEFAULTS },
      outboundNumber: "+12125550101",
    }),
    user("bobby", [
      sipDevice("bob-desk", { delayMs: 4_000 }),
      outsidePhone("+19175550101", { delayMs: 6_000 }),
    ]),
  ],
  groups: [group("sales", ["alice", "bobby"], { extension: "200" })],
});

const begun = (arrival = {}) => Scene.begun({ office: OFFICE, arrival });

function told<K extends WhatKind>({ happenings }: Scene, kind: K): Array<WhatOf<K>> {
  return happenings.flatMap(({ what }) => (what.kind === kind ? [what as WhatOf<K>] : []));
}

const record = ({ happenings }: Scene) => recordOf(happenings);

describe("a ring step", () => {
  it("says which phones ring, in whose group, and of the others when they would have", () => {
    const scene = begun();
    scene.input({ type: "leg_ringing", leg: scene.leg("alice-desk").id });
    scene.pass(2_000);
    scene.answers("alice-desk");
    scene.bridges("alice-desk");
    expect(told(scene, "leg_dialled")).toMatchObject([
      { who: "alice", device: "desk", to: "alice-desk", group: "sales" },
    ]);
    expect(told(scene, "not_rung")).toEqual([
      { kind: "not_rung", who: "bobby", device: "bob-desk", group: "sales", reason: "not_yet", dueMs: 4_000 },
      { kind: "not_rung", who: "bobby", device: "cell", group: "sales", reason: "not_yet", dueMs: 6_000 },
    ]);
    expect(record(scene).about).toEqual([`number:${NUMBER}`, "group:sales", "user:alice", "user:bobby"]);
  });

  it("says what each leg showed, and who pays for it", () => {
    const scene = begun();
    scene.pass(7_000);
    expect(told(scene, "leg_dialled").at(-1)).toMatchObject({
      who: "bobby",
      device: "cell",
      to: "+19175550101",
      carrier: "main",
      shows: "+19175550199",
      payer: "user:bobby",
    });
  });

  it("says which clock has ended it", () => {
    const scene = begun();
    scene.pass(10_000);
    expect(told(scene, "rollover")).toEqual([{ kind: "rollover", why: "timeout", timer: "ring" }]);
  });

  it("says which key a phone has pressed that is asked to accept", () => {
    const scene = begun();
    scene.pass(7_000);
    scene.answers("+19175550101");
    scene.presses("+19175550101", "9");
    scene.presses("+19175550101", "1");
    const { id: leg } = scene.leg("+19175550101");
    expect(told(scene, "digits").map(({ digits }) => digits)).toEqual(["9", "1"]);
    expect(told(scene, "leg_asked")).toEqual([{ kind: "leg_asked", leg }]);
    expect(told(scene, "leg_accepts")).toEqual([{ kind: "leg_accepts", leg }]);
  });
});

describe("the end of a leg", () => {
  it.each([
    ["busy", { cause: "USER_BUSY", status: 486, hungUp: true }, "callee"],
    ["declined, by a switch that says no more", { cause: "CALL_REJECTED" }, "callee"],
    ["cancelled as the caller has gone", { cause: "ORIGINATOR_CANCEL", hungUp: false }, "caller"],
    ["another phone was faster", { cause: "LOSE_RACE", hungUp: false }, "office"],
    ["a gateway that is down", { cause: "GATEWAY_DOWN" }, "switch"],
  ] as const)("is of whose doing it was: %s", (_what, end, side) => {
    const scene = begun();
    const { id } = scene.leg("alice-desk");
    scene.input({ type: "leg_ended", leg: id, ...end });
    const status = "status" in end ? end.status : null;
    expect(record(scene).legs[0]).toMatchObject({ cause: end.cause, status, side, isEndSeen: true });
  });

  it("that an inspection finds has no cause, and may have been earlier", () => {
    const scene = begun();
    scene.input({ type: "leg_ringing", leg: scene.leg("alice-desk").id });
    scene.input({
      type: "resync",
      caller: { transferredTo: null, media: "none", parked: true, playing: false, bridgedTo: null },
      legs: [],
    });
    expect(record(scene).legs[0]).toMatchObject({ cause: "LOST", isEndSeen: false });
  });
});

describe("the end of a call", () => {
  function talking(): Scene {
    const scene = begun();
    scene.answers("alice-desk");
    scene.bridges("alice-desk");
    return scene;
  }

  it.each([
    ["the caller hangs up", true, false, "caller"],
    ["the phone hangs up", false, true, "callee"],
  ])("%s", (_who, callerHungUp, legFirst, side) => {
    const scene = talking();
    const { id: leg } = scene.leg("alice-desk");
    const legEnds = () =>
      scene.input({ type: "leg_ended", leg, cause: "NORMAL_CLEARING", hungUp: !callerHungUp });
    if (legFirst) legEnds();
    scene.input({ type: "caller_gone", cause: "NORMAL_CLEARING", hungUp: callerHungUp });
    if (!legFirst) legEnds();
    expect(record(scene)).toMatchObject({ result: "answered", side, answeredBy: "alice", isEndSeen: true });
    expect(record(scene).legs[0]).toMatchObject({ side });
  });

  it("is the office's when the flow hangs up, though the call is over when the switch says so", () => {
    const scene = begun();
    scene.pass(10_000);
    expect(record(scene).endedMs).toBeNull();
    for (const { id } of scene.state.legs)
      scene.input({ type: "leg_ended", leg: id, cause: "NO_ANSWER", hungUp: false });
    scene.input({ type: "caller_gone", cause: "NO_ANSWER", hungUp: false });
    expect(record(scene)).toMatchObject({ result: "missed", side: "office", cause: "NO_ANSWER" });
  });

  it.each([
    [0, "NO_ANSWER", true],
    [1_000, "NO_ANSWER", true],
    [1_001, null, false],
  ])(
    "is the office's hanging up when the switch shows no caller %d ms after it: %s, seen: %s",
    (ms, cause, isEndSeen) => {
      const scene = begun();
      scene.pass(10_000);
      expect(scene.state.phase).toMatchObject({ kind: "ending", cause: "NO_ANSWER" });
      scene.pass(ms);
      scene.input({ type: "resync", caller: null, legs: [] });
      const gone = scene.atMs;
      for (let at = 0; at < 60 && scene.state.phase.kind !== "ended"; at += 1) {
        scene.pass(1_000);
        scene.input({ type: "resync", caller: null, legs: [] });
      }
      expect(record(scene)).toMatchObject({ endedMs: gone, side: "office", cause, isEndSeen });
    },
  );

  it("is found later, when the connection is back", () => {
    const scene = talking();
    scene.input({ type: "resync", caller: null, legs: [] });
    expect(record(scene)).toMatchObject({ result: "answered", side: "unknown", isEndSeen: false });
  });

  it("is that of the caller's channel, and not of the last leg", () => {
    const scene = begun();
    scene.input({ type: "caller_gone", cause: "ORIGINATOR_CANCEL", hungUp: true });
    const goneMs = scene.atMs;
    scene.pass(700);
    for (const { id } of scene.state.legs)
      scene.input({ type: "leg_ended", leg: id, cause: "ORIGINATOR_CANCEL", hungUp: false });
    expect(record(scene)).toMatchObject({ endedMs: goneMs, side: "caller", result: "missed" });
  });
});

describe("a transfer", () => {
  function talking(): Scene {
    const scene = begun();
    scene.answers("alice-desk");
    scene.bridges("alice-desk");
    return scene;
  }

  it("to a number that was dialled says by whom and where to", () => {
    const scene = talking();
    scene.input({ type: "caller_parked", transferredTo: "200" });
    expect(told(scene, "transferred")).toEqual([{ kind: "transferred", to: "200", by: "alice" }]);
    expect(told(scene, "flow").map(({ source }) => source)).toEqual([`number:${NUMBER}`, "group:sales"]);
  });

  it("after a consultation connects the caller with a leg of another call", () => {
    const scene = talking();
    scene.input({ type: "bridged", leg: OTHER, who: "bobby" });
    expect(told(scene, "connected").at(-1)).toEqual({
      kind: "connected",
      leg: OTHER,
      who: "bobby",
      device: "",
    });
    expect(record(scene)).toMatchObject({ answeredBy: "bobby" });
  });
});

describe("what must not be kept", () => {
  it("is a number that is withheld", () => {
    const scene = begun({ callerNumber: SECRET, callerName: "Jane Doe", privacy: "number" });
    scene.pass(7_000);
    expect(told(scene, "began")).toMatchObject([{ from: "", name: "", isWithheld: true }]);
    expect(JSON.stringify(scene.happenings)).not.toMatch(/3105550199|Jane Doe/);
  });

  it("is a key of a mailbox session", () => {
    const scene = Scene.begun({
      office: OFFICE,
      arrival: {
        dialled: ["*98"],
        origin: { kind: "phone", sipName: "alice-desk" },
        callerNumber: "alice-desk",
      },
    });
    const { id } = scene.state;
    for (const digit of "101#4711#") scene.input({ type: "digit", channel: id, digit });
    expect(scene.state.phase.kind).toBe("listening");
    expect(told(scene, "digits")).toEqual([]);
    expect(JSON.stringify(scene.happenings)).not.toContain("4711");
  });
});
