/** The `voicemail` step: all there is to know about it. */
import type { StepKind } from "../kind.js";
import { voicemailDefinition } from "./definition.js";
import type { voicemailSchema } from "./file.js";
import { voicemailRun } from "./run.js";

export const voicemail = { ...voicemailDefinition, run: voicemailRun } satisfies StepKind<
  "voicemail",
  typeof voicemailSchema
>;
