/** The `ring` step: all there is to know about it. */
import type { StepKind } from "../kind.js";
import { ringDefinition } from "./definition.js";
import type { ringSchema } from "./file.js";
import { ringRun } from "./run.js";

export const ring = { ...ringDefinition, run: ringRun } satisfies StepKind<"ring", typeof ringSchema>;
