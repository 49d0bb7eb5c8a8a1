/** Schema of what a saved state has of a `voicemail` step: a caller who leaves a message. */
import { z } from "zod";
import { savedBox } from "../../call/saved-parts.js";
import { schemaOf } from "../../call/saved-schema.js";
import type { PhaseOf } from "../../call/state.js";
import type { LeavingStage } from "./state.js";

const STAGES = [
  "opening",
  "refusing",
  "greeting",
  "stopping_for_operator",
  "stopping_for_messages",
  "stopping",
  "recording",
  "measuring",
  "again",
  "menu",
  "replaying",
  "told",
  "goodbye",
  "delivering",
] as const satisfies readonly LeavingStage[];

export const savedVoicemail = schemaOf<PhaseOf<"voicemail">>()(
  z.object({
    kind: z.literal("voicemail"),
    leaving: z.object({
      box: savedBox,
      stage: z.enum(STAGES),
      message: z.string(),
      kept: z.string().nullable(),
      earlier: z.array(z.string()),
      takes: z.number(),
      urgent: z.boolean(),
      greetings: z.array(z.array(z.string())),
      repeats: z.number(),
      playId: z.string().nullable(),
      recordId: z.string().nullable(),
      callerGone: z.boolean(),
    }),
  }),
);
