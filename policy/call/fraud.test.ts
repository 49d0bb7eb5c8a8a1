/**
 * Goal: nobody makes the office pay for a call that its permissions, places and limits refuse, by whatever way; what is
 * refused is said. Method: a table of ways to the same number, and limits that are reached.
 */
import { describe, expect, it } from "vitest";
import { NUMBER, office, outsidePhone, Scene, sipDevice, user } from "../../fixtures/core/scene.js";
import type { Office, User } from "../office/office.js";
import type { OutsideUse } from "../outside/payer.js";
import type { Step } from "../steps/types.js";

const PREMIUM = "+19005551234";
const ABROAD = "+442079460000";
const HOME = "+19175550144";
const HANG_UP: Step = { kind: "hangup", reason: "no_answer" };
const ring = (target: Extract<Step, { kind: "ring" }>["target"]): Step => ({
  kind: "ring",
  target,
  timeoutMs: 20_000,
  skip: false,
});
const number = (to: string) => ({ kind: "number", number: to }) as const;
const MAY: Partial<User> = { outboundNumber: NUMBER };

function house(steps: readonly Step[], alice: Partial<User>, more: Partial<Office> = {}): Office {
  const users = [user("alice", [sipDevice("alice-desk")], { extension: "101", ...alice })];
  return office(steps, { users, ...more });
}

const fromAlice = (dialled: string) =>
  ({ dialled: [dialled], origin: { kind: "phone", sipName: "alice-desk" } }) as const;
const byAlice = (dialled: string) =>
  ({
    dialled: [dialled],
    origin: { kind: "transferred" },
    media: "answered",
    transfer: { by: "alice", channel: null },
  }) as const;

type Way = readonly [what: string, to: (where: string) => Scene];

const WAYS: readonly Way[] = [
  ["a phone dials", (to) => Scene.begun({ office: house([], MAY), arrival: fromAlice(to) })],
  ["a phone transfers a mobile", (to) => Scene.begun({ office: house([], MAY), arrival: byAlice(to) })],
  [
    "a user's outside device",
    (to) =>
      Scene.begun({
        office: house([ring({ kind: "user", username: "alice" }), HANG_UP], { devices: [outsidePhone(to)] }),
      }),
  ],
  ["a flow rings it", (to) => Scene.begun({ office: house([ring(number(to)), HANG_UP], {}) })],
  ["a flow sends there", (to) => Scene.begun({ office: house([{ kind: "send", target: number(to) }], {}) })],
  [
    "a user's no-answer flow rings it",
    (to) =>
      Scene.begun({
        office: house([{ kind: "send", target: { kind: "user", username: "alice" } }], {
          flow: [ring(number(to)), HANG_UP],
        }),
      }),
  ],
  [
    "a user's no-answer flow sends there",
    (to) =>
      Scene.begun({
        office: house([{ kind: "send", target: { kind: "user", username: "alice" } }], {
          flow: [{ kind: "send", target: number(to) }],
        }),
      }),
  ],
];

const refusals = (scene: Scene) =>
  scene.notes.flatMap((note) =>
    note.kind === "refused" ? [note.why] : note.kind === "not_rung" ? [note.whom.reason] : [],
  );

describe.each(WAYS)("%s", (_what, scene) => {
  it("reaches a number at home", () => {
    expect(scene(HOME).dialled()).toEqual([HOME]);
  });

  it.each([
    [PREMIUM, "premium"],
    [ABROAD, "place"],
  ])("never reaches %s, and the reason is said", (to, why) => {
    const played = scene(to);
    expect(played.state.legs).toEqual([]);
    expect(refusals(played)).toEqual([why]);
  });
});

