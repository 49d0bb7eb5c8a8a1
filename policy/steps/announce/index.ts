/** The `announce` step: all there is to know about it. */
import type { StepKind } from "../kind.js";
import { announceDefinition } from "./definition.js";
import type { announceSchema } from "./file.js";
import { announceRun } from "./run.js";

export const announce = { ...announceDefinition, run: announceRun } satisfies StepKind<
  "announce",
  typeof announceSchema
>;
