/** The `send` step: all there is to know about it. */
import type { StepKind } from "../kind.js";
import { sendDefinition } from "./definition.js";
import type { sendSchema } from "./file.js";
import { sendRun } from "./run.js";

export const send = { ...sendDefinition, run: sendRun } satisfies StepKind<"send", typeof sendSchema>;
