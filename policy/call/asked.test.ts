/** A call about which the switch asks: what the answer is, how the claim is confirmed, and what the switch rings itself. */
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
import type { Office } from "../office/office.js";
import type { Step } from "../steps/types.js";
import { ASKED_MS, CLAIM_MS } from "./bounds.js";
import { derivedId } from "./derived-id.js";
import { step } from "./machine.js";

const SALES = { kind: "group", id: "sales" } as const;
const HANG_UP: Step = { kind: "hangup", reason: "no_answer" };
const RING: Step = { kind: "ring", target: SALES, timeoutMs: 20_000, skip: false };

function sales(
  devices: Readonly<Record<string, ReturnType<typeof sipDevice>>>,
  steps = [RING, HANG_UP],
): Office {
  const names = Object.keys(devices);
  return office(steps, {
    users: names.map((name) => user(name, [devices[name] ?? sipDevice(name)])),
    groups: [group("sales", names)],
  });
}

const TWO = sales({ alice: sipDevice("alice-desk"), bobby: sipDevice("bob-desk") });
/** A desk phone that rings at once, a mobile that is asked to accept, and a desk phone that rings later. */
const MIXED = sales({
  alice: sipDevice("alice-desk"),
  bobby: outsidePhone("+19175550101"),
  carol: sipDevice("carol-desk", { delayMs: 3_000 }),
});

function asked(where: Office): Scene {
  return new Scene({ office: where, asked: true });
}

/** The types of a scene's commands, those included that Scene leaves out. */
function natively(scene: Scene): string[] {
  return scene.state.legs
    .filter(({ native }) => native)
    .map(({ dial }) => (dial.kind === "contact" ? dial.sip : dial.number));
}

const PARKED = { type: "caller_parked", transferredTo: null } as const;
const UNMARKED = { ...PARKED, unmarked: true } as const;
const IN_SWITCH = {
  media: "none",
  parked: false,
  playing: false,
  transferredTo: null,
  bridgedTo: null,
} as const;

describe("the answer to the switch's question", () => {
  it("lets the switch ring the phones that ring at once and need no prompt, and claims nothing by command", () => {
    const scene = asked(MIXED);
    expect(scene.types()).toEqual(["dial", "dial"]);
    expect(natively(scene)).toEqual(["alice-desk"]);
    expect(scene.dialled()).toEqual(["alice-desk", "+19175550101"]);
    expect(scene.state.caller).toMatchObject({ asked: true, parked: false });
  });

  it.each<[string, Step[]]>([
    ["an announcement", [{ kind: "announce", sound: "closed" }, RING, HANG_UP]],
    ["a mailbox", [{ kind: "voicemail", target: SALES }]],
    ["a hangup", [HANG_UP]],
  ])("is to park the caller when the call begins with %s", (_what, steps) => {
    const scene = asked(sales({ alice: sipDevice("alice-desk") }, steps));
    expect(scene.commands).toEqual([]);
    expect(scene.state.phase.kind).toBe("claiming");
    expect(scene.notes.map(({ kind }) => kind)).toEqual(["arrived"]);
    scene.input(PARKED);
    expect(scene.types().length).toBeGreaterThan(0);
    expect(scene.notes.filter(({ kind }) => kind === "arrived")).toHaveLength(1);
  });

  it("leaves a caller unguarded for whom only the switch rings, and guards one for whom a leg of our own rings", () => {
    expect(asked(TWO).state.caller.guarded).toBe(false);
    expect(asked(MIXED).state.caller.guarded).toBe(true);
  });

  it("of a member who rings first in order is that member's phones alone", () => {
    const inOrder = { ...TWO, groups: [group("sales", ["alice", "bobby"], { strategy: "in_order" })] };
    const scene = asked(inOrder);
    expect(natively(scene)).toEqual(["alice-desk"]);
    scene.input({ type: "leg_ringing", leg: scene.leg("alice-desk").id });
    scene.input({ type: "leg_ended", leg: scene.leg("alice-desk").id, cause: "USER_BUSY" });
    expect(scene.dialled()).toEqual([]);
    scene.input(PARKED);
    expect(scene.dialled()).toEqual(["bob-desk"]);
    expect(scene.leg("bob-desk").native).toBe(false);
  });
});

