/** The `ring` step: all there is to know about it. */
import type { StepKind } from "../kind.js";
import { ringDefinition } from "./definition.js";
import type { ringSchema } from "./file.js";

export const ring: StepKind<"ring", typeof ringSchema> = ringDefinition;
