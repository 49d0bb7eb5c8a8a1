/** The `schedule` step, as the core runs it, and the schedules that such steps name. */
import type { SectionEntity } from "../../office/office.js";
import type { Target } from "../../office/target.js";
import type { Hours } from "./hours.js";

/** While the schedule is open the call goes on to the next step; while it is closed, to another flow for good. */
export interface ScheduleStep {
  readonly kind: "schedule";
  /** The schedule's id. */
  readonly schedule: string;
  readonly closed: Target;
}

/** Named opening hours and holidays. */
export interface Schedule extends SectionEntity, Hours {}

/** The section of the office file that schedules stand in. */
export const SCHEDULES = "schedules";

declare module "../types.js" {
  interface StepKinds {
    schedule: ScheduleStep;
  }

  interface StepSections {
    schedules: Schedule;
  }
}
