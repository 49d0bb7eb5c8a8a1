/** A `schedule` step at run time: it decides at once, by the time and by what was set by hand. */
import { sourceOf } from "../../call/flow.js";
import type { StepRun } from "../run.js";
import { SCHEDULE_BY_HAND, scheduleAt, stateText } from "./override.js";
import { SCHEDULES, type ScheduleStep } from "./step.js";

export const scheduleRun = {
  begin(turn, step) {
    const { office, memory } = turn.world;
    const schedule = office.section(SCHEDULES, step.schedule);
    // `check` refuses a schedule that is not there, so only an office older than the check names one. It counts as open.
    if (schedule === undefined) {
      turn.goOn = { kind: "next_step" };
      return;
    }
    const set = memory.byHand(SCHEDULE_BY_HAND, step.schedule);
    const state = scheduleAt(schedule, office.settings.timezone, set, turn.atMs);
    turn.note({ kind: "step_outcome", step, outcome: stateText(state) });
    turn.goOn = state.open ? { kind: "next_step" } : { kind: "hop", source: sourceOf(turn, step.closed) };
  },
} satisfies StepRun<ScheduleStep>;
