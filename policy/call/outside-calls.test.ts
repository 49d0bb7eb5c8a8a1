/**
 * Goal: who may call outside does, and who may not is told so; what is inside stays open to everybody. Method:
 * calls from phones of the office, and transfers by them.
 */
import { describe, expect, it } from "vitest";
import { NUMBER, office, Scene, sipDevice, user } from "../../fixtures/core/scene.js";
import { SYSTEM_ADMINS } from "../office/built-in.js";
import type { Office, User } from "../office/office.js";
import type { Step } from "../steps/types.js";

const OUTSIDE = "+19175550144";
const RING_ALICE: Step[] = [
  { kind: "ring", target: { kind: "user", username: "alice" }, timeoutMs: 20_000, skip: false },
  { kind: "hangup", reason: "no_answer" },
];

/** Alice with a phone and whatever else; Bob beside her. */
function house(alice: Partial<User>, more: Partial<Office> = {}): Office {
  const users = [
    user("alice", [sipDevice("alice-desk")], alice),
    user("bobby", [sipDevice("bob-desk")], { extension: "102" }),
  ];
  return office(RING_ALICE, { users, ...more });
}

function calls(dialled: string, where: Office, sipName = "alice-desk"): Scene {
  return Scene.begun({ office: where, arrival: { dialled: [dialled], origin: { kind: "phone", sipName } } });
}

/** Plays the refusal to its end and returns the causes of what is hung up then. */
function refusal(scene: Scene): string[] {
  expect(scene.commands).toMatchObject([{ type: "play", sounds: ["not-permitted"] }]);
  const [play] = scene.commands;
  scene.input({ type: "played", playId: play?.type === "play" ? play.playId : "" });
  return scene.killed().map(([, cause]) => cause);
}

describe("a phone that calls outside", () => {
  it.each([
    ["its user has an outbound number", house({ outboundNumber: NUMBER })],
    [
      "the office shows one number for everybody",
      house({}, { outsideCallerId: { kind: "fixed", number: NUMBER } }),
    ],
    ["its user was permitted by name", house({ permissions: { outside_calls: true } })],
    [
      "its user is a system administrator",
      house(
        {},
        {
          groups: [
            {
              id: SYSTEM_ADMINS,
              name: "System Admins",
              strategy: "simultaneous",
              members: [{ username: "alice", delayMs: 0, ringMs: null, calls: true, voicemail: true }],
              flow: RING_ALICE,
            },
          ],
        },
      ),
    ],
  ])("is connected when %s", (_when, where) => {
    expect(calls(OUTSIDE, where).dialled()).toEqual([OUTSIDE]);
  });

  it.each([
    ["its user has no number to show", house({}), "alice-desk"],
    [
      "it was denied by name",
      house({ outboundNumber: NUMBER, permissions: { outside_calls: false } }),
      "alice-desk",
    ],
    ["its user is suspended", house({ outboundNumber: NUMBER, suspended: true }), "alice-desk"],
    ["it is nobody's", house({ outboundNumber: NUMBER }), "stranger"],
  ])("is told that it may not, unbilled, when %s", (_when, where, phone) => {
    const scene = calls(OUTSIDE, where, phone);
    expect(refusal(scene)).toEqual(["CALL_REJECTED"]);
    expect(scene.types()).not.toContain("answer_caller");
  });
});

describe("a party whom the phone that had called them transfers outside", () => {
  const MOBILE = { kind: "transferred" } as const;
  const DESK = { kind: "phone", sipName: "bob-desk" } as const;
  const permits = (alice: boolean, bobby: boolean) =>
    house(
      {},
      {
        users: house({}).users.map((each) => ({
          ...each,
          permissions: { outside_calls: each.username === "alice" ? alice : bobby },
        })),
      },
    );

  it.each([
    ["a mobile, by a user who may", MOBILE, "alice", permits(true, false), true],
    ["a mobile, by a user who may not", MOBILE, "alice", permits(false, true), false],
    ["a mobile, by nobody knows whom", MOBILE, null, permits(true, true), false],
    ["a mobile, by a user who was removed", MOBILE, "ghost.user", permits(true, true), false],
    ["a colleague who may not, by a user who may", DESK, "alice", permits(true, false), true],
    ["a colleague who may, by a user who may not", DESK, "alice", permits(false, true), false],
  ])("%s: it counts as a call by the user who transfers", (_what, origin, by, where, allowed) => {
    const scene = Scene.begun({
      office: where,
      arrival: { dialled: [OUTSIDE], origin, media: "answered", transfer: { by, channel: null } },
    });
    if (allowed) expect(scene.dialled()).toEqual([OUTSIDE]);
    else {
      expect(scene.dialled()).toEqual([]);
      expect(scene.commands).toContainEqual(expect.objectContaining({ sounds: ["not-permitted"] }));
    }
  });

  it.each([
    ["102", "bob-desk"],
    ["101", "alice-desk"],
  ])("reaches colleagues whoever transfers them: %s", (dialled, phone) => {
    const users = permits(false, false).users.map((each) =>
      each.username === "alice" ? { ...each, extension: "101" } : each,
    );
    const scene = Scene.begun({
      office: house({}, { users }),
      arrival: {
        dialled: [dialled],
        origin: MOBILE,
        media: "answered",
        transfer: { by: null, channel: null },
      },
    });
    expect(scene.dialled()).toEqual([phone]);
  });
});

describe("a phone that may not call outside", () => {
  it.each([["102", "bob-desk"]])("still reaches colleagues", (dialled, phone) => {
    expect(calls(dialled, house({})).dialled()).toEqual([phone]);
  });

  it("still reaches the office's own numbers", () => {
    expect(calls("(212) 555-0100", house({}), "bob-desk").dialled()).toEqual(["alice-desk"]);
  });

  it.each([
    ["may not send a caller outside either", false],
    ["who may, sends callers where they want", true],
  ])("%s", (_what, allowed) => {
    const scene = Scene.begun({ office: house({ permissions: { outside_calls: allowed } }) });
    scene.answers("alice-desk");
    scene.bridges("alice-desk");
    scene.input({ type: "caller_parked", transferredTo: OUTSIDE });
    if (allowed) expect(scene.dialled()).toEqual([OUTSIDE]);
    else expect(scene.commands).toContainEqual(expect.objectContaining({ sounds: ["not-permitted"] }));
  });
});
