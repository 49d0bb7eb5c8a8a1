/**
 * The life of a call, input by input: what each does, and what it must not do. No mocks and no clock:
 * the core is a function.
 */
import { describe, expect, it } from "vitest";
import {
  CALL_ID,
  group,
  NUMBER,
  office,
  outsidePhone,
  Scene,
  sipDevice,
  user,
} from "../../fixtures/core/scene.js";
import type { Target } from "../office/target.js";
import type { Step } from "../steps/types.js";
import {
  CALLER_GONE_MS,
  CONNECT_INSPECT_MS,
  CONNECT_MS,
  CONNECT_TONE_MS,
  DECIDE_MS,
  HOPS_MAX,
  INSPECTION_MS,
  KILLS_MAX,
  LOOK_AGAIN_MS,
  LOOKS_BEFORE_LOST,
} from "./bounds.js";

const ALICE: Target = { kind: "user", username: "alice" };
const SALES: Target = { kind: "group", id: "sales" };
const HANG_UP: Step = { kind: "hangup", reason: "no_answer" };

function ring(target: Target, timeoutMs: number | null = 20_000, more: object = {}): Step {
  return { kind: "ring", target, timeoutMs, skip: false, ...more };
}

const THREE = office([ring(SALES), ring(ALICE), HANG_UP], {
  users: [
    user("alice", [sipDevice("alice-desk")]),
    user("bobby", [sipDevice("bob-desk")]),
    user("carol", [sipDevice("carol-desk")]),
  ],
  groups: [group("sales", ["bobby", "carol"])],
});

const ASKED = office([ring(SALES), HANG_UP], {
  users: [
    user("alice", [sipDevice("alice-desk")]),
    user("bobby", [outsidePhone("+19175550101")]),
    user("carol", [outsidePhone("+19175550102")]),
  ],
  groups: [group("sales", ["alice", "bobby", "carol"])],
});

/** The switch shows winner and caller neither bridged nor parked. */
const NO_BRIDGE = {
  type: "resync",
  isInspection: true,
  caller: { media: "answered", parked: false, playing: false, transferredTo: null, bridgedTo: null },
} as const;
const NO_BRIDGE_LEG = { state: "answered", parked: false, playing: false, bridgedTo: null } as const;

describe("an arriving call", () => {
  it("is claimed before anything else happens to it", () => {
    const scene = new Scene({ office: THREE });
    expect(scene.types()).toEqual(["claim"]);
  });

  it("is left alone when another engine has it", () => {
    const scene = new Scene({ office: THREE });
    scene.input({ type: "claimed", won: false });
    expect(scene.commands).toEqual([]);
    expect(scene.state.ending).toEqual({ kind: "not_ours" });
  });

  it("is left to the switch's fallback when the claim is never answered", () => {
    const scene = new Scene({ office: THREE });
    scene.pass(60_000);
    // The claim may have been made all the same, and would keep the fallback from speaking.
    expect(scene.types()).toEqual(["release"]);
    expect(scene.state.phase.kind).toBe("ended");
  });

  it.each([
    ["E.164", ["+12125550100"]],
    ["with the country code", ["12125550100"]],
    ["ten digits", ["2125550100"]],
    ["with 00", ["0012125550100"]],
    ["with spaces and brackets", ["(212) 555 0100"]],
    ["in To, behind a trunk's name", ["trunk-7", "trunk-7", "+12125550100"]],
  ])("reaches its number written %s", (_how, dialled) => {
    const scene = Scene.begun({ office: THREE, arrival: { dialled } });
    expect(scene.dialled()).toEqual(["bob-desk", "carol-desk"]);
    expect(scene.state.caller.called).toBe(NUMBER);
  });

  it("to an unknown number hears that it cannot be completed, then gets 404", () => {
    const scene = Scene.begun({ office: THREE, arrival: { dialled: ["+12125559999"] } });
    expect(scene.commands).toMatchObject([
      { type: "play", channel: CALL_ID, sounds: ["cannot-be-completed"] },
    ]);
    const [play] = scene.commands;
    scene.input({ type: "played", playId: play?.type === "play" ? play.playId : "" });
    expect(scene.killed()).toEqual([[CALL_ID, "UNALLOCATED_NUMBER"]]);
    scene.input({ type: "caller_gone", cause: "UNALLOCATED_NUMBER" });
    expect(scene.state.ending).toEqual({ kind: "hung_up", reason: "unassigned" });
    expect(scene.types()).toEqual(["release"]);
  });
});

