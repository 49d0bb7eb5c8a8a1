/**
 * Goal: a call has the direction in which it was dialled, also when the engine that tells its beginning has taken it over at
 * a later step. Method: a phone of the office dials, and its call stands where the flow has led it.
 */
import { expect, it } from "vitest";
import { group, NUMBER, office, Scene, sipDevice, user } from "../../fixtures/core/scene.js";
import { beganOf } from "./began.js";

const MOBILE = "+19175550777";
const SEND = [{ kind: "send", target: { kind: "number", number: MOBILE } }] as const;
const OFFICE = office(SEND, {
  users: [
    user("alice", [sipDevice("alice-desk")], { outboundNumber: NUMBER }),
    user("bobby", [], { extension: "201", flow: SEND }),
  ],
  groups: [group("sales", ["bobby"], { extension: "300", flow: SEND })],
});

it.each([
  [MOBILE, "out"],
  ["911", "out"],
  ["201", "inside"],
  ["300", "inside"],
  [NUMBER, "inside"],
])("%s: %s", (dialled, direction) => {
  const origin = { kind: "phone", sipName: "alice-desk" } as const;
  const scene = Scene.begun({ office: OFFICE, arrival: { dialled: [dialled], origin } });
  expect(scene.state.legs).toMatchObject([{ dial: { kind: "gateway" } }]);
  const by = { carrier: null, sipCallId: null, partOf: null };
  expect(beganOf(scene.state, by, scene.world.office, "e").direction).toBe(direction);
});
