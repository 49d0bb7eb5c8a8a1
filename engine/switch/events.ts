/**
 * Reads the headers of the switch's events, as FreeSWITCH 1.10 writes them (switch_channel.c,
 * switch_channel_event_set_basic_data and _extended_data). A missing header reads as undefined, so that an event of
 * another kind is never misread.
 */
import { type CauseText, readCause } from "./causes.js";
import type { SwitchEvent } from "./wire.js";

/** The subclass of a CUSTOM event, for example `sofia::register`. */
export function subclass(event: SwitchEvent): string | undefined {
  return event["Event-Subclass"];
}

/** The channel an event is about. */
export function channelId(event: SwitchEvent): string | undefined {
  return event["Unique-ID"];
}

/** A variable of the channel, as the event carries it. The switch writes `_undef_` for "not set". */
export function variable(event: SwitchEvent, name: string): string | undefined {
  const value = event[`variable_${name}`];
  return value === "_undef_" ? undefined : value;
}

/** The state of the channel: `ringing`, `early` (media before the answer), `answered` or `hangup`. */
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

/** The key of a DTMF event. */
export function digit(event: SwitchEvent): string | undefined {
  const value = event["DTMF-Digit"];
  return value !== undefined && /^[0-9A-D*#]$/.test(value) ? value : undefined;
}

/** The application of CHANNEL_EXECUTE and CHANNEL_EXECUTE_COMPLETE; `id` is the Event-UUID of our command. */
export function application(
  event: SwitchEvent,
): { readonly name: string; readonly id: string | undefined; readonly response: string } | undefined {
  const name = event["Application"];
  if (name === undefined) return undefined;
  return { name, id: event["Application-UUID"], response: event["Application-Response"] ?? "" };
}

/** The result of a background job. */
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
