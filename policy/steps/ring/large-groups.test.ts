/**
 * Goal: a call to a group of any size rings as many phones as fit. Method: groups of more phones than a step may ring, of
 * which some are registered.
 */
import { describe, expect, it } from "vitest";
import { group, office, outsidePhone, Scene, sipDevice, user } from "../../../fixtures/core/scene.js";
import { LEGS_PER_STEP_MAX, RANG_MAX, STATIONS_MAX } from "../../call/bounds.js";
import type { Strategy } from "../../office/office.js";
import type { Step } from "../types.js";

const RING: Step = { kind: "ring", target: { kind: "group", id: "all" }, timeoutMs: null, skip: false };

/** A group of `members`, with two phones each. */
function calls(
  members: number,
  strategy: Strategy,
  isRegistered: (member: number) => boolean = () => true,
): Scene {
  const names = Array.from({ length: members }, (_none, i) => `member-${i}`);
  const phones = (name: string) => [`${name}-desk`, `${name}-soft`];
  return Scene.begun({
    office: office([RING, { kind: "hangup", reason: "no_answer" }], {
      users: names.map((name) =>
        user(
          name,
          phones(name).map((phone) => sipDevice(phone)),
        ),
      ),
      groups: [group("all", names, { strategy })],
    }),
    contacts: Object.fromEntries(
      names.flatMap((name, i) => (isRegistered(i) ? [] : phones(name).map((phone) => [phone, []]))),
    ),
  });
}

describe("a group of 1,200 members with two phones each", () => {
  it("rings as many phones as a step may, and says that there are more", () => {
    const scene = calls(1_200, "simultaneous");
    expect(scene.dialled()).toHaveLength(LEGS_PER_STEP_MAX);
    expect(scene.notes).toContainEqual({
      kind: "bound_reached",
      bound: `phones of one ring step: ${STATIONS_MAX} of 2400`,
    });
  });

  it("rings those that are registered, wherever they stand in the group", () => {
    const scene = calls(1_200, "simultaneous", (member) => member >= 1_190);
    expect(scene.dialled()).toHaveLength(20);
    expect(scene.dialled()).toContain("member-1199-soft");
  });

  it.each<Strategy>(["in_order", "rotating", "random", "longest_idle"])(
    "rings one member after another (%s), those that are registered",
    (strategy) => {
      const scene = calls(1_200, strategy, (member) => member % 400 === 399);
      const rung: string[] = [];
      for (let slot = 0; slot < 3; slot += 1) {
        rung.push(...scene.dialled());
        scene.pass(20_000);
      }
      const names = ["member-1199", "member-399", "member-799"];
      expect(rung.sort()).toEqual(names.flatMap((name) => [`${name}-desk`, `${name}-soft`]));
    },
  );

  it("is answered by any of them", () => {
    const scene = calls(1_200, "simultaneous");
    scene.answers("member-7-soft");
    scene.bridges("member-7-soft");
    expect(scene.state.answeredBy).toBe("member-7");
    expect(scene.state.legs.length).toBeLessThanOrEqual(LEGS_PER_STEP_MAX);
  });

  it("keeps a bounded number of names of those who rang", () => {
    const scene = calls(1_200, "in_order");
    for (let slot = 0; slot < 70 && scene.state.phase.kind === "ringing"; slot += 1) {
      for (const { id } of scene.state.legs) scene.input({ type: "leg_ringing", leg: id });
      scene.pass(20_000);
    }
    expect(scene.state.rang.length).toBeLessThanOrEqual(RANG_MAX);
    expect(scene.state.phase.kind).toBe("ending");
  });
});

it("phones outside count as reachable, and phones that begin later give way to those that ring at once", () => {
  const users = Array.from({ length: 200 }, (_none, i) =>
    user(`member-${i}`, [outsidePhone(`+1917555${1_000 + i}`, { delayMs: i < 150 ? 10_000 : 0 })]),
  );
  const scene = Scene.begun({
    office: office([RING, { kind: "hangup", reason: "no_answer" }], {
      users,
      groups: [
        group(
          "all",
          users.map(({ username }) => username),
        ),
      ],
    }),
  });
  expect(scene.dialled()).toHaveLength(50);
});
