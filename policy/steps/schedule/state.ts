/** Whether the schedule that a step names is open, what was set by hand counted. */
import type { World } from "../../call/world.js";
import { SCHEDULE_BY_HAND, type ScheduleState, scheduleAt } from "./override.js";
import { SCHEDULES, type ScheduleStep } from "./step.js";

/** undefined: the office has no such schedule. */
export function stateIn(
  { office, memory }: Pick<World, "office" | "memory">,
  { schedule: id }: ScheduleStep,
  atMs: number,
): ScheduleState | undefined {
  const schedule = office.section(SCHEDULES, id);
  if (schedule === undefined) return undefined;
  return scheduleAt(schedule, office.settings.timezone, memory.byHand(SCHEDULE_BY_HAND, id), atMs);
}
