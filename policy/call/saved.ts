/**
 * Schema of a call's saved state. An engine of another release may have written it, so every field is checked before the
 * core goes on with it. Fields that the schema does not know are left out: an engine of the same version may have
 * written more than this one reads.
 */
import { z } from "zod";
import { REFUSALS } from "../outside/payer.js";
import { STEP_TIMERS } from "../steps/phases.js";
import { savedPhase } from "./phases.js";
import { savedDial, savedTarget, savedTransferrer } from "./saved-parts.js";
import { schemaOf } from "./saved-schema.js";
import type { Caller, CallState, Ending, FlowSource, Leg, Transfer } from "./state.js";
import { isTimerId } from "./timers.js";

const source = schemaOf<FlowSource>()(
  z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("number"), number: z.string() }),
    z.object({ kind: z.literal("flow"), id: z.string() }),
    z.object({ kind: z.literal("user"), username: z.string() }),
    z.object({ kind: z.literal("group"), id: z.string() }),
    z.object({
      kind: z.literal("dialled"),
      target: savedTarget,
      payer: z.string().exactOptional(),
    }),
    z.object({ kind: z.literal("emergency"), number: z.string() }),
    z.object({
      kind: z.literal("listen"),
      code: z.object({ extension: z.string().nullable(), asks: z.boolean() }),
    }),
    z.object({ kind: z.literal("unassigned") }),
    z.object({ kind: z.literal("not_permitted"), why: z.enum(REFUSALS).exactOptional() }),
    z.object({ kind: z.literal("recall"), by: savedTransferrer }),
    z.object({ kind: z.literal("apology") }),
  ]),
);

const transfer = schemaOf<Transfer>()(
  z.object({
    by: savedTransferrer.nullable(),
    to: z.string(),
    called: z.string(),
    channel: z.string().nullable(),
  }),
);

const caller = schemaOf<Caller>()(
  z.object({
    number: z.string(),
    name: z.string(),
    called: z.string(),
    from: z.object({ username: z.string(), device: z.string().nullable() }).exactOptional(),
    withheld: z.object({ number: z.string().nullable() }).exactOptional(),
    hidesNumber: z.literal(true).exactOptional(),
    media: z.enum(["none", "early", "answered"]),
    asked: z.boolean(),
    parked: z.boolean(),
    guarded: z.boolean(),
    ringback: z.boolean(),
    codecs: z.string(),
  }),
);

const leg = schemaOf<Leg>()(
  z.object({
    id: z.string(),
    station: z.number(),
    who: z.string(),
    device: z.string(),
    dial: savedDial,
    native: z.boolean(),
    phase: z.enum([
      "dialing",
      "ringing",
      "answered",
      "deciding",
      "releasing",
      "transferring",
      "killed",
      "ended",
    ]),
    parked: z.boolean(),
    codec: z.string().nullable(),
    accepted: z.boolean(),
    prompting: z.boolean(),
    prompts: z.number(),
    playId: z.string().nullable(),
    unseen: z.number(),
    kills: z.number(),
    killCause: z.string().nullable(),
  }),
);

const ending = schemaOf<Ending>()(
  z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("answered"), by: z.string() }),
    z.object({ kind: z.literal("missed") }),
    z.object({ kind: z.literal("message"), box: z.string() }),
    z.object({ kind: z.literal("listened"), by: z.string() }),
    z.object({
      kind: z.literal("hung_up"),
      reason: z.enum(["normal", "busy", "no_answer", "declined", "unavailable", "unassigned"]),
    }),
    z.object({ kind: z.literal("not_ours") }),
    z.object({ kind: z.literal("failed"), why: z.string() }),
  ]),
);

export const savedCall = schemaOf<CallState>()(
  z.object({
    id: z.string(),
    revision: z.number(),
    arrivedMs: z.number(),
    caller,
    flow: z.object({ source, index: z.number() }),
    hops: z.number(),
    phase: savedPhase,
    legs: z.array(leg),
    legCount: z.number(),
    legsOfVersion1: z.number(),
    askedBy: z.string().exactOptional(),
    playCount: z.number(),
    timers: z.record(
      z.string().refine((id): boolean => isTimerId(id, STEP_TIMERS), "no timer"),
      z.number(),
    ),
    rang: z.array(z.string()),
    answeredBy: z.string().nullable(),
    transfer: transfer.nullable(),
    busy: z.boolean().nullable(),
    refusal: z.number().nullable(),
    ending: ending.nullable(),
    staleTimers: z.number(),
  }),
);
