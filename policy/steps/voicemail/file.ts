/**
 * `voicemail`, as an office file writes it: takes a message for a user or a group.
 *
 *     - { voicemail: group:sales }
 *
 * And what a user or group says about their mailbox, under `voicemail`:
 *
 *     voicemail: { greeting: greetings/sales.wav, email: attached, limit: 180, operator: extension:100 }
 */
import { z } from "zod";
import { MAILBOX_DEFAULTS } from "../../mailbox/mailbox.js";
import { type Box, boxName } from "../../office/box.js";
import type { MailboxSettings, MessageMail, RemoteAccess } from "../../office/office.js";
import { given } from "../../office/optional.js";
import { TARGET_PATTERN, type Target } from "../../office/target.js";
import { flag } from "../../office-file/fields.js";
import { SOUND_FILE } from "../announce/file.js";
import type { VoicemailStep } from "./step.js";

const targetExpected = "whose mailbox: user:NAME, group:ID or extension:101";

export const voicemailSchema = z.strictObject({
  voicemail: z
    .string({ error: targetExpected })
    .regex(/^(user|group|extension):[^\s].*$/, { error: targetExpected })
    .describe(targetExpected),
});
export type VoicemailFile = z.infer<typeof voicemailSchema>;

export function voicemailStep(box: Box): VoicemailStep {
  return { kind: "voicemail", target: box };
}

/** The step as a file writes it. */
export function voicemailFile(step: VoicemailStep): VoicemailFile {
  return { voicemail: boxName(step.target) };
}

/** The longest message a file may ask for, and the shortest that makes sense. */
const MESSAGE_LIMIT_SECONDS = { min: 10, max: 3_600 } as const;
const SILENCE_SECONDS = { min: 3, max: 60 } as const;
/** Above this, ordinary speech would be silence. */
const SILENCE_LEVELS = { min: 1, max: 2_000 } as const;
const MESSAGES_MAX = { min: 1, max: 10_000 } as const;

function whole(what: string, { min, max }: { readonly min: number; readonly max: number }): z.ZodInt {
  const error = `${what} from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error }).describe(error);
}

function orWord<const W extends string>(number: z.ZodInt, word: W, meaning: string) {
  const error = `${number.description ?? ""}, or ${word}: ${meaning}`;
  return z.union([number, z.literal(word)], { error }).describe(error);
}

const fileExpected = "the path of a .wav file beside the office, without ..";
const file = z
  .string({ error: fileExpected })
  .max(200)
  .regex(SOUND_FILE, { error: fileExpected })
  .describe(fileExpected);

const emailExpected = "true, false, or attached: the message itself too";
const email = z.union([z.boolean(), z.literal("attached")], { error: emailExpected }).describe(emailExpected);

const remoteExpected = "true, false, or call_back: and may call back numbers outside";
const remote = z
  .union([z.boolean(), z.literal("call_back")], { error: remoteExpected })
  .describe(remoteExpected);

const operatorExpected = "where a caller who presses 0 goes: user:NAME, group:ID, flow:ID or extension:101";
export const mailboxSchema = z.strictObject({
  greeting: file.optional(),
  busy_greeting: file.optional(),
  email: email.optional(),
  limit: whole("whole seconds", MESSAGE_LIMIT_SECONDS).optional(),
  silence: orWord(whole("whole seconds", SILENCE_SECONDS), "none", "silence ends no message").optional(),
  silence_level: orWord(
    whole("a loudness", SILENCE_LEVELS),
    "auto",
    "adapted to the noise of the line",
  ).optional(),
  max_messages: whole("a number of messages", MESSAGES_MAX).optional(),
  operator: z
    .string({ error: operatorExpected })
    .regex(TARGET_PATTERN, { error: operatorExpected })
    .describe(operatorExpected)
    .optional(),
  catch_up: flag.optional(),
  remote_access: remote.optional(),
  missed_calls: flag.optional(),
});
export type MailboxFile = z.infer<typeof mailboxSchema>;

/** What the file says, with the defaults for what it does not. @param operator the target that `operator` names */
export function mailboxOfFile(written: MailboxFile, operator: Target | undefined): MailboxSettings {
  const { greeting, busy_greeting: busyGreeting, limit, silence } = written;
  return {
    ...given({ greeting, busyGreeting }),
    email: mailOf(written.email),
    limitMs: limit === undefined ? MAILBOX_DEFAULTS.limitMs : limit * 1000,
    silenceMs: silenceOf(silence),
    ...given({ silenceLevel: levelOf(written.silence_level) }),
    messagesMax: written.max_messages ?? MAILBOX_DEFAULTS.messagesMax,
    ...given({ operator }),
    catchUp: written.catch_up ?? MAILBOX_DEFAULTS.catchUp,
    remoteAccess: remoteOf(written.remote_access),
    missedCalls: written.missed_calls ?? MAILBOX_DEFAULTS.missedCalls,
  };
}

function silenceOf(written: MailboxFile["silence"]): number | null {
  if (written === undefined) return MAILBOX_DEFAULTS.silenceMs;
  return written === "none" ? null : written * 1000;
}

function levelOf(written: MailboxFile["silence_level"]): number | undefined {
  return written === "auto" ? undefined : written;
}

function mailOf(written: MailboxFile["email"]): MessageMail {
  if (written === undefined) return MAILBOX_DEFAULTS.email;
  if (written === "attached") return "attached";
  return written ? "notice" : "none";
}

function remoteOf(written: MailboxFile["remote_access"]): RemoteAccess {
  if (written === undefined) return MAILBOX_DEFAULTS.remoteAccess;
  if (written === "call_back") return "call_back";
  return written ? "listen" : "none";
}

/** What a new section has to say: all that is not so anyway. */
export function withoutDefaults(written: MailboxFile): MailboxFile {
  const unsaid: Readonly<Record<string, unknown>> = mailboxFile(mailboxOfFile({}, undefined), undefined);
  return Object.fromEntries(Object.entries(written).filter(([key, value]) => value !== unsaid[key]));
}

/** The settings as a file writes them, defaults included, so that this holds when a default changes. */
export function mailboxFile(settings: MailboxSettings, operator: string | undefined): MailboxFile {
  return {
    ...given({ greeting: settings.greeting, busy_greeting: settings.busyGreeting }),
    email: settings.email === "attached" ? "attached" : settings.email === "notice",
    limit: settings.limitMs / 1000,
    silence: settings.silenceMs === null ? "none" : settings.silenceMs / 1000,
    ...given({ silence_level: settings.silenceLevel }),
    max_messages: settings.messagesMax,
    ...given({ operator }),
    catch_up: settings.catchUp,
    remote_access: settings.remoteAccess === "call_back" ? "call_back" : settings.remoteAccess === "listen",
    missed_calls: settings.missedCalls,
  };
}