describe("a ring step", () => {
  it("connects the first who answers, in an order that cannot lose the caller", () => {
    const scene = Scene.begun({ office: THREE });
    expect(scene.state.caller.guarded).toBe(true);
    scene.answers("bob-desk");
    expect(scene.types()).toEqual(["answer_caller", "bridge"]);
    scene.bridges("bob-desk");
    expect(scene.state.answeredBy).toBe("bobby");
  });

  it.each([
    [
      "an offer that is still open",
      { codecs: "CORE_PCM_MODULE.PCMU@8000h,CORE_PCM_MODULE.PCMA@8000h" },
      "PCMA",
    ],
    ["an unknown offer", { codecs: "" }, null],
    ["media already", { codecs: "CORE_PCM_MODULE.PCMU@8000h", media: "early" as const }, null],
  ])("has a caller with %s answered with the winner's codec, or with any", (_what, arrival, codec) => {
    const scene = Scene.begun({ office: THREE, arrival });
    const { id } = scene.leg("bob-desk");
    scene.input({ type: "leg_answered", leg: id, codec: "PCMA" });
    const guards = scene.commands.filter(({ type }) => type === "guard_caller");
    expect(guards).toEqual(codec === null ? [] : [{ type: "guard_caller", codec }]);
  });

  it("lets losers ring until the bridge stands, and then tells them that the call was taken", () => {
    const scene = Scene.begun({ office: THREE });
    scene.answers("bob-desk");
    expect(scene.killed()).toEqual([]);
    const loser = scene.leg("carol-desk").id;
    scene.bridges("bob-desk");
    expect(scene.killed()).toEqual([[loser, "LOSE_RACE"]]);
  });

  it.each(["USER_BUSY", "CALL_REJECTED", "NO_USER_RESPONSE", "LOST", "A_CAUSE_NOBODY_KNOWS"])(
    "rolls over when every leg ended with %s",
    (cause) => {
      const scene = Scene.begun({ office: THREE });
      scene.ends("bob-desk", cause);
      expect(scene.dialled()).toEqual([]);
      scene.ends("carol-desk", cause);
      expect(scene.dialled()).toEqual(["alice-desk"]);
    },
  );

  it("rolls over on its timeout, with a plain cancel, so that the call shows as missed", () => {
    const scene = Scene.begun({ office: THREE });
    const legs = [scene.leg("bob-desk").id, scene.leg("carol-desk").id];
    scene.pass(19_999);
    expect(scene.commands).toEqual([]);
    scene.pass(1);
    expect(scene.killed()).toEqual(legs.map((leg) => [leg, "NO_ANSWER"]));
    expect(scene.dialled()).toEqual(["alice-desk"]);
  });

  it("without a timeout rings until the caller gives up", () => {
    const scene = Scene.begun({
      office: { ...THREE, numbers: office([ring(ALICE, null), HANG_UP]).numbers },
    });
    scene.pass(3_000_000);
    expect(scene.commands).toEqual([]);
    const leg = scene.leg("alice-desk").id;
    scene.input({ type: "caller_gone", cause: "ORIGINATOR_CANCEL" });
    expect(scene.killed()).toEqual([[leg, "ORIGINATOR_CANCEL"]]);
    scene.input({ type: "leg_ended", leg, cause: "ORIGINATOR_CANCEL" });
    expect(scene.state.ending).toEqual({ kind: "missed" });
  });

  it("rings nobody else when the legs were cancelled before the caller's end is reported", () => {
    const scene = Scene.begun({ office: THREE });
    for (const { id } of scene.state.legs) {
      scene.input({ type: "leg_ended", leg: id, cause: "ORIGINATOR_CANCEL" });
      expect(scene.types()).not.toContain("dial");
    }
    scene.pass(100);
    expect(scene.types()).not.toContain("dial");
    scene.input({ type: "caller_gone", cause: "ORIGINATOR_CANCEL" });
    expect(scene.state.ending).toEqual({ kind: "missed" });
    expect(scene.state.timers).toEqual({});
  });

  it("goes on half a second after its phones cancelled by themselves, if the caller is still there", () => {
    const scene = Scene.begun({ office: THREE });
    for (const { id } of scene.state.legs)
      scene.input({ type: "leg_ended", leg: id, cause: "ORIGINATOR_CANCEL" });
    scene.pass(CALLER_GONE_MS);
    expect(scene.dialled()).toEqual(["alice-desk"]);
  });

  it("rings every contact of a device", () => {
    const contacts = { "alice-desk": ["sofia/phones/sip:a@192.0.2.1", "sofia/phones/sip:a@192.0.2.2"] };
    const scene = Scene.begun({
      office: { ...THREE, numbers: office([ring(ALICE), HANG_UP]).numbers },
      contacts,
    });
    expect(scene.dialled()).toEqual(["alice-desk", "alice-desk"]);
  });

  it("goes on at once when no phone is registered, and says whom it did not ring", () => {
    const contacts = { "bob-desk": [], "carol-desk": [] };
    const scene = Scene.begun({ office: THREE, contacts });
    expect(scene.dialled()).toEqual(["alice-desk"]);
    const missed = scene.notes.filter((note) => note.kind === "not_rung").map((note) => note.whom.reason);
    expect(missed).toEqual(["not_registered", "not_registered"]);
  });

  it("rings a phone that registers meanwhile, and stops one that unregisters", () => {
    const scene = Scene.begun({ office: THREE, contacts: { "carol-desk": [] } });
    scene.contacts.set("carol-desk", ["sofia/phones/sip:c@192.0.2.9"]);
    scene.input({ type: "contacts_changed", sipName: "carol-desk" });
    expect(scene.dialled()).toEqual(["carol-desk"]);
    const leg = scene.leg("carol-desk").id;
    scene.contacts.set("carol-desk", []);
    scene.input({ type: "contacts_changed", sipName: "carol-desk" });
    expect(scene.killed()).toEqual([[leg, "NO_ANSWER"]]);
  });
});

