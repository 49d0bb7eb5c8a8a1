/**
 * The schema of every phase's saved state. A phase that belongs to a step has its schema in the folder of that kind of
 * step; the compiler refuses `savedPhase` when a phase of the call's own is missing here.
 */
import { z } from "zod";
import { STEP_PHASES } from "../steps/phases.js";
import { savedListening } from "./mailbox-session/saved.js";
import { schemaOf } from "./saved-schema.js";
import type { Phase } from "./state.js";

const ofSteps = Object.values(STEP_PHASES).map(({ saved }) => saved);

export const savedPhase = schemaOf<Phase>()(
  z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("claiming") }),
    savedListening,
    z.object({ kind: z.literal("connected"), leg: z.string(), looks: z.number() }),
    z.object({
      kind: z.literal("ending"),
      callerGone: z.boolean(),
      kills: z.number(),
      cause: z.string(),
    }),
    z.object({ kind: z.literal("ended") }),
    ...ofSteps,
  ]),
);
