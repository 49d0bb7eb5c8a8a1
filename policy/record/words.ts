/**
 * The words for what happens to a call, in one place: for calls in progress (`engine/watch/story.ts`), for `explain`, and
 * for the records of calls that are over (`story.ts`).
 */
import type { Refused } from "../outside/payer.js";
import type { NotRungReason } from "../ring/plan.js";
import type { HangupReason } from "../steps/hangup/step.js";
import type { WhatOf } from "./happening.js";

/** What is said now, to those who run the office, and of a call that is over, to whoever asks. */
interface Said {
  readonly now: string;
  readonly was: string;
}

const REFUSED: Readonly<Record<Refused, Said>> = {
  permission: { now: "the user may not call outside", was: "this user may not call outside" },
  nobody_pays: {
    now: "no user who may call outside causes this call",
    was: "nobody who may call outside had asked for this call",
  },
  place: {
    now: "`outside_calls` does not name its country or its first digits",
    was: "calls to that country or area are not allowed",
  },
  premium: {
    now: "`outside_calls` does not name this premium or satellite number",
    was: "calls to premium and satellite numbers are not allowed",
  },
  user_calls_at_once: {
    now: "the user has as many calls outside at once as `outside_calls` allows",
    was: "this user had as many calls outside at once as are allowed",
  },
  office_calls_at_once: {
    now: "the office has as many calls outside at once as `outside_calls` allows",
    was: "the office had as many calls outside at once as are allowed",
  },
  user_minutes: {
    now: "the user has called outside as many minutes in 24 hours as `outside_calls` allows",
    was: "this user had called outside for as many minutes in 24 hours as are allowed",
  },
  office_minutes: {
    now: "the office has called outside as many minutes in 24 hours as `outside_calls` allows",
    was: "the office had called outside for as many minutes in 24 hours as are allowed",
  },
  anonymous: {
    now: "it takes no callers who withhold their number",
    was: "callers who withhold their number are not taken there",
  },
  unencrypted: {
    now: "the phone or the carrier has `srtp: required`, and the call offers no encryption",
    was: "only encrypted calls are allowed there, and this one was not encrypted",
  },
  mailbox: {
    now: "whoever was transferred may not open mailboxes",
    was: "a caller who was transferred may not listen to messages",
  },
};

/** Completes "NUMBER is not called: …". */
export function refusedNow(why: Refused): string {
  return REFUSED[why].now;
}

/** Completes "NUMBER was not called: …"; a reason of a later release is said as it is written. */
export function refusedThen(why: string): string {
  return Object.hasOwn(REFUSED, why) ? REFUSED[why as Refused].was : plainWord(why);
}

function refusal(why: Refused): Said {
  return { now: `is not called: ${REFUSED[why].now}`, was: `did not ring: ${REFUSED[why].was}` };
}

const NOT_RUNG: Readonly<Record<NotRungReason | "not_yet", Said>> = {
  calls_off: {
    now: "calls are switched off for them in this group",
    was: "did not ring: calls of this group were switched off for this person",
  },
  suspended: { now: "is suspended", was: "did not ring: this user was suspended" },
  no_device: { now: "has no device", was: "did not ring: this user had no phone" },
  not_registered: {
    now: "is not registered",
    was: "did not ring: it was not registered, so it was off or had no connection",
  },
  own_device: { now: "is the phone that calls", was: "did not ring: it was the phone that called" },
  rung_already: { now: "rings already", was: "was not rung again: it rang already in this step" },
  no_carrier: {
    now: "cannot be reached without a carrier",
    was: "did not ring: no carrier takes its number",
  },
  never_in_time: {
    now: "would only start when its time is over",
    was: "did not ring: its delay is as long as its time to ring, so it never gets its turn",
  },
  not_yet: { now: "is to ring later", was: "did not ring: its turn had not come yet" },
  unknown: { now: "does not exist", was: "did not ring: nobody of this name existed" },
  bound_reached: {
    now: "is one too many for one step",
    was: "did not ring: there were too many phones for one step",
  },
  permission: refusal("permission"),
  nobody_pays: refusal("nobody_pays"),
  place: refusal("place"),
  premium: refusal("premium"),
  user_calls_at_once: refusal("user_calls_at_once"),
  office_calls_at_once: refusal("office_calls_at_once"),
  user_minutes: refusal("user_minutes"),
  office_minutes: refusal("office_minutes"),
  anonymous: refusal("anonymous"),
};

/** Why a phone is not rung, completing "PHONE …"; undefined: not a reason of the ring plan. */
export function notRungNow(reason: string): string | undefined {
  return saidOf(reason)?.now;
}

/** Why a phone was not rung; a reason of a later release is said as it is written. */
export function notRungThen(reason: string): string {
  return saidOf(reason)?.was ?? `did not ring: ${plainWord(reason)}`;
}

function saidOf(reason: string): Said | undefined {
  return Object.hasOwn(NOT_RUNG, reason) ? NOT_RUNG[reason as keyof typeof NOT_RUNG] : undefined;
}

/** A word of a program as people write it. */
export function plainWord(word: string): string {
  return word.toLowerCase().replaceAll("_", " ");
}

const CAUSES: Readonly<Record<string, string>> = {
  USER_BUSY: "busy",
  CALL_REJECTED: "declined",
  NO_ANSWER: "stopped ringing",
  NO_USER_RESPONSE: "does not respond",
  LOSE_RACE: "told that the call was taken",
  ORIGINATOR_CANCEL: "cancelled, the caller gave up",
  NORMAL_CLEARING: "hung up",
  USER_NOT_REGISTERED: "is not registered",
  ALLOTTED_TIMEOUT: "rang too long",
};

/** The switch's cause of a leg's end, in words. */
export function causeNow(cause: string): string {
  return Object.hasOwn(CAUSES, cause) ? (CAUSES[cause] ?? "") : plainWord(cause);
}

export const ROLLOVER_NOW: Readonly<Record<WhatOf<"rollover">["why"], string>> = {
  timeout: "time is over, on to the next step",
  nothing_rings: "nothing rings any more, on to the next step",
  skipped: "sent on by a colleague",
};

/** Why nobody took a transfer. */
export const WHY_TRANSFER_FAILED: Readonly<Record<HangupReason, string>> = {
  normal: "its flow ends",
  busy: "busy",
  no_answer: "no answer",
  declined: "declined",
  unavailable: "unavailable",
  unassigned: "it leads nowhere",
};

/** A wrong or refused PIN. */
export const PIN_REFUSED: Readonly<Record<WhatOf<"pin_refused">["why"], (person: string) => string>> = {
  wrong: (person) => `a wrong PIN for ${person}`,
  locked: (person) => `a PIN for ${person}, which is locked after too many wrong ones`,
  none: (person) => `a PIN for ${person}, who has none`,
};