describe("the moment of connection", () => {
  it("takes the caller back to ringing when the winner dies before the bridge", () => {
    const scene = Scene.begun({ office: THREE });
    scene.answers("bob-desk");
    scene.ends("bob-desk", "NORMAL_CLEARING");
    expect(scene.commands).toEqual([]); // not parked yet
    scene.input({ type: "caller_parked", transferredTo: null });
    expect(scene.types()).toEqual(["ringback"]);
    scene.answers("carol-desk");
    expect(scene.types()).toEqual(["stop_playing", "guard_caller", "bridge"]);
  });

  it("connects a second one who answered meanwhile, when the first dies", () => {
    const scene = Scene.begun({ office: THREE });
    scene.answers("bob-desk");
    expect(scene.answers("carol-desk")).toEqual([]);
    scene.ends("bob-desk", "NORMAL_CLEARING");
    scene.input({ type: "caller_parked", transferredTo: null });
    // The guard of before is used up by the park.
    expect(scene.types()).toEqual(["guard_caller", "bridge"]);
    scene.bridges("carol-desk");
    expect(scene.state.answeredBy).toBe("carol");
  });

  it("gives a winner up whose bridge never comes", () => {
    const scene = Scene.begun({ office: THREE });
    scene.answers("bob-desk");
    const leg = scene.leg("bob-desk").id;
    scene.pass(CONNECT_MS);
    // The bridge may have been made since the switch was asked last, so its answer is waited for.
    expect(scene.killed()).toEqual([]);
    expect(scene.types()).toContain("inspect");
    const legs = [{ ...NO_BRIDGE_LEG, id: leg }];
    // One that is being made may stand by the time that the answer is here.
    scene.input({ ...NO_BRIDGE, legs });
    expect(scene.killed()).toEqual([]);
    scene.input({ ...NO_BRIDGE, caller: { ...NO_BRIDGE.caller, parked: true }, legs });
    expect(scene.killed()).toContainEqual([leg, "NORMAL_CLEARING"]);
    expect(scene.types()).toContain("ringback");
  });

  it("asks the switch before it gives anybody up, and not for ever", () => {
    const scene = Scene.begun({ office: THREE });
    scene.answers("bob-desk");
    const { id } = scene.leg("bob-desk");
    const looks: number[] = [];
    for (let second = 1; second <= 10; second += 1) {
      scene.pass(1_000);
      if (!scene.types().includes("inspect")) continue;
      looks.push(second);
      scene.input({ ...NO_BRIDGE, legs: [{ ...NO_BRIDGE_LEG, id }] });
    }
    expect(looks).toEqual([2, 4, 5, 6, 7, 8, 9, 10]);
    expect(scene.state.phase).toMatchObject({ kind: "ringing", ring: { winner: null } });
  });

  it("gives nobody up as long as the switch does not answer: the two may be talking", () => {
    const scene = Scene.begun({ office: THREE });
    scene.answers("bob-desk");
    const { id } = scene.leg("bob-desk");
    scene.pass(2 * CONNECT_MS);
    expect(scene.killed()).toEqual([]);
    const caller = { ...NO_BRIDGE.caller, bridgedTo: id };
    scene.input({ ...NO_BRIDGE, caller, legs: [{ ...NO_BRIDGE_LEG, id }] });
    expect(scene.state.phase).toMatchObject({ kind: "connected", leg: id });
  });

  it("answers a caller again before the bridge, when nobody knows whether they were answered", () => {
    const scene = Scene.begun({ office: THREE });
    const { id } = scene.leg("bob-desk");
    scene.input({ type: "leg_answered", leg: id });
    scene.input({ type: "answer_unknown" });
    scene.input({ type: "leg_parked", leg: id });
    expect(scene.types()).toEqual(["answer_caller", "bridge"]);
  });

  it("lets a caller who was answered hear ringing while a winner takes its time, and then connects", () => {
    const scene = Scene.begun({ office: THREE });
    const { id } = scene.leg("bob-desk");
    scene.input({ type: "leg_answered", leg: id });
    scene.pass(CONNECT_TONE_MS);
    expect(scene.types()).toEqual(["ringback"]);
    scene.pass(CONNECT_INSPECT_MS - CONNECT_TONE_MS);
    expect(scene.types()).toEqual(["inspect"]);
    const here = {
      media: "answered",
      parked: true,
      playing: true,
      transferredTo: null,
      bridgedTo: null,
    } as const;
    const leg = { id, state: "answered", parked: false, playing: false, bridgedTo: null } as const;
    scene.input({ type: "resync", isInspection: true, caller: here, legs: [leg] });
    expect(scene.types()).toEqual([]);
    scene.input({ type: "leg_parked", leg: id });
    expect(scene.types()).toEqual(["stop_playing", "guard_caller", "bridge"]);
  });

  it("ends no leg for a look that does not find it: it may only just have been dialled", () => {
    const scene = Scene.begun({ office: THREE });
    const { id } = scene.leg("bob-desk");
    scene.answers("bob-desk");
    scene.pass(CONNECT_INSPECT_MS);
    scene.input({
      type: "resync",
      isInspection: true,
      caller: { media: "answered", parked: false, playing: false, transferredTo: null, bridgedTo: null },
      legs: [{ id, state: "answered", parked: false, playing: false, bridgedTo: null }],
    });
    expect(scene.leg("carol-desk").phase).toBe("dialing");
  });

  it("ends the winner's leg at once when the caller is gone", () => {
    const scene = Scene.begun({ office: THREE });
    scene.answers("bob-desk");
    const leg = scene.leg("bob-desk").id;
    scene.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    expect(scene.killed()).toContainEqual([leg, "NORMAL_CLEARING"]);
  });

  it("does not wait for a caller who never left park, when the winner dies before the switch is asked", () => {
    const scene = Scene.begun({ office: THREE });
    scene.answers("bob-desk");
    const { id } = scene.leg("bob-desk");
    scene.ends("bob-desk", "NORMAL_CLEARING");
    scene.input({ type: "bridge_refused", leg: id });
    expect(scene.types()).toEqual(["ringback"]);
  });

  it("goes on with the next when the switch refuses to bridge", () => {
    const scene = Scene.begun({ office: THREE });
    scene.answers("bob-desk");
    scene.input({ type: "bridge_refused", leg: scene.leg("bob-desk").id });
    expect(scene.types()).toEqual(["kill", "ringback"]);
  });
});

