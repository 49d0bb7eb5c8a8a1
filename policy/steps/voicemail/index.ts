/** The `voicemail` step: all there is to know about it. */
import type { StepKind } from "../kind.js";
import { voicemailDefinition } from "./definition.js";
import type { voicemailSchema } from "./file.js";

export const voicemail: StepKind<"voicemail", typeof voicemailSchema> = voicemailDefinition;
