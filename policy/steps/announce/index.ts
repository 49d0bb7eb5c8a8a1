/** The `announce` step: all there is to know about it. */
import type { StepKind } from "../kind.js";
import { announceDefinition } from "./definition.js";
import type { announceSchema } from "./file.js";

export const announce: StepKind<"announce", typeof announceSchema> = announceDefinition;
