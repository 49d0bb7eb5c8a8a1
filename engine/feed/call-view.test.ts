/**
 * Goal: each phase of a call is told in words, and a withheld number never. Method: scenes of one call, and what the feed
 * makes of their state.
 */
import { describe, expect, it } from "vitest";
import { group, office, outsidePhone, Scene, sipDevice, user } from "../../fixtures/core/scene.js";
import type { CallState } from "../../policy/call/state.js";
import { MAILBOX_DEFAULTS } from "../../policy/mailbox/mailbox.js";
import { RoutingTable } from "../../policy/routing/table.js";
import type { Step } from "../../policy/steps/types.js";
import { TimesOfCalls } from "./call-times.js";
import { callView } from "./call-view.js";
import { feedCall } from "./protocol.js";

const SECRET = "+19175550133";
const NAME = "Sam Secret";
const MOBILE = "+19175550144";
const HANG_UP: Step = { kind: "hangup", reason: "no_answer" };

const house = (steps: readonly Step[]) =>
  office(steps, {
    users: [user("alice", [sipDevice("alice-desk"), outsidePhone(MOBILE)], { voicemail: MAILBOX_DEFAULTS })],
    groups: [group("sales", ["alice"])],
    carriers: [{ id: "main", proxy: "sip.example.net", trusted: true }],
  });

const RING: readonly Step[] = [
  { kind: "ring", target: { kind: "group", id: "sales" }, timeoutMs: 20_000, skip: false },
  HANG_UP,
];

function shown(state: CallState, where = house(RING)) {
  const times = new TimesOfCalls().look(state, state.arrivedMs, true);
  const view = callView({ state, about: ["group:sales"], office: RoutingTable.of(where, 1) }, times);
  expect(feedCall.parse(view)).toEqual(view);
  return view;
}

describe("a caller who withholds the number", () => {
  const arrival = { callerNumber: SECRET, callerName: NAME, privacy: "number" } as const;

  it("is nobody while phones ring, also where a carrier is told, and while they talk", () => {
    const scene = Scene.begun({ office: house(RING), arrival });
    const rings = shown(scene.state);
    expect(rings).toMatchObject({ isWithheld: true, from: "", name: "", state: "ringing", direction: "in" });
    expect(JSON.stringify(scene.state)).toContain(SECRET);
    scene.answers("alice-desk");
    scene.bridges("alice-desk");
    const talks = shown(scene.state);
    expect(talks).toMatchObject({ state: "talking", text: "talks with alice", talks: { who: "alice" } });
    expect(JSON.stringify([rings, talks])).not.toMatch(/9175550133|Secret/);
  });

  it("is nobody at a mailbox", () => {
    const steps: Step[] = [{ kind: "voicemail", target: { kind: "user", username: "alice" } }];
    const scene = Scene.begun({ office: house(steps), arrival });
    const view = shown(scene.state, house(steps));
    expect(view).toMatchObject({ state: "voicemail", text: "hears the greeting of user:alice", rings: [] });
    expect(JSON.stringify(view)).not.toMatch(/9175550133|Secret/);
  });
});

it.each<[text: string, steps: readonly Step[]]>([
  ["hears an announcement", [{ kind: "announce", sound: "please-hold" }, HANG_UP]],
  ["rings", RING],
  ["ends", [HANG_UP]],
])("%s", (text, steps) => {
  expect(shown(Scene.begun({ office: house(steps) }).state, house(steps)).text).toBe(text);
});

it("a leg that is asked to accept, and one that has declined, are told so", () => {
  const scene = Scene.begun({ office: house(RING) });
  scene.answers(MOBILE);
  expect(shown(scene.state).rings).toMatchObject([
    { who: "alice", device: "alice-desk", state: "dialled" },
    { who: "alice", device: "cell", state: "asked" },
  ]);
});
