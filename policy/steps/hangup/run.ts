/** A `hangup` step at run time. */
import { hangUp } from "../../call/ending.js";
import type { StepRun } from "../run.js";
import type { HangupStep } from "./step.js";

export const hangupRun = {
  begin: (turn, step) => hangUp(turn, step.reason),
} satisfies StepRun<HangupStep>;
