/** A `schedule` step at run time: it decides at once, by the time and by what was set by hand. */
import { sourceOf } from "../../call/flow.js";
import type { StepRun } from "../run.js";
import { stateText } from "./override.js";
import { stateIn } from "./state.js";
import type { ScheduleStep } from "./step.js";

export const scheduleRun = {
  begin(turn, step) {
    const state = stateIn(turn.world, step, turn.atMs);
    // `check` refuses a schedule that is not there, so only an office older than the check names one. It counts as open.
    if (state === undefined) {
      turn.goOn = { kind: "next_step" };
      return;
    }
    turn.note({ kind: "step_outcome", step, outcome: stateText(state), isOpen: state.open });
    turn.goOn = state.open ? { kind: "next_step" } : { kind: "hop", source: sourceOf(turn, step.closed) };
  },
} satisfies StepRun<ScheduleStep>;
