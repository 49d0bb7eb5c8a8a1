/** The `hangup` step: all there is to know about it. */
import type { StepKind } from "../kind.js";
import { hangupDefinition } from "./definition.js";
import type { hangupSchema } from "./file.js";

export const hangup: StepKind<"hangup", typeof hangupSchema> = hangupDefinition;
