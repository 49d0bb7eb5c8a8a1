/**
 * Reads the switch's events: which one it is, whose, and what it says. Headers are what FreeSWITCH 1.10 writes
 * (switch_channel.c, switch_channel_event_set_basic_data and _extended_data); one that is missing reads as
 * undefined, so that a stranger's event can never be taken for something it is not.
 */
import { type CauseText, readCause } from "./causes.js";
import type { SwitchEvent } from "./wire.js";

/** The events the engine has a use for. Whoever opens a link picks among these. */
export const EVENT_NAMES = [
  "BACKGROUND_JOB",
  "CHANNEL_ANSWER",
  "CHANNEL_BRIDGE",
  "CHANNEL_CREATE",
  "CHANNEL_DESTROY",
  "CHANNEL_EXECUTE",
  "CHANNEL_EXECUTE_COMPLETE",
  "CHANNEL_HANGUP",
  "CHANNEL_HANGUP_COMPLETE",
  "CHANNEL_ORIGINATE",
  "CHANNEL_PARK",
  "CHANNEL_PROGRESS",
  "CHANNEL_PROGRESS_MEDIA",
  "CHANNEL_UNBRIDGE",
  "CHANNEL_UNPARK",
  "CUSTOM",
  "DTMF",
  "HEARTBEAT",
  "PLAYBACK_START",
  "PLAYBACK_STOP",
  "RECORD_START",
  "RECORD_STOP",
  "SHUTDOWN",
] as const;

export type EventName = (typeof EVENT_NAMES)[number];

const KNOWN: ReadonlySet<string> = new Set(EVENT_NAMES);

/** Whether the text names an event the engine knows. */
export function isEventName(text: string): text is EventName {
  return KNOWN.has(text);
}

/** Which event it is; undefined for one the engine does not know. */
export function eventName(event: SwitchEvent): EventName | undefined {
  const name = event["Event-Name"];
  return name !== undefined && isEventName(name) ? name : undefined;
}

/** The subclass of a CUSTOM event, for example `sofia::register`. */
export function subclass(event: SwitchEvent): string | undefined {
  return event["Event-Subclass"];
}

/** The channel an event is about. */
export function channelId(event: SwitchEvent): string | undefined {
  return event["Unique-ID"];
}

/** Which run of the switch an event comes from. */
export function coreUuid(event: SwitchEvent): string | undefined {
  return event["Core-UUID"];
}

/** When the event was made, in milliseconds since the epoch; the switch writes microseconds. */
export function timestampMs(event: SwitchEvent): number | undefined {
  const microseconds = event["Event-Date-Timestamp"];
  return microseconds === undefined || !/^\d{1,17}$/.test(microseconds)
    ? undefined
    : Math.floor(Number(microseconds) / 1000);
}

/** A variable of the channel, as the event carries it. `_undef_` is how the switch writes "none". */
export function variable(event: SwitchEvent, name: string): string | undefined {
  const value = event[`variable_${name}`];
  return value === "_undef_" ? undefined : value;
}

/** Whether the switch called out on this channel, or was called. */
export function direction(event: SwitchEvent): "inbound" | "outbound" | undefined {
  const value = event["Call-Direction"];
  return value === "inbound" || value === "outbound" ? value : undefined;
}

/** How far the channel had come: `ringing`, `early` (media before the answer), `answered` or `hangup`. */
export function answerState(event: SwitchEvent): "ringing" | "early" | "answered" | "hangup" | undefined {
  const value = event["Answer-State"];
  return value === "ringing" || value === "early" || value === "answered" || value === "hangup"
    ? value
    : undefined;
}

/** Why the channel ended. */
export function cause(event: SwitchEvent): CauseText {
  return readCause(event["Hangup-Cause"]);
}

/** The two channels of a CHANNEL_BRIDGE or CHANNEL_UNBRIDGE. */
export function bridged(event: SwitchEvent): { readonly a: string; readonly b: string } | undefined {
  const a = event["Bridge-A-Unique-ID"];
  const b = event["Bridge-B-Unique-ID"];
  return a === undefined || b === undefined ? undefined : { a, b };
}

/** The channel this one talks to, if any. */
export function otherLegId(event: SwitchEvent): string | undefined {
  return event["Other-Leg-Unique-ID"];
}

/** The key of a DTMF event. */
export function digit(event: SwitchEvent): string | undefined {
  const value = event["DTMF-Digit"];
  return value !== undefined && /^[0-9A-D*#]$/.test(value) ? value : undefined;
}

/** The application of CHANNEL_EXECUTE and CHANNEL_EXECUTE_COMPLETE; `id` is the Event-UUID it was sent with. */
export function application(
  event: SwitchEvent,
): { readonly name: string; readonly id: string | undefined; readonly response: string } | undefined {
  const name = event["Application"];
  if (name === undefined) return undefined;
  return { name, id: event["Application-UUID"], response: event["Application-Response"] ?? "" };
}

/** What became of a background job. */
export type JobResult =
  | { readonly jobId: string; readonly ok: true; readonly text: string }
  | { readonly jobId: string; readonly ok: false; readonly cause: CauseText };

/** Reads a BACKGROUND_JOB: `+OK <uuid>`, or `-ERR <CAUSE>`. */
export function jobResult(event: SwitchEvent): JobResult | undefined {
  const jobId = event["Job-UUID"];
  if (event["Event-Name"] !== "BACKGROUND_JOB" || jobId === undefined) return undefined;
  const text = (event["_body"] ?? "").trim();
  if (text.startsWith("+OK")) return { jobId, ok: true, text: text.slice(3).trim() };
  return { jobId, ok: false, cause: readCause(text.replace(/^-(ERR|USAGE:?)\s*/, "")) };
}

/** Who called and what was dialled, as the channel says; raw text from outside, fit for reading only. */
export function caller(event: SwitchEvent): {
  readonly number: string;
  readonly name: string;
  readonly dialled: string;
} {
  return {
    number: event["Caller-Caller-ID-Number"] ?? "",
    name: event["Caller-Caller-ID-Name"] ?? "",
    dialled: event["Caller-Destination-Number"] ?? "",
  };
}
