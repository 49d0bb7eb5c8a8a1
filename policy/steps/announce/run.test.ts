/** An announcement whose end was not heard of. */
import { describe, expect, it } from "vitest";
import { CALL_ID, office, Scene } from "../../../fixtures/core/scene.js";
import { INSPECTION_MS, RECORD_BEGINS_MS } from "../../call/bounds.js";

const ANNOUNCED = office([
  { kind: "announce", sound: "closed" },
  { kind: "hangup", reason: "normal" },
]);
const HERE = { media: "early", parked: true, playing: false, transferredTo: null, bridgedTo: null } as const;

describe("an announcement after the connection was lost", () => {
  it("is not over because one inspection fell before its beginning", () => {
    const scene = Scene.begun({ office: ANNOUNCED });
    scene.input({ type: "resync", caller: HERE, legs: [] });
    expect(scene.state.phase.kind).toBe("announcing");
    expect(scene.pass(RECORD_BEGINS_MS)).toEqual([{ type: "inspect" }]);
    scene.input({ type: "resync", isInspection: true, caller: { ...HERE, playing: true }, legs: [] });
    expect(scene.pass(10 * INSPECTION_MS)).toEqual([]);
    expect(scene.state.phase.kind).toBe("announcing");
  });

  it("is over when the switch shows twice that nothing plays, and is asked for until it answers", () => {
    const scene = Scene.begun({ office: ANNOUNCED });
    scene.input({ type: "resync", caller: HERE, legs: [] });
    scene.pass(RECORD_BEGINS_MS);
    expect(scene.pass(INSPECTION_MS)).toEqual([{ type: "inspect" }]);
    scene.input({ type: "resync", isInspection: true, caller: HERE, legs: [] });
    expect(scene.killed()).toEqual([[CALL_ID, "NORMAL_CLEARING"]]);
  });

  it("is over when the caller is gone", () => {
    const scene = Scene.begun({ office: ANNOUNCED });
    scene.input({ type: "resync", caller: null, legs: [] });
    expect(scene.state.phase.kind).toBe("ended");
  });
});