describe("the accept prompt", () => {
  it("is what an outside phone hears before it is connected, and a SIP phone does not", () => {
    const scene = Scene.begun({ office: ASKED });
    scene.answers("+19175550101");
    expect(scene.types()).toEqual(["flush_digits", "play"]);
    expect(scene.presses("+19175550101", "1").map(({ type }) => type)).toEqual([
      "stop_playing",
      "answer_caller",
      "bridge",
    ]);
  });

  it("does not take a key that was pressed before it played", () => {
    const scene = Scene.begun({ office: ASKED });
    const { id } = scene.leg("+19175550101");
    scene.input({ type: "leg_answered", leg: id });
    scene.input({ type: "digit", channel: id, digit: "1" });
    scene.input({ type: "leg_parked", leg: id });
    scene.input({ type: "digit", channel: id, digit: "1" });
    expect(scene.leg("+19175550101").phase).toBe("deciding");
  });

  it("never connects a machine that answers: silence ends that leg alone", () => {
    const scene = Scene.begun({ office: ASKED, contacts: { "alice-desk": [] } });
    scene.answers("+19175550101");
    const machine = scene.leg("+19175550101").id;
    scene.pass(19_000);
    expect(scene.leg("+19175550102").phase).toBe("dialing");
    scene.pass(DECIDE_MS - 19_000);
    expect(scene.killed()).toContainEqual([machine, "NORMAL_CLEARING"]);
    expect(scene.state.answeredBy).toBeNull();
  });

  it("gives who answers in the last second the whole decision clock, while the caller waits", () => {
    const scene = Scene.begun({ office: ASKED });
    scene.pass(19_000);
    scene.answers("+19175550101");
    scene.pass(2_000);
    expect(scene.state.phase.kind).toBe("ringing");
    scene.pass(10_000);
    expect(scene.presses("+19175550101", "1").map(({ type }) => type)).toContain("bridge");
  });

  it("declined with 2 ends this leg alone", () => {
    const scene = Scene.begun({ office: ASKED });
    const { id } = scene.leg("+19175550101");
    scene.answers("+19175550101");
    scene.presses("+19175550101", "2");
    expect(scene.killed()).toEqual([[id, "CALL_REJECTED"]]);
    expect(scene.state.phase.kind).toBe("ringing");
  });

  it("hung up in leaves the others ringing, and rolls over when it was the last", () => {
    const scene = Scene.begun({ office: ASKED, contacts: { "alice-desk": [] } });
    scene.answers("+19175550101");
    scene.ends("+19175550101", "NORMAL_CLEARING");
    expect(scene.leg("+19175550102").phase).toBe("dialing");
    scene.answers("+19175550102");
    scene.ends("+19175550102", "NORMAL_CLEARING");
    expect(scene.killed()).toEqual([[CALL_ID, "NO_ANSWER"]]);
  });

  it("is repeated at most twice for other keys", () => {
    const scene = Scene.begun({ office: ASKED });
    scene.answers("+19175550101");
    const plays = [1, 2, 3, 4].map(
      () => scene.presses("+19175550101", "7").filter(({ type }) => type === "play").length,
    );
    expect(plays).toEqual([1, 1, 0, 0]);
  });

  it("takes a key pressed in the pause before a repetition", () => {
    const scene = Scene.begun({ office: ASKED });
    scene.answers("+19175550101");
    const { id } = scene.leg("+19175550101");
    scene.input({ type: "play_began", channel: id });
    scene.input({ type: "played", playId: scene.leg("+19175550101").playId ?? "" });
    const commands = scene.input({ type: "digit", channel: id, digit: "1" });
    expect(commands.map(({ type }) => type)).toContain("bridge");
  });

  it("with 3 sends the caller on, where the step allows it", () => {
    const skipping = office([ring(SALES, 20_000, { skip: true }), ring(ALICE), HANG_UP], {
      users: ASKED.users,
      groups: ASKED.groups,
    });
    const scene = Scene.begun({ office: skipping, contacts: {} });
    scene.answers("+19175550101");
    scene.presses("+19175550101", "3");
    expect(scene.dialled()).toEqual(["alice-desk"]);
  });

  it("lets only the first 1 win; who loses hears that the call was taken", () => {
    const scene = Scene.begun({ office: ASKED });
    scene.answers("+19175550101");
    scene.answers("+19175550102");
    scene.presses("+19175550101", "1");
    expect(scene.presses("+19175550102", "1").map(({ type }) => type)).toEqual(["stop_playing"]);
    scene.bridges("+19175550101");
    const loser = scene.leg("+19175550102");
    expect(loser.phase).toBe("releasing");
    scene.input({ type: "played", playId: loser.playId ?? "" });
    expect(scene.killed()).toEqual([[loser.id, "LOSE_RACE"]]);
  });
});

