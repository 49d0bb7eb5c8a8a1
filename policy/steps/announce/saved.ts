/** Schema of what a saved state has of an `announce` step that plays. */
import { z } from "zod";
import { schemaOf } from "../../call/saved-schema.js";
import type { PhaseOf } from "../../call/state.js";

export const savedAnnouncing = schemaOf<PhaseOf<"announcing">>()(
  z.object({ kind: z.literal("announcing"), playId: z.string() }),
);
