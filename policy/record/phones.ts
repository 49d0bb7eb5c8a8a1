/**
 * What became of each phone of a call: it rang from when to when and why it stopped, or why it did not ring. This answers
 * "why did my phone not ring?".
 */
import type { Party, WhatOf } from "./happening.js";
import type { CallRecord, RecordLeg } from "./record.js";
import type { Names } from "./spoken-names.js";
import { lengthInWords } from "./times.js";
import { notRungThen, plainWord } from "./words.js";

/** One phone, or a user as a whole. A phone that was rung twice is here twice. */
export interface PhoneStory extends Party {
  /** The phone's name for people. */
  readonly phone: string;
  /** The leg; null: there was none. */
  readonly leg: string | null;
  readonly fromMs: number | null;
  /** Null: it did not ring, or rings now. */
  readonly toMs: number | null;
  /** Completes "PHONE …". */
  readonly text: string;
}

/** In the order in which they were rung, or were to be rung. */
export function phonesOf(record: CallRecord, names: Names): PhoneStory[] {
  const seen = new Set<string>();
  return record.happenings.flatMap(({ what }): PhoneStory[] => {
    switch (what.kind) {
      case "leg_dialled": {
        const leg = record.legs.find((each) => each.leg === what.leg);
        return leg === undefined ? [] : [rungPhone(leg, record, names)];
      }
      case "not_rung": {
        const key = JSON.stringify([what.who, what.device, what.reason]);
        if (seen.has(key) || isNoLoss(what, record)) return [];
        seen.add(key);
        return [silentPhone(what, record, names)];
      }
      default:
        return [];
    }
  });
}

/** A phone that rings already is not missed in the same step. */
function isNoLoss({ reason, who, device }: WhatOf<"not_rung">, { legs }: CallRecord): boolean {
  return reason === "rung_already" && legs.some((leg) => leg.who === who && leg.device === device);
}

function rungPhone(leg: RecordLeg, record: CallRecord, names: Names): PhoneStory {
  const { who, device } = leg;
  const toMs = leg.answeredMs ?? leg.endedMs;
  return {
    who,
    device,
    phone: names.phone(leg, leg.to),
    leg: leg.leg,
    fromMs: leg.ringsMs,
    toMs: leg.ringsMs === null ? null : toMs,
    text: legInWords(leg, record, names),
  };
}

function silentPhone(what: WhatOf<"not_rung">, record: CallRecord, names: Names): PhoneStory {
  const { who, device } = what;
  return {
    who,
    device,
    phone: names.phone(what),
    leg: null,
    fromMs: null,
    toMs: null,
    text: notRungInWords(what, record, names),
  };
}

/** Why a phone did not ring, completing "PHONE …". */
export function notRungInWords(what: WhatOf<"not_rung">, record: CallRecord, names: Names): string {
  if (what.reason !== "not_yet") return notRungThen(what.reason);
  const dueMs = what.dueMs ?? null;
  const due = dueMs === null ? "later" : `after ${lengthInWords(dueMs)}`;
  return `did not ring: it was to ring ${due}, and ${whyTooLate(record, names)} before`;
}

/** What ended the ringing first. The step may also have gone on to another, which then is in the story. */
function whyTooLate({ ending, connectedMs, legs }: CallRecord, names: Names): string {
  const taker = legs.find((leg) => leg.connectedMs !== null && leg.connectedMs === connectedMs);
  if (taker !== undefined) return `${names.party(taker.who)} took the call`;
  return ending?.kind === "missed" ? "the caller hung up" : "the step was over";
}

function legInWords(leg: RecordLeg, record: CallRecord, names: Names): string {
  if (leg.endedMs === null) return liveInWords(leg);
  const rang =
    leg.ringsMs === null ? null : `rang for ${lengthInWords((leg.answeredMs ?? leg.endedMs) - leg.ringsMs)}`;
  if (leg.connectedMs !== null)
    return `${rang === null ? "" : `${rang}, `}was answered, and had the call for ${lengthInWords(talkEndMs(leg, record, leg.endedMs) - leg.connectedMs)}`;
  const { until, byItself } = legEnd(leg, record, names);
  if (leg.answeredMs !== null)
    return `${rang ?? ""}${rang === null ? "" : ", "}was answered, but ${byItself}`;
  if (until !== null) return rang === null ? `did not ring: ${until} before` : `${rang}, until ${until}`;
  return rang === null ? `did not ring: it ${byItself}` : `${rang}, then ${byItself}`;
}

/** Until when a leg talked: after a transfer the phone stays a moment to hear what becomes of it. */
export function talkEndMs(leg: RecordLeg, record: CallRecord, untilMs: number): number {
  return transferBy(leg, record)?.atMs ?? leg.endedMs ?? untilMs;
}

export function hasHandedOver(leg: RecordLeg, record: CallRecord): boolean {
  return transferBy(leg, record) !== undefined;
}

function transferBy({ who, connectedMs, endedMs }: RecordLeg, { happenings }: CallRecord) {
  if (connectedMs === null) return undefined;
  return happenings.find(
    ({ atMs, what }) =>
      what.kind === "transferred" &&
      what.by === who &&
      atMs >= connectedMs &&
      atMs <= (endedMs ?? Number.POSITIVE_INFINITY),
  );
}