describe("who answers a number outside", () => {
  const CELL = "+19175550133";
  const sent = office([{ kind: "send", target: { kind: "number", number: CELL } }]);

  it("must press 1 when a flow sends the caller there: a mobile's mailbox never gets the call", () => {
    const scene = Scene.begun({ office: sent });
    scene.answers(CELL);
    expect(scene.types()).toEqual(["flush_digits", "play"]);
  });

  it("need not, when somebody of the office dialled it", () => {
    const anOffice = { ...sent, users: [user("alice", [sipDevice("desk")], { outboundNumber: NUMBER })] };
    const arrival = { origin: { kind: "phone", sipName: "desk" }, dialled: [CELL] } as const;
    const scene = Scene.begun({ office: anOffice, arrival });
    scene.answers(CELL);
    expect(scene.types()).toContain("bridge");
  });

  it("hears an unknown caller where the number is a machine's name for itself", () => {
    const scene = Scene.begun({ office: sent, arrival: { callerNumber: "1234567890123456789012345678" } });
    scene.answers(CELL);
    expect(scene.commands).toMatchObject([
      {},
      { type: "play", sounds: expect.arrayContaining(["unknown-caller"]) },
    ]);
  });
});

describe("late joining", () => {
  it("does not ring again who declined, when another contact of that name changes", () => {
    const a = "sofia/phones/sip:b@192.0.2.1";
    const b = "sofia/phones/sip:b@192.0.2.2";
    const scene = Scene.begun({ office: THREE, contacts: { "bob-desk": [a] } });
    scene.ends("bob-desk", "CALL_REJECTED");
    scene.contacts.set("bob-desk", [a, b]);
    scene.input({ type: "contacts_changed", sipName: "bob-desk" });
    expect(scene.commands).toMatchObject([{ type: "dial", dial: { url: b } }]);
  });

  it("rings a contact again that went and came back", () => {
    const a = "sofia/phones/sip:b@192.0.2.1";
    const scene = Scene.begun({ office: THREE, contacts: { "bob-desk": [a] } });
    scene.contacts.set("bob-desk", []);
    scene.input({ type: "contacts_changed", sipName: "bob-desk" });
    scene.contacts.set("bob-desk", [a]);
    scene.input({ type: "contacts_changed", sipName: "bob-desk" });
    expect(scene.dialled()).toEqual(["bob-desk"]);
  });
});