describe("the claim that the switch makes", () => {
  it.each<[string, (scene: Scene) => Parameters<Scene["input"]>[0]]>([
    ["a phone rings", (scene) => ({ type: "leg_ringing", leg: scene.leg("alice-desk").id })],
    [
      "a phone is busy",
      (scene) => ({ type: "leg_ended", leg: scene.leg("alice-desk").id, cause: "USER_BUSY" }),
    ],
    ["two are connected", (scene) => ({ type: "bridged", leg: scene.leg("bob-desk").id })],
    ["the caller parks", () => PARKED],
    ["an inspection shows it", () => ({ type: "resync", caller: { ...IN_SWITCH, isRung: true }, legs: [] })],
  ])("is confirmed when %s", (_what, input) => {
    const scene = asked(TWO);
    scene.input(input(scene));
    expect(scene.state.caller.asked).toBe(false);
    expect(scene.types()).not.toContain("claim");
  });

  it("is asked for when nothing shows it", () => {
    const scene = asked(TWO);
    scene.pass(ASKED_MS);
    expect(scene.types()).toEqual(["inspect"]);
    // The switch still waits for an answer.
    scene.input({ type: "resync", isInspection: true, caller: { ...IN_SWITCH, unmarked: true }, legs: [] });
    scene.pass(ASKED_MS);
    expect(scene.types()).toEqual(["inspect"]);
  });

  it.each<[string, Parameters<Scene["input"]>[0]]>([
    ["the caller parks without our mark", UNMARKED],
    [
      "an inspection shows them parked without it",
      { type: "resync", caller: { ...IN_SWITCH, parked: true, unmarked: true }, legs: [] },
    ],
  ])("is made by command when %s; then phones are rung by legs of our own", (_what, input) => {
    const scene = asked(MIXED);
    scene.input(input);
    expect(scene.types()).toEqual(["claim"]);
    scene.input({ type: "claimed", won: true });
    expect(scene.dialled()).toEqual(["alice-desk"]);
    expect(natively(scene)).toEqual([]);
    scene.answers("alice-desk");
    expect(scene.types()).toContain("bridge");
  });

  it.each([
    ["another engine has it", (scene: Scene) => scene.input({ type: "claimed", won: false })],
    ["no reply comes", (scene: Scene) => scene.pass(CLAIM_MS)],
  ])("is given up when %s, and nothing rings on", (_what, happens) => {
    const scene = asked(MIXED);
    const own = scene.state.legs.filter(({ native }) => !native).map(({ id }) => id);
    const natives = scene.state.legs.filter(({ native }) => native).map(({ id }) => id);
    expect([own.length, natives.length]).toEqual([1, 1]);
    scene.input(UNMARKED);
    happens(scene);
    const killed = scene.killed().map(([id]) => id);
    expect(killed).toEqual(expect.arrayContaining(own));
    // The switch has not dialled these. Another engine may ring a leg of the same id by now.
    for (const id of natives) expect(killed).not.toContain(id);
    expect(scene.state.ending).toEqual({ kind: "not_ours" });
  });

  it("is given up when another engine has connected the caller before its claim is refused", () => {
    const scene = asked(TWO);
    scene.input(UNMARKED);
    scene.input({ type: "bridged", leg: "99999999-2222-4333-8444-555555555555" });
    expect(scene.state.ending).toBeNull();
    scene.input({ type: "claimed", won: false });
    expect(scene.state.ending).toEqual({ kind: "not_ours" });
    expect(scene.killed()).toEqual([]);
  });

  it("is no reason to touch the caller before it is certain", () => {
    const scene = asked(
      sales({ bobby: outsidePhone("+19175550101", { accept: "never" }), alice: sipDevice("a") }, [
        { ...RING, kind: "ring", accept: "always" } as Step,
        HANG_UP,
      ]),
    );
    scene.answers("a");
    scene.presses("a", "1");
    expect(scene.types()).not.toContain("answer_caller");
    scene.input(PARKED);
    expect(scene.types()).toEqual(["answer_caller", "guard_caller", "bridge"]);
  });
});

it("rings phones by legs of our own for a caller whose name has an apostrophe", () => {
  const scene = new Scene({ office: TWO, asked: true, arrival: { callerName: "Pat O'Brien" } });
  expect(scene.state.legs.map(({ native }) => native)).toEqual([false, false]);
});

