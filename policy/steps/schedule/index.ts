/** The `schedule` step: all there is to know about it. */
import type { StepKind } from "../kind.js";
import { scheduleDefinition } from "./definition.js";
import type { scheduleStepSchema } from "./file.js";
import { scheduleRun } from "./run.js";

export const schedule = {
  ...scheduleDefinition,
  run: scheduleRun,
} satisfies StepKind<"schedule", typeof scheduleStepSchema>;