describe("the end of a call", () => {
  it("kills a leg again until the switch confirms it, and then gives it up", () => {
    const scene = Scene.begun({ office: THREE });
    scene.input({ type: "caller_gone", cause: "ORIGINATOR_CANCEL" });
    const kills = scene.pass(60_000).filter(({ type }) => type === "kill");
    expect(kills).toHaveLength(2 * (KILLS_MAX - 1));
    expect(scene.state.phase.kind).toBe("ended");
  });

  it("goes on killing a caller as long as the switch does not answer, and gives up one who outlives it", () => {
    const scene = Scene.begun({ office: THREE });
    for (const to of ["bob-desk", "carol-desk"]) scene.ends(to, "USER_BUSY");
    scene.ends("alice-desk", "USER_BUSY");
    expect(scene.state.phase.kind).toBe("ending");
    scene.pass(120_000);
    expect(scene.state.phase.kind).toBe("ending");
    const caller = {
      media: "none",
      parked: true,
      playing: false,
      transferredTo: null,
      bridgedTo: null,
    } as const;
    scene.input({ type: "resync", caller, legs: [] });
    expect(scene.killed()).toHaveLength(1);
    expect(scene.types()).toContain("inspect");
    scene.input({ type: "resync", isInspection: true, caller, legs: [] });
    expect(scene.state.phase.kind).toBe("ended");
  });

  it("kills a leg that only now turns out to exist", () => {
    const scene = Scene.begun({ office: THREE });
    const { id } = scene.leg("bob-desk");
    scene.pass(20_000);
    scene.input({ type: "leg_ringing", leg: id });
    expect(scene.killed()).toEqual([[id, "NO_ANSWER"]]);
  });

  it("after a conversation waits for the switch, and hangs the caller up if it does not", () => {
    const scene = Scene.begun({ office: THREE });
    scene.answers("bob-desk");
    scene.bridges("bob-desk");
    const { id } = scene.leg("bob-desk");
    scene.input({ type: "leg_ended", leg: id, cause: "NORMAL_CLEARING" });
    const apart = {
      type: "resync",
      isInspection: true,
      caller: { media: "answered", parked: false, playing: false, transferredTo: null, bridgedTo: null },
      legs: [],
    } as const;
    for (let look = 1; look <= 2; look += 1) {
      scene.pass(2_000);
      expect(scene.types()).toContain("inspect");
      expect(scene.killed()).not.toContainEqual([CALL_ID, "NORMAL_CLEARING"]);
      scene.input(apart);
    }
    scene.pass(2_000);
    expect(scene.killed()).toContainEqual([CALL_ID, "NORMAL_CLEARING"]);
    scene.input({ type: "caller_gone", cause: "NORMAL_CLEARING" });
    expect(scene.state.ending).toEqual({ kind: "answered", by: "bobby" });
  });

  it("after a conversation hangs nobody up for inspections that the switch has not answered", () => {
    const scene = Scene.begun({ office: THREE });
    scene.answers("bob-desk");
    scene.bridges("bob-desk");
    scene.ends("carol-desk", "LOSE_RACE");
    scene.ends("bob-desk", "ATTENDED_TRANSFER");
    for (let look = 1; look <= 10; look += 1) expect(scene.pass(2_000)).toEqual([{ type: "inspect" }]);
    expect(scene.state.phase.kind).toBe("connected");
  });

  it("after an attended transfer goes on with the other channel, and waits for the first leg's end", () => {
    const scene = Scene.begun({ office: THREE });
    scene.answers("bob-desk");
    scene.bridges("bob-desk");
    const { id } = scene.leg("bob-desk");
    scene.ends("carol-desk", "LOSE_RACE");
    scene.input({ type: "bridged", leg: "99999999-2222-4333-8444-000000000000" });
    expect(scene.killed()).toEqual([]);
    scene.input({ type: "leg_ended", leg: id, cause: "ATTENDED_TRANSFER" });
    scene.pass(60_000);
    expect(scene.state.phase.kind).toBe("connected");
    expect(scene.killed()).toEqual([]);
  });

  it("after an attended transfer of which nothing was heard believes the switch, and hangs nobody up", () => {
    const scene = Scene.begun({ office: THREE });
    scene.answers("bob-desk");
    scene.bridges("bob-desk");
    scene.ends("carol-desk", "LOSE_RACE");
    scene.ends("bob-desk", "ATTENDED_TRANSFER");
    scene.pass(2_000);
    expect(scene.types()).toEqual(["inspect"]);
    const other = "99999999-2222-4333-8444-000000000000";
    const caller = {
      media: "answered",
      parked: false,
      playing: false,
      transferredTo: null,
      bridgedTo: other,
    } as const;
    scene.input({ type: "resync", isInspection: true, caller, legs: [] });
    scene.pass(60_000);
    expect(scene.killed()).toEqual([]);
    expect(scene.state.phase).toMatchObject({ kind: "connected", leg: other });
  });

  it("after a conversation hangs up who waits in park, as soon as the switch says so", () => {
    const scene = Scene.begun({ office: THREE });
    scene.answers("bob-desk");
    scene.bridges("bob-desk");
    scene.ends("carol-desk", "LOSE_RACE");
    scene.ends("bob-desk", "NORMAL_CLEARING");
    scene.pass(2_000);
    const caller = {
      media: "answered",
      parked: true,
      playing: false,
      transferredTo: null,
      bridgedTo: null,
    } as const;
    scene.input({ type: "resync", isInspection: true, caller, legs: [] });
    expect(scene.killed()).toEqual([[CALL_ID, "NORMAL_CLEARING"]]);
  });

  it("counts timers that nobody armed, and is not moved by them", () => {
    const scene = Scene.begun({ office: THREE });
    scene.input({ type: "timer", id: "connect" });
    expect(scene.commands).toEqual([]);
    expect(scene.state.staleTimers).toBe(1);
  });

  it("cuts a call that goes in circles with an apology, never with silence", () => {
    const circle = office([{ kind: "send", target: { kind: "flow", id: "one" } }], {
      flows: {
        one: [{ kind: "send", target: { kind: "flow", id: "two" } }],
        two: [{ kind: "send", target: { kind: "flow", id: "one" } }],
      },
    });
    const scene = Scene.begun({ office: circle });
    expect(scene.commands).toMatchObject([{ type: "play", sounds: ["apology"] }]);
    expect(scene.state.hops).toBe(HOPS_MAX);
  });
});

