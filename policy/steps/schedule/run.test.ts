/** Goal: a call goes on while the schedule is open and elsewhere while it is closed. Method: calls at moments of a Monday. */

import { describe, expect, it } from "vitest";
import { office, Scene } from "../../../fixtures/core/scene.js";
import type { SetByHand } from "../../call/world.js";
import { given, mapped } from "../../office/optional.js";
import type { Step } from "../types.js";
import type { Schedule } from "./step.js";

const PRACTICE: Schedule = {
  id: "practice",
  timezone: "America/Chicago",
  open: [{ days: ["mon"], fromMinute: 480, toMinute: 1_020 }],
  closed: [{ from: "2026-12-28", to: "2026-12-28", name: "Winter break" }],
};
const FLOW: Step[] = [
  { kind: "schedule", schedule: "practice", closed: { kind: "flow", id: "night" } },
  { kind: "hangup", reason: "busy" },
];
const NIGHT: Step[] = [{ kind: "hangup", reason: "declined" }];

const OPEN = "2026-11-30T10:00:00-06:00";
const CLOSED = "2026-11-30T18:00:00-06:00";

/** A call at a moment: how it ended, and what the step found. */
function callAt(
  iso: string,
  set?: Omit<SetByHand, "sinceMs"> & Partial<SetByHand>,
  schedules: readonly Schedule[] = [PRACTICE],
) {
  const scene = Scene.begun({
    office: { ...office(FLOW, { flows: { night: NIGHT } }), sections: { schedules } },
    startMs: Date.parse(iso),
    ...given({ byHand: mapped(set, (each) => ({ "schedule:practice": { sinceMs: 0, ...each } })) }),
  });
  const found = scene.notes.flatMap((note) => (note.kind === "step_outcome" ? [note.outcome] : []));
  return { ending: scene.state.ending, found };
}

const IS_OPEN = { kind: "hung_up", reason: "busy" };
const IS_CLOSED = { kind: "hung_up", reason: "declined" };

describe("a call to a practice", () => {
  it.each([
    [OPEN, IS_OPEN, "open by its hours"],
    [CLOSED, IS_CLOSED, "closed by its hours"],
    ["2026-12-28T10:00:00-06:00", IS_CLOSED, "closed for Winter break"],
    ["2026-11-30T08:00:00-06:00", IS_OPEN, "open by its hours"],
    ["2026-11-30T16:59:59.999-06:00", IS_OPEN, "open by its hours"],
    ["2026-11-30T17:00:00-06:00", IS_CLOSED, "closed by its hours"],
  ])("at %s", (iso, ending, found) => {
    expect(callAt(iso)).toEqual({ ending, found: [found] });
  });

  it.each([
    ["closed by hand without an end", OPEN, { value: { state: "closed" }, untilMs: null }, IS_CLOSED],
    ["opened by hand", CLOSED, { value: { state: "open" }, untilMs: null }, IS_OPEN],
    ["closed until later", OPEN, { value: { state: "closed" }, untilMs: Date.parse(CLOSED) }, IS_CLOSED],
    ["closed until now", OPEN, { value: { state: "closed" }, untilMs: Date.parse(OPEN) }, IS_OPEN],
    [
      "closed only later",
      OPEN,
      { value: { state: "closed" }, untilMs: null, sinceMs: Date.parse(CLOSED) },
      IS_OPEN,
    ],
    ["set to what nobody knows", OPEN, { value: { state: "ajar" }, untilMs: null }, IS_OPEN],
    ["set to nothing", CLOSED, { value: null, untilMs: null }, IS_CLOSED],
  ])("%s", (_what, iso, set, ending) => {
    expect(callAt(iso, set).ending).toEqual(ending);
  });

  it("goes on where the office knows no such schedule", () => {
    expect(callAt(CLOSED, undefined, [])).toEqual({ ending: IS_OPEN, found: [] });
  });
});