function liveInWords({ ringsMs, answeredMs, connectedMs }: RecordLeg): string {
  if (connectedMs !== null) return "is in the call now";
  if (answeredMs !== null) return "is answered, and is to press 1";
  return ringsMs === null ? "is being dialled" : "rings now";
}

/** Why a leg that was never connected ended; one of the two. */
export interface LegEnd {
  /** It was ended by us: what had happened, as in "rang until Bob Stone took the call". */
  readonly until: string | null;
  /**
   * It ended by itself, completing "PHONE …": `was busy (SIP 486)`. Of a leg that was answered, a sentence: `nobody pressed 1
   * in time`.
   */
  readonly byItself: string;
}

export function legEnd(leg: RecordLeg, record: CallRecord, names: Names): LegEnd {
  const until = untilOf(leg, record, names);
  const seen = leg.isEndSeen ? "" : ", at the latest at this time";
  const status = leg.status === null ? "" : ` (SIP ${leg.status})`;
  return { until, byItself: `${byItselfOf(leg, record)}${status}${seen}` };
}

function untilOf(leg: RecordLeg, record: CallRecord, names: Names): string | null {
  if (leg.answeredMs !== null) return null;
  if (leg.cause === "LOSE_RACE") return `${takerOf(leg, record, names)} took the call`;
  if (leg.cause === "ORIGINATOR_CANCEL" && leg.side !== "callee") return "the caller hung up";
  return leg.side === "office" ? "its time to ring was over" : null;
}

/** Who was connected when this leg was told that it had lost. */
function takerOf({ leg, endedMs }: RecordLeg, record: CallRecord, names: Names): string {
  const others = record.legs.filter((each) => each.leg !== leg && each.connectedMs !== null);
  const before = others.filter(({ connectedMs }) => (connectedMs ?? 0) <= (endedMs ?? 0));
  const taker = before.at(-1) ?? others[0];
  return taker === undefined ? "somebody else" : names.party(taker.who);
}

function byItselfOf(leg: RecordLeg, record: CallRecord): string {
  if (leg.answeredMs !== null) return answeredEnd(leg, record);
  return leg.cause === "ORIGINATOR_CANCEL" ? "gave up" : saidByPhone(leg);
}

/** A phone that was answered, and was not connected. */
function answeredEnd({ leg, side, cause }: RecordLeg, { happenings }: CallRecord): string {
  const has = (kind: "leg_declines" | "leg_asked" | "winner_lost") =>
    happenings.some(({ what }) => what.kind === kind && what.leg === leg);
  if (has("leg_declines")) return "the call was declined by key";
  if (has("winner_lost")) return "it was lost before it was connected";
  if (cause === "LOSE_RACE") return "somebody else had taken the call";
  if (cause === "ORIGINATOR_CANCEL") return "the caller had hung up";
  if (!has("leg_asked")) return "it hung up before it was connected";
  return side === "office"
    ? "nobody pressed 1 in time, as with an answering machine"
    : "it hung up without pressing 1";
}

/** By the final SIP status of the phone or of the network (RFC 3261, 21.4 to 21.6). */
const STATUS: Readonly<Record<number, string>> = {
  403: "was refused",
  404: "was not known at the other end",
  408: "did not respond",
  410: "is not in use any more",
  480: "was not available, as when it is set to do not disturb",
  484: "has a number that is not complete",
  486: "was busy",
  488: "could not take this kind of call",
  500: "could not be reached, as the other end has failed",
  502: "could not be reached, as the network has failed",
  503: "could not be reached, as the network is out of service or too busy",
  504: "did not respond",
  600: "was busy",
  603: "declined the call",
  604: "was not known at the other end",
  606: "could not take this kind of call",
};

/** By the switch's cause, where no status came. */
const CAUSE: Readonly<Record<string, string>> = {
  USER_BUSY: "was busy",
  CALL_REJECTED: "declined the call",
  NO_ANSWER: "did not answer",
  NO_USER_RESPONSE: "was not available, as when it is set to do not disturb",
  USER_NOT_REGISTERED: "was not registered, so it was off or had no connection",
  SUBSCRIBER_ABSENT: "was not registered, so it was off or had no connection",
  UNALLOCATED_NUMBER: "was not known at the other end",
  NUMBER_CHANGED: "is not in use any more",
  RECOVERY_ON_TIMER_EXPIRE: "did not respond",
  ALLOTTED_TIMEOUT: "rang too long",
  INCOMPATIBLE_DESTINATION: "could not take this kind of call",
  NORMAL_TEMPORARY_FAILURE: "could not be reached, as the network is out of service or too busy",
  NETWORK_OUT_OF_ORDER: "could not be reached, as the network has failed",
  NORMAL_CLEARING: "hung up",
  LOST: "was lost, and nobody saw how",
  REFUSED: "could not be dialled",
};

function saidByPhone({ status, cause }: RecordLeg): string {
  if (status !== null && Object.hasOwn(STATUS, status)) return STATUS[status] ?? "";
  if (cause !== null && Object.hasOwn(CAUSE, cause)) return CAUSE[cause] ?? "";
  return cause === null ? "ended" : `ended: ${plainWord(cause)}`;
}
