/** Schema of what a saved state has of a mailbox session. */
import { z } from "zod";
import type { BoxCount, GreetingSlot, HeardMessage, SessionAsk } from "../mailbox-requests.js";
import { savedBox } from "../saved-parts.js";
import { schemaOf } from "../saved-schema.js";
import type { PhaseOf } from "../state.js";
import type { Entry, Menu, Next, Purpose, SessionStage } from "./state.js";

const menu = schemaOf<Menu>()(
  z.enum(["main", "message", "boxes", "settings", "greeting", "intro", "review"]),
);
const entry = schemaOf<Entry>()(z.enum(["extension", "pin", "new_pin", "new_pin_again", "forward_to"]));
const messageState = schemaOf<HeardMessage["state"]>()(z.enum(["new", "heard", "saved", "deleted"]));

const greetingSlot = schemaOf<GreetingSlot>()(
  z.object({ box: savedBox, kind: z.enum(["temporary", "own", "name"]), busy: z.boolean() }),
);

/** The asks that carry a PIN are in no saved state (`withoutSecrets`), but the type has them. */
const ask = schemaOf<SessionAsk>()(
  z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("boxes"), username: z.string() }),
    z.object({
      kind: z.literal("list"),
      box: savedBox,
      username: z.string(),
      list: z.enum(["new", "old"]),
    }),
    z.object({ kind: z.literal("look"), message: z.string(), username: z.string() }),
    z.object({ kind: z.literal("mark"), message: z.string(), username: z.string(), state: messageState }),
    z.object({ kind: z.literal("claim"), message: z.string(), username: z.string(), give: z.boolean() }),
    z.object({ kind: z.literal("check_pin"), username: z.string(), pin: z.string() }),
    z.object({ kind: z.literal("set_pin"), username: z.string(), pin: z.string() }),
    z.object({ kind: z.literal("open_draft"), draft: z.string() }),
    z.object({ kind: z.literal("drop_draft"), draft: z.string() }),
    z.object({
      kind: z.literal("keep_greeting"),
      slot: greetingSlot,
      draft: z.string(),
      username: z.string(),
    }),
    z.object({ kind: z.literal("greetings"), box: savedBox }),
    z.object({ kind: z.literal("remove_greeting"), slot: greetingSlot, username: z.string() }),
    z.object({
      kind: z.literal("forward"),
      message: z.string(),
      as: z.string(),
      to: savedBox,
      intro: z.string().nullable(),
      username: z.string(),
    }),
  ]),
);

const next = schemaOf<Next>()(
  z.discriminatedUnion("to", [
    z.object({ to: z.literal("menu"), menu }),
    z.object({ to: z.literal("start") }),
    z.object({ to: z.literal("playing") }),
    z.object({ to: z.literal("next_message") }),
    z.object({ to: z.literal("recording") }),
    z.object({ to: z.literal("leave") }),
  ]),
);

const stage = schemaOf<SessionStage>()(
  z.discriminatedUnion("at", [
    z.object({ at: z.literal("telling"), next }),
    z.object({ at: z.literal("menu"), menu }),
    z.object({ at: z.literal("entry"), entry }),
    z.object({ at: z.literal("asking"), ask, id: z.string() }),
    z.object({ at: z.literal("playing") }),
    z.object({ at: z.literal("recording") }),
  ]),
);

const purpose = schemaOf<Purpose>()(
  z.discriminatedUnion("for", [
    z.object({ for: z.literal("greeting"), slot: greetingSlot }),
    z.object({ for: z.literal("introduction"), to: savedBox, as: z.string() }),
  ]),
);

const boxCount = schemaOf<BoxCount>()(
  z.object({
    box: savedBox,
    fresh: z.number(),
    old: z.number(),
    room: z.enum(["little", "none"]).exactOptional(),
  }),
);

const heardMessage = schemaOf<HeardMessage>()(
  z.object({
    id: z.string(),
    callerNumber: z.string(),
    beganMs: z.number(),
    lengthMs: z.number(),
    urgent: z.boolean(),
    state: messageState,
    claimedBy: z.string().nullable(),
    forwardedBy: z.string().nullable(),
    playable: z.boolean(),
  }),
);

export const savedListening = schemaOf<PhaseOf<"listening">>()(
  z.object({
    kind: z.literal("listening"),
    listening: z.object({
      stage,
      username: z.string().nullable(),
      admitted: z.boolean(),
      remote: z.boolean(),
      box: savedBox.nullable(),
      typed: z.string(),
      newPin: z.string().nullable(),
      wrong: z.number(),
      boxes: z.array(boxCount),
      messages: z.array(z.string()),
      index: z.number(),
      current: heardMessage.nullable(),
      offsetMs: z.number(),
      sinceMs: z.number(),
      draft: z.string().nullable(),
      purpose: purpose.nullable(),
      present: z.string().nullable(),
      repeats: z.number(),
      playId: z.string().nullable(),
    }),
  }),
);
