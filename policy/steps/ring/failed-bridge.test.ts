/**
 * Goal: after a bridge that failed, the caller's place is what the switch shows, and never what was to be expected: an
 * event of the parking that is late ends no conversation, and no bridge is asked for while another may be in the making.
 * Method: the first winner hangs up before the bridge; then the second phone accepts.
 */
import { beforeEach, describe, expect, it } from "vitest";
import { office, Scene, sipDevice, user } from "../../../fixtures/core/scene.js";

const REPARK_MS = 2_000;
const NEWS_MS = 300;

const TWO = office(
  [
    { kind: "ring", target: { kind: "group", id: "all" }, timeoutMs: 60_000, skip: false },
    { kind: "hangup", reason: "no_answer" },
  ],
  {
    users: [user("alice", [sipDevice("alice-desk")]), user("bob", [sipDevice("bob-desk")])],
    groups: [
      {
        id: "all",
        name: "All",
        strategy: "simultaneous",
        members: ["alice", "bob"].map((username) => ({
          username,
          delayMs: 0,
          ringMs: null,
          calls: true,
          voicemail: true,
        })),
        flow: [],
      },
    ],
  },
);

const CALLER = {
  media: "answered",
  parked: false,
  playing: false,
  transferredTo: null,
  bridgedTo: null,
} as const;
const LEG = { state: "answered", playing: false, bridgedTo: null } as const;

let scene: Scene;

/** The switch answers an inspection. */
function shows(caller: Partial<{ parked: boolean; bridgedTo: string }>, isBobParked = true) {
  const bob = { ...LEG, id: scene.leg("bob-desk").id, parked: isBobParked };
  return scene.input({ type: "resync", isInspection: true, caller: { ...CALLER, ...caller }, legs: [bob] });
}

const parks = () => scene.input({ type: "caller_parked", transferredTo: null });
const winnersLost = () => scene.notes.filter(({ kind }) => kind === "winner_lost").length;

beforeEach(() => {
  scene = Scene.begun({ office: TWO });
  scene.answers("alice-desk");
  scene.ends("alice-desk", "NORMAL_CLEARING");
});

describe("a caller who is slow to park after a bridge that failed", () => {
  it("is looked for, and not bridged before the switch shows them parked", () => {
    scene.pass(REPARK_MS);
    expect(scene.types()).toContain("inspect");
    shows({ parked: false }, false);
    scene.answers("bob-desk");
    expect(scene.types()).not.toContain("bridge");
    parks();
    expect(scene.types()).toContain("bridge");
  });

  it("hears ringing as soon as the switch shows them parked, and is not looked for again", () => {
    scene.pass(REPARK_MS);
    shows({ parked: true }, false);
    expect(scene.types()).toContain("ringback");
    expect(scene.pass(10 * REPARK_MS).map(({ type }) => type)).not.toContain("inspect");
  });

  it("does not hold up the flow for ever, whatever the switch shows", () => {
    scene.ends("bob-desk", "USER_BUSY");
    for (let n = 0; n < 20 && scene.state.phase.kind === "ringing"; n += 1) {
      scene.pass(REPARK_MS);
      if (scene.commands.some(({ type }) => type === "inspect"))
        scene.input({ type: "resync", isInspection: true, caller: CALLER, legs: [] });
    }
    expect(scene.state.phase.kind).toBe("ending");
  });
});

describe("the event of a parking that comes while the next bridge is asked for", () => {
  beforeEach(() => {
    scene.pass(REPARK_MS);
    shows({ parked: true }, false);
    scene.answers("bob-desk");
    expect(scene.types()).toContain("bridge");
    parks();
    scene.pass(NEWS_MS);
  });

  it("ends no conversation: the switch is asked, and shows the two bridged", () => {
    expect(scene.killed()).toEqual([]);
    expect(scene.types()).toEqual(["inspect"]);
    shows({ bridgedTo: scene.leg("bob-desk").id }, false);
    expect(scene.state.phase.kind).toBe("connected");
    expect(winnersLost()).toBe(1);
  });

  it("ends no bridge that the switch is still making", () => {
    shows({ parked: false });
    scene.pass(1_000);
    expect(scene.killed()).toEqual([]);
    scene.bridges("bob-desk");
    expect(scene.state.phase.kind).toBe("connected");
  });

  it("says that this bridge failed too, if the switch shows the caller parked", () => {
    const { id } = scene.leg("bob-desk");
    shows({ parked: true });
    expect(scene.killed()).toContainEqual([id, "NORMAL_CLEARING"]);
    expect(winnersLost()).toBe(2);
  });

  it("asks again as long as the switch does not say", () => {
    expect(scene.pass(1_000).map(({ type }) => type)).toEqual(["inspect"]);
    expect(scene.pass(1_000).map(({ type }) => type)).toEqual(["inspect"]);
  });
});
