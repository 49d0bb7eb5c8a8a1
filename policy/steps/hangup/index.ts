/** The `hangup` step: all there is to know about it. */
import type { StepKind } from "../kind.js";
import { hangupDefinition } from "./definition.js";
import type { hangupSchema } from "./file.js";
import { hangupRun } from "./run.js";

export const hangup = { ...hangupDefinition, run: hangupRun } satisfies StepKind<
  "hangup",
  typeof hangupSchema
>;
