/** Schema of what a saved state has of a `ring` step that rings. */
import { z } from "zod";
import { savedTarget } from "../../call/saved-parts.js";
import { schemaOf } from "../../call/saved-schema.js";
import type { PhaseOf } from "../../call/state.js";
import type { Station } from "../../ring/plan.js";
import type { RingStep } from "./step.js";

const step = schemaOf<RingStep>()(
  z.object({
    kind: z.literal("ring"),
    target: savedTarget,
    timeoutMs: z.number().nullable(),
    accept: z.enum(["always", "never", "auto"]).exactOptional(),
    strategy: z.enum(["simultaneous", "in_order", "rotating", "random", "longest_idle"]).exactOptional(),
    skip: z.boolean(),
  }),
);

const station = schemaOf<Station>()(
  z.object({
    who: z.string(),
    device: z.string(),
    at: z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("sip"), name: z.string() }),
      z.object({ kind: z.literal("phone"), number: z.string() }),
    ]),
    slot: z.number(),
    startMs: z.number(),
    endMs: z.number().nullable(),
    accept: z.boolean(),
    carrier: z.string().nullable(),
    payer: z.string().exactOptional(),
    callerNumber: z.string(),
    callerName: z.string(),
    diversion: z.string().nullable(),
    asserted: z.string().nullable(),
    isPrivate: z.literal(true).exactOptional(),
  }),
);

export const savedRinging = schemaOf<PhaseOf<"ringing">>()(
  z.object({
    kind: z.literal("ringing"),
    ring: z.object({
      step,
      stations: z.array(station),
      phases: z.array(z.enum(["waiting", "open", "closed"])),
      slot: z.number(),
      slotMs: z.array(z.number().nullable()),
      slotBeganMs: z.number(),
      endsMs: z.number().nullable(),
      clockEnded: z.boolean(),
      skipped: z.boolean(),
      native: z.boolean(),
      losers: z.array(z.string()),
      early: z.object({ leg: z.string(), stands: z.boolean() }).nullable(),
      winner: z.string().nullable(),
      rung: z.array(z.string()),
      bridging: z.boolean(),
      waits: z.number(),
    }),
  }),
);
