/**
 * The JSON of an event, version 1: what a webhook's receiver reads. `docs/webhooks.schema.json` is made of it. Fields are
 * only ever added to a version; whatever else changes is another version.
 */
import { z } from "zod";

export const EVENT_VERSION = 1;

const ms = z.int().describe("Milliseconds since the Unix epoch.");
const who = z.string().describe("A username, or the number of an outside phone.");
const user = z.string().nullable().describe("The username; null: no user of the office.");
const device = z.string().nullable().describe("The id of the device; null: none, or not known.");

const call = z
  .strictObject({
    id: z.string().describe("The same in all events of the call, in `ringline call`, and on the switch."),
    direction: z.enum(["in", "out", "inside"]).describe("`inside`: between phones of the office."),
    from: z.string().nullable().describe("The caller's number; null: withheld, or none came."),
    name: z.string().nullable().describe("The caller's name as phones show it."),
    isWithheld: z.boolean(),
    user: user.describe("The user whose phone calls; null: a caller from outside."),
    device,
    called: z.string().describe("The number or extension that was called, in E.164 where it is one."),
    carrier: z.string().nullable().describe("The carrier through which the caller came."),
    partOf: z
      .string()
      .nullable()
      .describe(
        "The call in which this caller was one of those who were rung, until a phone transferred them.",
      ),
    sipCallId: z.string().nullable().describe("The Call-ID of the caller's INVITE."),
    beganMs: ms,
  })
  .describe("The call that the event is about.");

const rung = z.strictObject({
  who,
  device,
  group: z.string().nullable().describe("The group for which the phone rings."),
});

const answered = z.strictObject({ who, device, waitMs: z.int().describe("From the call's begin to now.") });

const message = z.strictObject({ mailbox: z.string().describe("`user:NAME` or `group:ID`.") });

const missed = z.strictObject({
  waitMs: z.int().describe("How long the caller waited."),
  rang: z.array(who).describe("Whose phones rang."),
});

const ended = z.strictObject({
  result: z
    .enum(["answered", "missed", "message", "listened", "refused", "failed", "not_ours"])
    .describe("What has become of the call, as `ringline calls` says it."),
  side: z.string().describe("Whose doing the end was: `caller`, `callee`, `office`, `switch` or `unknown`."),
  cause: z.string().nullable().describe("The switch's cause of the caller's hangup."),
  answeredBy: who.nullable().describe("Who took the call last."),
  mailbox: z.string().nullable().describe("Where the caller left a message."),
  firstRingMs: ms.nullable(),
  connectedMs: ms.nullable().describe("When the caller was connected with somebody first."),
  endedMs: ms,
  isSeen: z
    .boolean()
    .describe("False: the call was over before an engine looked; it ended no later than `endedMs`."),
});

const emergency = z.strictObject({
  number: z.string().describe("What was dialled."),
  isTest: z
    .boolean()
    .describe("True: a number that only tries emergency calls, such as 933. Nobody needs help."),
  user,
  userName: z.string().nullable().describe("The user's name."),
  extension: z.string().nullable(),
  device,
  location: z.string().nullable().describe("Where the phone is, as the office says."),
  callBack: z.string().nullable().describe("The number at which the caller can be called back."),
});

const alarm = z.strictObject({
  kind: z
    .enum(["spike", "refusals", "minutes"])
    .describe("Unusually many calls outside; unusually many that are refused; most of a day's minutes used."),
  payer: z.string().nullable().describe("The user whose calls they are; null: those of the whole office."),
  figures: z
    .record(z.string(), z.number())
    .describe("What was counted, such as `calls`, `refused`, `minutes`, `limit`."),
});

const head = {
  version: z.literal(EVENT_VERSION),
  id: z.string().describe("The same whenever the event is sent again."),
  atMs: ms.describe("When it happened; milliseconds since the Unix epoch."),
  office: z.string().describe("The office's name."),
  isSample: z.literal(true).optional().describe("Sent by `ringline webhook test`; it did not happen."),
};

/** For the test that holds the documentation to it. */
export const eventSchema = z.discriminatedUnion("event", [
  z.strictObject({ ...head, event: z.literal("call.started"), call }),
  z.strictObject({ ...head, event: z.literal("call.ringing"), call, ringing: rung }),
  z.strictObject({ ...head, event: z.literal("call.answered"), call, answered }),
  z.strictObject({ ...head, event: z.literal("message.left"), call, message }),
  z.strictObject({ ...head, event: z.literal("call.missed"), call, missed }),
  z.strictObject({ ...head, event: z.literal("call.ended"), call, ended }),
  z.strictObject({ ...head, event: z.literal("emergency.call"), call, emergency }),
  z.strictObject({ ...head, event: z.literal("fraud.alarm"), alarm }),
]);

export type WebhookEvent = z.infer<typeof eventSchema>;
export type EventOf<K extends WebhookEvent["event"]> = Extract<WebhookEvent, { readonly event: K }>;
