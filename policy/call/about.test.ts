/** Goal: a call in progress is known by everything of the office that it touches. Method: scenes of calls. */
import { expect, it } from "vitest";
import { group, NUMBER, office, Scene, sipDevice, user } from "../../fixtures/core/scene.js";
import type { Step } from "../steps/types.js";
import { aboutOf } from "./about.js";

const ALICE = user("alice", [sipDevice("alice-desk", { id: "desk" })]);
const BOB = user("bobby", [sipDevice("bob-desk", { id: "desk" })]);
const SALES = group("sales", ["alice", "bobby"]);
const RING: Step = { kind: "ring", target: { kind: "group", id: "sales" }, timeoutMs: 20_000, skip: false };
const END: Step = { kind: "hangup", reason: "busy" };

function about(scene: Scene): string[] {
  return aboutOf(scene.state, scene.world.office).sort();
}

it("that rings a group: the number, the group, and the phones", () => {
  const scene = Scene.begun({ office: office([RING, END], { users: [ALICE, BOB], groups: [SALES] }) });
  expect(about(scene)).toEqual([
    "device:alice/desk",
    "device:bobby/desk",
    "group:sales",
    `number:${NUMBER}`,
    "user:alice",
    "user:bobby",
  ]);
});

it("in a named flow: the flow as well", () => {
  const named = office([], {
    users: [ALICE],
    groups: [group("sales", ["alice"])],
    flows: { front: [RING, END] },
    numbers: [{ number: NUMBER, leadsTo: { kind: "flow", flow: "front" } }],
  });
  expect(about(Scene.begun({ office: named }))).toContain("flow:front");
});

it("that was sent to a user: that user, and still the number that was called", () => {
  const sent = office([{ kind: "send", target: { kind: "user", username: "alice" } }], { users: [ALICE] });
  const scene = Scene.begun({ office: sent });
  expect(about(scene)).toEqual(["device:alice/desk", `number:${NUMBER}`, "user:alice"]);
});

it("from a phone of the office to an extension: both users", () => {
  const scene = Scene.begun({
    office: office([], { users: [ALICE, { ...BOB, extension: "102" }] }),
    arrival: {
      dialled: ["102"],
      origin: { kind: "phone", sipName: "alice-desk" },
      callerNumber: "alice-desk",
    },
  });
  expect(about(scene)).toEqual(["device:alice/desk", "device:bobby/desk", "user:alice", "user:bobby"]);
});