describe("while the switch rings phones", () => {
  it("the one that answers has the caller without any command", () => {
    const scene = asked(TWO);
    const { id } = scene.leg("bob-desk");
    for (const type of ["leg_ringing", "leg_answered", "bridged"] as const) {
      scene.input({ type, leg: id });
      expect(scene.types().filter((command) => command !== "remember_answered")).toEqual([]);
    }
    expect(scene.state.phase).toMatchObject({ kind: "connected", leg: id });
    expect(scene.pass(60_000).map(({ type }) => type)).not.toContain("unguard_caller");
  });

  it("of two that answer at once the switch's choice counts, whatever came first", () => {
    const scene = asked(TWO);
    const [alice, bobby] = [scene.leg("alice-desk").id, scene.leg("bob-desk").id];
    scene.input({ type: "leg_answered", leg: alice });
    scene.input({ type: "leg_answered", leg: bobby });
    scene.input({ type: "leg_ended", leg: alice, cause: "LOSE_RACE" });
    scene.input({ type: "bridged", leg: bobby });
    expect(scene.state.answeredBy).toBe("bobby");
    expect(scene.notes.map(({ kind }) => kind)).not.toContain("winner_lost");
    expect(scene.commands.filter(({ type }) => type === "kill")).toEqual([]);
  });

  it("the others ring again when the one that the switch has chosen is lost before it is connected", () => {
    const scene = asked(TWO);
    const [alice, bobby] = [scene.leg("alice-desk").id, scene.leg("bob-desk").id];
    scene.input({ type: "leg_answered", leg: alice });
    scene.input({ type: "leg_ended", leg: bobby, cause: "LOSE_RACE" });
    scene.input({ type: "leg_ended", leg: alice, cause: "NORMAL_CLEARING" });
    expect(scene.commands).toEqual([]);
    scene.input(PARKED);
    expect(scene.dialled()).toEqual(["bob-desk"]);
    expect(scene.leg("bob-desk").native).toBe(false);
    expect(scene.state.phase.kind).toBe("ringing");
  });

  it("one that leaves is ended", () => {
    const scene = asked(TWO);
    scene.contacts.set("bob-desk", []);
    scene.input({ type: "contacts_changed", sipName: "bob-desk" });
    expect(scene.killed()).toEqual([[scene.leg("bob-desk").id, "NO_ANSWER"]]);
  });

  it("one that joins late rings by a leg of our own", () => {
    const scene = new Scene({ office: TWO, asked: true, contacts: { "bob-desk": [] } });
    expect(natively(scene)).toEqual(["alice-desk"]);
    scene.contacts.set("bob-desk", ["sofia/phones/sip:bob@192.0.2.7"]);
    scene.input({ type: "contacts_changed", sipName: "bob-desk" });
    expect(scene.dialled()).toEqual(["bob-desk"]);
    expect(scene.leg("bob-desk").native).toBe(false);
    expect(scene.state.caller.guarded).toBe(true);
  });

  it("the step's time ends them, and the flow goes on when the caller has parked", () => {
    const scene = asked(TWO);
    for (const name of ["alice-desk", "bob-desk"])
      scene.input({ type: "leg_ringing", leg: scene.leg(name).id });
    scene.pass(20_000);
    expect(scene.killed().map(([, cause]) => cause)).toEqual(["NO_ANSWER", "NO_ANSWER"]);
    for (const name of ["alice-desk", "bob-desk"]) scene.ends(name, "NO_ANSWER");
    expect(scene.state.phase.kind).toBe("ringing");
    scene.input(PARKED);
    expect(scene.killed()).toEqual([[CALL_ID, "NO_ANSWER"]]);
  });

  it("a caller who does not park when all have ended is asked for, never taken for parked", () => {
    const scene = asked(TWO);
    for (const name of ["alice-desk", "bob-desk"]) scene.ends(name, "USER_BUSY");
    expect(scene.pass(10_000).map(({ type }) => type)).toEqual(Array(5).fill("inspect"));
    scene.input({ type: "resync", isInspection: true, caller: { ...IN_SWITCH, parked: true }, legs: [] });
    expect(scene.killed()).toEqual([[CALL_ID, "NO_ANSWER"]]);
  });

  it("a leg of our own that wins stops them as completed elsewhere, and is connected when the caller has parked", () => {
    const scene = asked(MIXED);
    const alice = scene.leg("alice-desk").id;
    scene.input({ type: "leg_ringing", leg: alice });
    scene.answers("+19175550101");
    scene.presses("+19175550101", "1");
    expect(scene.types()).toEqual(["stop_playing", "answer_caller", "kill"]);
    expect(scene.killed()).toEqual([[alice, "LOSE_RACE"]]);
    scene.ends("alice-desk", "LOSE_RACE");
    scene.input(PARKED);
    expect(scene.types()).toEqual(["guard_caller", "bridge"]);
    scene.bridges("+19175550101");
    expect(scene.types()).toContain("unguard_caller");
    expect(scene.state.answeredBy).toBe("bobby");
  });

  it("one of them that answers while somebody decides has the caller, and who decides is told", () => {
    const scene = asked(MIXED);
    const alice = scene.leg("alice-desk").id;
    scene.input({ type: "leg_ringing", leg: alice });
    scene.answers("+19175550101");
    scene.input({ type: "leg_answered", leg: alice });
    scene.input({ type: "bridged", leg: alice });
    expect(scene.types()).toContain("unguard_caller");
    expect(scene.leg("+19175550101").phase).toBe("releasing");
  });

  it("the key that skips the step takes the caller to the next one when they have parked", () => {
    const skip = sales({ alice: sipDevice("alice-desk"), bobby: outsidePhone("+19175550101") }, [
      { ...RING, kind: "ring", skip: true } as Step,
      HANG_UP,
    ]);
    const scene = asked(skip);
    scene.input({ type: "leg_ringing", leg: scene.leg("alice-desk").id });
    scene.answers("+19175550101");
    scene.presses("+19175550101", "3");
    expect(scene.killed()).toHaveLength(2);
    expect(scene.state.phase.kind).toBe("ringing");
    scene.ends("alice-desk", "NO_ANSWER");
    scene.input(PARKED);
    expect(scene.notes).toContainEqual({ kind: "rollover", why: "skipped" });
  });

  it("a phone that cancels itself is one that is not answered", () => {
    const scene = asked(TWO);
    for (const name of ["alice-desk", "bob-desk"]) scene.ends(name, "ORIGINATOR_CANCEL");
    scene.input(PARKED);
    scene.pass(1_000);
    expect(scene.killed()).toEqual([[CALL_ID, "NO_ANSWER"]]);
  });

  it("a caller who leaves before any phone was dialled leaves nothing to wait for", () => {
    const scene = asked(TWO);
    scene.input({ type: "caller_gone", cause: "ORIGINATOR_CANCEL" });
    expect(scene.state.phase.kind).toBe("ended");
    expect(scene.types()).toContain("release");
  });

  it("one whose end was lost and that answers is ended behind a guard, which may have been lost, too", () => {
    const scene = asked(TWO);
    const { id } = scene.leg("bob-desk");
    scene.input({ type: "leg_ringing", leg: id });
    scene.pass(20_000);
    const { commands } = step(scene.state, { type: "leg_answered", leg: id, atMs: scene.atMs }, scene.world);
    expect(commands).toEqual([
      { type: "save", guard: true },
      { type: "kill", channel: id, cause: "NO_ANSWER" },
    ]);
  });

  it("the last that ends as if the caller had given up leaves nobody waiting for a caller who never parks", () => {
    const scene = asked(sales({ alice: sipDevice("alice-desk") }));
    scene.ends("alice-desk", "ORIGINATOR_CANCEL");
    expect(scene.pass(10_000).map(({ type }) => type)).toContain("inspect");
  });

  it("a caller who leaves costs no command: the switch ends the phones", () => {
    const scene = asked(TWO);
    for (const name of ["alice-desk", "bob-desk"])
      scene.input({ type: "leg_ringing", leg: scene.leg(name).id });
    scene.input({ type: "caller_gone", cause: "ORIGINATOR_CANCEL" });
    expect(scene.killed()).toEqual([]);
    for (const name of ["alice-desk", "bob-desk"]) scene.ends(name, "ORIGINATOR_CANCEL");
    expect(scene.state).toMatchObject({ phase: { kind: "ended" }, ending: { kind: "missed" } });
  });

  it("an engine that takes the call over goes on with them", () => {
    const scene = asked(TWO);
    const legs = [1, 2].map((n) => ({
      id: derivedId(CALL_ID, n),
      state: "ringing" as const,
      parked: false,
      playing: false,
      bridgedTo: null,
    }));
    scene.input({ type: "resync", caller: { ...IN_SWITCH, isRung: true }, legs });
    expect(scene.commands).toEqual([]);
    scene.pass(20_000);
    expect(scene.killed()).toHaveLength(2);
  });

  it("an engine that takes the call over finds the two who talk", () => {
    const scene = asked(TWO);
    const { id } = scene.leg("bob-desk");
    const leg = { id, state: "answered" as const, parked: false, playing: false, bridgedTo: CALL_ID };
    scene.input({ type: "resync", caller: { ...IN_SWITCH, media: "answered", bridgedTo: id }, legs: [leg] });
    expect(scene.state.answeredBy).toBe("bobby");
  });
});

it("asks the same phones by the same ids by either road", () => {
  const by = (road: boolean) =>
    (road ? asked(MIXED) : Scene.begun({ office: MIXED })).state.legs.map(({ id, dial }) => ({ id, dial }));
  expect(by(true)).toEqual(by(false));
  expect(NUMBER).toBe(asked(MIXED).state.caller.called);
});