describe("forwards of a user who is denied calls outside by name", () => {
  const denied = { permissions: { outside_calls: false } } as const;
  it.each([
    [
      "an outside device",
      house([ring({ kind: "user", username: "alice" }), HANG_UP], {
        ...denied,
        devices: [outsidePhone(HOME)],
      }),
    ],
    [
      "a no-answer flow",
      house([{ kind: "send", target: { kind: "user", username: "alice" } }], {
        ...denied,
        flow: [ring(number(HOME)), HANG_UP],
      }),
    ],
    [
      "a send of a no-answer flow",
      house([{ kind: "send", target: { kind: "user", username: "alice" } }], {
        ...denied,
        flow: [{ kind: "send", target: number(HOME) }],
      }),
    ],
  ])("%s: is not called", (_what, where) => {
    const scene = Scene.begun({ office: where });
    expect(scene.state.legs).toEqual([]);
    expect(refusals(scene)).toEqual(["permission"]);
  });
});

describe("whoever was transferred", () => {
  it.each(["*97", "*98", "*97101", "*98101"])("never reaches %s", (code) => {
    const arrived = Scene.begun({ office: house([], MAY), arrival: byAlice(code) });
    expect(arrived.state.flow.source).toEqual({ kind: "not_permitted", why: "mailbox" });
    const talking = Scene.begun({ office: house([ring({ kind: "user", username: "alice" }), HANG_UP], MAY) });
    talking.answers("alice-desk");
    talking.bridges("alice-desk");
    talking.input({ type: "caller_parked", transferredTo: code });
    expect(talking.state.phase.kind).not.toBe("listening");
    expect(refusals(talking)).toEqual(["mailbox"]);
  });

  it("by a phone outside reaches nothing outside, since that phone has no permission", () => {
    const where = house([ring(number(HOME)), HANG_UP], MAY);
    const scene = Scene.begun({ office: where });
    scene.answers(HOME);
    scene.presses(HOME, "1");
    scene.bridges(HOME);
    scene.input({ type: "caller_parked", transferredTo: "+12125550177" });
    expect(refusals(scene)).toEqual(["nobody_pays"]);
  });
});

describe("limits", () => {
  const used = (calls: number, minutes: number): OutsideUse => ({
    callsAtOnce: (payer) => (payer === "office" ? calls + 1 : calls),
    minutes: (payer) => (payer === "office" ? minutes + 1 : minutes),
  });
  const none = used(0, 0);
  const limits = { callsAtOnce: 5, minutesADay: 50, eachUser: { callsAtOnce: 2, minutesADay: 20 } };
  const HOUSE = { outsideCalls: limits };

  it.each([
    ["none is used", none, []],
    ["a user's calls", used(2, 0), ["user_calls_at_once"]],
    ["a user's minutes", used(0, 20), ["user_minutes"]],
    [
      "the office's calls",
      { ...none, callsAtOnce: (payer: string) => (payer === "office" ? 5 : 0) },
      ["office_calls_at_once"],
    ],
    [
      "the office's minutes",
      { ...none, minutes: (payer: string) => (payer === "office" ? 50 : 0) },
      ["office_minutes"],
    ],
  ] as const)("%s: what is dialled and what is forwarded", (_what, outside, why) => {
    const dials = Scene.begun({ office: house([], MAY, HOUSE), arrival: fromAlice(HOME), outside });
    expect(refusals(dials)).toEqual(why);
    expect(dials.state.legs).toHaveLength(why.length === 0 ? 1 : 0);
    const forwarded = Scene.begun({
      office: house(
        [ring({ kind: "user", username: "alice" }), HANG_UP],
        { devices: [outsidePhone(HOME)] },
        HOUSE,
      ),
      outside,
    });
    expect(refusals(forwarded)).toEqual(why);
  });

  it("count the phones of one step as they are dialled", () => {
    const devices = ["+12125550111", "+12125550112", "+12125550113"].map((to, n) =>
      outsidePhone(to, { id: `c${n}` }),
    );
    const scene = Scene.begun({
      office: house([ring({ kind: "user", username: "alice" }), HANG_UP], { devices }, HOUSE),
      outside: none,
    });
    expect(scene.dialled()).toEqual(["+12125550111", "+12125550112"]);
    expect(refusals(scene)).toEqual(["user_calls_at_once"]);
  });

  it("never concern a call for help", () => {
    const scene = Scene.begun({
      office: house([], {}, HOUSE),
      arrival: fromAlice("911"),
      outside: used(99, 999),
    });
    expect(scene.dialled()).toEqual(["911"]);
  });
});
