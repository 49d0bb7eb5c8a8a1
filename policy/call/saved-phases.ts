/**
 * The schema of every phase's saved state, by the phase's name. A phase that belongs to a step has its schema in the
 * folder of that kind of step; the compiler refuses this table when a phase is missing in it.
 */
import { z } from "zod";
import { savedAnnouncing } from "../steps/announce/saved.js";
import { savedRinging } from "../steps/ring/saved.js";
import { savedVoicemail } from "../steps/voicemail/saved.js";
import { savedListening } from "./mailbox-session/saved.js";
import { schemaOf } from "./saved-schema.js";
import type { Phase, PhaseOf } from "./state.js";

const PHASES = {
  claiming: z.object({ kind: z.literal("claiming") }),
  ringing: savedRinging,
  announcing: savedAnnouncing,
  voicemail: savedVoicemail,
  listening: savedListening,
  connected: z.object({ kind: z.literal("connected"), leg: z.string(), looks: z.number() }),
  ending: z.object({
    kind: z.literal("ending"),
    callerGone: z.boolean(),
    kills: z.number(),
    cause: z.string(),
  }),
  ended: z.object({ kind: z.literal("ended") }),
} satisfies { readonly [K in Phase["kind"]]: z.ZodType<PhaseOf<K>> };

export const savedPhase = schemaOf<Phase>()(
  z.discriminatedUnion("kind", [
    PHASES.claiming,
    PHASES.ringing,
    PHASES.announcing,
    PHASES.voicemail,
    PHASES.listening,
    PHASES.connected,
    PHASES.ending,
    PHASES.ended,
  ]),
);