describe("when the connection comes back", () => {
  const GONE = { type: "resync", caller: null, legs: [] } as const;
  const HERE = { media: "none", parked: true, playing: false, transferredTo: null, bridgedTo: null } as const;
  const PARKED = { state: "answered", parked: true, playing: false, bridgedTo: null } as const;

  it("ends a call whose caller is gone", () => {
    const scene = Scene.begun({ office: THREE });
    for (const to of ["bob-desk", "carol-desk"]) scene.input({ type: "leg_ringing", leg: scene.leg(to).id });
    scene.input(GONE);
    expect(scene.types()).toEqual(["release", "missed_call"]);
    expect(scene.state.ending).toEqual({ kind: "missed" });
  });

  it("kills what was only just dialled until it is gone, since the switch may make it yet", () => {
    const scene = Scene.begun({ office: THREE });
    const legs = ["bob-desk", "carol-desk"].map((to) => scene.leg(to).id);
    scene.input(GONE);
    expect(scene.killed()).toEqual(legs.map((leg) => [leg, "ORIGINATOR_CANCEL"]));
    scene.pass(1_000);
    expect(scene.killed()).toHaveLength(2);
    for (const leg of legs) scene.input({ type: "leg_ended", leg, cause: "ORIGINATOR_CANCEL" });
    expect(scene.types()).toEqual(["release", "missed_call"]);
  });

  it("kills a leg that was taken for lost, and answers", () => {
    const scene = Scene.begun({ office: THREE });
    const { id } = scene.leg("bob-desk");
    scene.ends("bob-desk", "LOST");
    scene.input({ type: "leg_answered", leg: id });
    expect(scene.killed()).toEqual([[id, "NORMAL_CLEARING"]]);
  });

  it("connects who answered meanwhile", () => {
    const scene = Scene.begun({ office: THREE });
    const { id } = scene.leg("carol-desk");
    scene.input({
      type: "resync",
      caller: HERE,
      legs: [{ id, ...PARKED }],
    });
    expect(scene.types()).toEqual(["answer_caller", "guard_caller", "bridge"]);
  });

  it("rolls over when every leg is gone", () => {
    const scene = Scene.begun({ office: THREE });
    for (const to of ["bob-desk", "carol-desk"]) scene.input({ type: "leg_ringing", leg: scene.leg(to).id });
    scene.input({ type: "resync", caller: HERE, legs: [] });
    expect(scene.dialled()).toEqual(["alice-desk"]);
  });

  it("looks several times for legs that were only just dialled, rolls over after that, and ends what appears then", () => {
    const scene = Scene.begun({ office: THREE });
    const legs = ["bob-desk", "carol-desk"].map((to) => scene.leg(to).id);
    scene.input({ type: "resync", caller: HERE, legs: [] });
    for (let look = 2; look <= LOOKS_BEFORE_LOST; look += 1) {
      expect([scene.dialled(), scene.killed()]).toEqual([[], []]);
      expect(scene.pass(LOOK_AGAIN_MS)).toEqual([{ type: "inspect" }]);
      scene.input({ type: "resync", isInspection: true, caller: HERE, legs: [] });
    }
    expect(scene.dialled()).toEqual(["alice-desk"]);
    expect(scene.killed()).toEqual(legs.map((leg) => [leg, "NORMAL_CLEARING"]));
    scene.input({ type: "leg_ringing", leg: legs[0] ?? "" });
    expect(scene.killed()).toEqual([[legs[0], "NORMAL_CLEARING"]]);
  });

  it("connects a leg that no inspection has shown before it answers", () => {
    const scene = Scene.begun({ office: THREE });
    const { id } = scene.leg("bob-desk");
    scene.input({ type: "resync", caller: HERE, legs: [] });
    scene.pass(LOOK_AGAIN_MS);
    scene.input({ type: "resync", isInspection: true, caller: HERE, legs: [] });
    scene.answers("bob-desk");
    expect(scene.types()).toContain("bridge");
    scene.bridges("bob-desk");
    expect(scene.state.phase).toMatchObject({ kind: "connected", leg: id });
  });

  it("asks again when an inspection that looks for legs is not answered, and counts nothing", () => {
    const scene = Scene.begun({ office: THREE });
    scene.input({ type: "resync", caller: HERE, legs: [] });
    expect(scene.pass(LOOK_AGAIN_MS)).toEqual([{ type: "inspect" }]);
    for (let look = 1; look <= 5; look += 1) expect(scene.pass(INSPECTION_MS)).toEqual([{ type: "inspect" }]);
    expect(scene.leg("bob-desk")).toMatchObject({ phase: "dialing", unseen: 1 });
  });

  it("takes no leg for lost that an outdated inspection does not show", () => {
    const scene = Scene.begun({ office: THREE });
    for (const to of ["bob-desk", "carol-desk"]) scene.input({ type: "leg_ringing", leg: scene.leg(to).id });
    scene.input({ type: "resync", isOutdated: true, caller: HERE, legs: [] });
    expect(scene.leg("bob-desk").phase).toBe("ringing");
    expect(scene.pass(LOOK_AGAIN_MS)).toEqual([{ type: "inspect" }]);
    scene.input({ type: "resync", isInspection: true, caller: HERE, legs: [] });
    expect(scene.dialled()).toEqual(["alice-desk"]);
  });

  it("finds a bridge that came to stand", () => {
    const scene = Scene.begun({ office: THREE });
    scene.answers("bob-desk");
    const { id } = scene.leg("bob-desk");
    scene.input({
      type: "resync",
      caller: { ...HERE, parked: false, bridgedTo: id },
      legs: [{ id, ...PARKED, parked: false, bridgedTo: CALL_ID }],
    });
    expect(scene.state.phase.kind).toBe("connected");
  });

  it("leaves a bridge alone that is being made", () => {
    const scene = Scene.begun({ office: THREE });
    scene.answers("bob-desk");
    const { id } = scene.leg("bob-desk");
    const legs = [{ id, ...PARKED, parked: false }];
    scene.input({ type: "resync", caller: { ...HERE, media: "answered", parked: false }, legs });
    expect(scene.types()).not.toContain("bridge");
    scene.bridges("bob-desk");
    expect(scene.state.phase.kind).toBe("connected");
  });

  it("connects anew whom the switch was never told to connect, the caller guarded and answered first", () => {
    const scene = Scene.begun({ office: THREE });
    scene.answers("bob-desk");
    const { id } = scene.leg("bob-desk");
    scene.input({ type: "resync", caller: HERE, legs: [{ id, ...PARKED }] });
    expect(scene.types()).toEqual(["answer_caller", "guard_caller", "bridge"]);
  });

  it("answers a caller first whose answer was lost with the connection, though their winner has parked meanwhile", () => {
    const scene = Scene.begun({ office: THREE });
    const { id } = scene.leg("bob-desk");
    scene.input({ type: "leg_answered", leg: id });
    expect(scene.types()).toEqual(["answer_caller"]);
    scene.input({ type: "resync", caller: HERE, legs: [{ id, ...PARKED }] });
    expect(scene.types()).toEqual(["answer_caller", "guard_caller", "bridge"]);
  });

  it("dials again what the switch was never told to dial, and nothing that ended meanwhile", () => {
    const scene = Scene.begun({ office: THREE });
    const never = scene.leg("bob-desk").id;
    scene.input({ type: "leg_ringing", leg: scene.leg("carol-desk").id });
    scene.input({ type: "resync", caller: HERE, legs: [], undialled: [never] });
    expect(scene.dialled()).toEqual(["bob-desk"]);
    expect(scene.leg("bob-desk").id).not.toBe(never);
  });

  it("asks again who was being asked, since their key may be lost", () => {
    const scene = Scene.begun({ office: ASKED });
    scene.answers("+19175550101");
    const { id } = scene.leg("+19175550101");
    scene.input({ type: "resync", caller: HERE, legs: [{ id, ...PARKED }] });
    expect(scene.commands).toContainEqual(expect.objectContaining({ type: "play", channel: id }));
  });

  it("plays the ringing to a caller who was given media meanwhile", () => {
    const scene = Scene.begun({ office: THREE });
    const legs = ["bob-desk", "carol-desk"].map(
      (to) => ({ ...PARKED, id: scene.leg(to).id, state: "ringing", parked: false }) as const,
    );
    scene.input({ type: "resync", caller: { ...HERE, media: "answered" }, legs });
    expect(scene.types()).toEqual(["ringback"]);
  });

  it("ends legs of which the call knows nothing", () => {
    const scene = Scene.begun({ office: THREE });
    scene.input({
      type: "resync",
      caller: HERE,
      legs: [{ id: "99999999-2222-4333-8444-000000000000", ...PARKED, state: "ringing", parked: false }],
    });
    expect(scene.killed()).toContainEqual(["99999999-2222-4333-8444-000000000000", "NORMAL_CLEARING"]);
  });
});
