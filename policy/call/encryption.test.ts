/**
 * Goal: what the office says of the encryption of a phone or carrier holds for each call. Method: tables of calls, both when
 * the switch has asked and when it has parked the caller.
 */
import { describe, expect, it } from "vitest";
import { office, Scene, type SceneOptions, sipDevice, user } from "../../fixtures/core/scene.js";
import type { Srtp } from "../office/carrier-settings.js";
import { given } from "../office/optional.js";
import type { Step } from "../steps/types.js";
import type { Arrival } from "./input.js";

const RING: Step = {
  kind: "ring",
  target: { kind: "user", username: "alice" },
  timeoutMs: 20_000,
  skip: false,
};
const HANG_UP: Step = { kind: "hangup", reason: "no_answer" };

function sceneOf(asked: boolean, options: SceneOptions): Scene {
  return asked ? new Scene({ ...options, asked }) : Scene.begun(options);
}

describe("a phone whose audio the office has encrypted", () => {
  const secured = (srtp: Srtp, carrier?: Srtp) =>
    office([RING, HANG_UP], {
      users: [user("alice", [sipDevice("alice-desk", { srtp })], { extension: "101" })],
      carriers: [
        { id: "main", proxy: "sip.example.net", ...given({ srtp: carrier }) },
        { id: "other", proxy: "other.example.net" },
      ],
    });

  it.each(["required", "never"] as const)("is dialled so (%s), natively and by a leg of our own", (srtp) => {
    for (const asked of [false, true]) {
      const scene = sceneOf(asked, { office: secured(srtp) });
      const [leg] = scene.state.legs;
      expect(leg).toMatchObject({ native: asked, dial: { kind: "contact", sip: "alice-desk", srtp } });
    }
  });

  const callers: ReadonlyArray<readonly [who: string, arrival: Partial<Arrival>, isRefused: boolean]> = [
    ["the phone", { dialled: ["101"], origin: { kind: "phone", sipName: "alice-desk" } }, true],
    ["another phone", { dialled: ["101"], origin: { kind: "phone", sipName: "bob-desk" } }, false],
    ["the carrier", { words: { gateway: "main", places: {} } }, true],
    ["the carrier at its address", { words: { letInAs: "main", places: {} } }, true],
    [
      "the carrier by another one's gateway",
      { words: { letInAs: "main", gateway: "other", places: {} } },
      true,
    ],
    ["carriers of one address", { words: { letInAs: "main+other", places: {} } }, false],
    ["the other carrier", { words: { letInAs: "other", places: {} } }, false],
    ["the phone for help", { dialled: ["911"], origin: { kind: "phone", sipName: "alice-desk" } }, false],
  ];
  it.each(callers)("a call by %s without encryption: refused with 488: %s", (_who, arrival, isRefused) => {
    for (const asked of [false, true]) {
      const plain = sceneOf(asked, { office: secured("required", "required"), arrival });
      expect(plain.commands.some(({ type }) => type === "dial")).toBe(!isRefused);
      // A caller whom the switch has asked about parks first.
      const commands =
        asked && isRefused ? plain.input({ type: "caller_parked", transferredTo: null }) : plain.commands;
      if (isRefused)
        expect(commands).toMatchObject([
          { type: "refuse_caller", status: 488 },
          { type: "kill", cause: "CALL_REJECTED" },
        ]);
      for (const srtp of ["required", "optional"] as const) {
        const offers = srtp === "required" ? { ...arrival, offersSrtp: true as const } : arrival;
        const taken = sceneOf(asked, { office: secured(srtp, srtp), arrival: offers });
        expect(taken.types()).not.toContain("refuse_caller");
      }
    }
  });
});
