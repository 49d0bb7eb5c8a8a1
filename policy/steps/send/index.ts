/** The `send` step: all there is to know about it. */
import type { StepKind } from "../kind.js";
import { sendDefinition } from "./definition.js";
import type { sendSchema } from "./file.js";

export const send: StepKind<"send", typeof sendSchema> = sendDefinition;
