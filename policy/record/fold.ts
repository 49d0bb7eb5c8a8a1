/**
 * Makes a call's record of its happenings. The same happenings give the same record, however they are portioned. What an
 * engine found when it took a call over may be in the record already, and then changes nothing.
 */
import type { NotRungReason } from "../ring/plan.js";
import type { Happening, RecordEnding, What, WhatKind, WhatOf } from "./happening.js";
import type { CallRecord, RecordLeg, Result } from "./record.js";

type Draft = { -readonly [K in keyof CallRecord]: CallRecord[K] } & {
  legs: RecordLeg[];
  happenings: Happening[];
  about: string[];
};

/** Of what may come without end, no more than so much is kept of one call. */
const HAPPENINGS_MAX = 1_000;
const ENDLESS: ReadonlySet<WhatKind> = new Set<WhatKind>([
  "digits",
  "prompt",
  "step",
  "step_outcome",
  "not_rung",
  "bound_reached",
  "recording",
  "greeting",
]);

/** @param happenings of one call, in the order in which they were written; at least one if there is no record yet */
export function fold(record: CallRecord | undefined, happenings: readonly Happening[]): CallRecord {
  const draft = record === undefined ? emptyRecord(happenings) : draftOf(record);
  for (const happening of happenings) if (apply(draft, happening)) draft.happenings.push(happening);
  return draft;
}

/**
 * What makes a record of a call that has none. An end alone makes none: an engine tells it of a call that began in another
 * database, or whose record was deleted, when it finds the call's message or sees that its caller is gone.
 * @param happenings of one call, in the order in which they were written
 */
export function recordable(happenings: readonly Happening[]): readonly Happening[] {
  const first = happenings.findIndex(({ what }) => what.kind !== "ended");
  return first === -1 ? [] : happenings.slice(first);
}

/** @param happenings all of one call, in the order in which they were written */
export function recordOf(happenings: readonly Happening[]): CallRecord {
  return fold(undefined, happenings);
}

function draftOf(record: CallRecord): Draft {
  return {
    ...record,
    legs: [...record.legs],
    happenings: [...record.happenings],
    about: [...record.about],
  };
}

/** @throws Error when there is no happening: there is no record of nothing */
function emptyRecord([first]: readonly Happening[]): Draft {
  if (first === undefined) throw new Error("a record is made of at least one happening");
  return {
    id: first.call,
    direction: "in",
    from: "",
    name: "",
    isWithheld: false,
    user: null,
    device: null,
    called: "",
    revision: 0,
    carrier: null,
    sipCallId: null,
    partOf: null,
    engines: [],
    beganMs: first.atMs,
    firstRingMs: null,
    connectedMs: null,
    endedMs: null,
    ending: null,
    result: "live",
    side: null,
    cause: null,
    isEndSeen: true,
    answeredBy: null,
    messageIn: null,
    about: [],
    isEmergency: false,
    legs: [],
    happenings: [],
  };
}

/** @returns whether the happening is news */
function apply(draft: Draft, happening: Happening): boolean {
  const { what } = happening;
  if (draft.happenings.length >= HAPPENINGS_MAX && ENDLESS.has(what.kind)) return false;
  switch (what.kind) {
    case "began":
      return began(draft, happening, what);
    case "adopted":
      engineCarries(draft, what.engine);
      // It was taken for lost.
      if (draft.endedMs !== null) reopen(draft);
      return true;
    case "ended":
      return ended(draft, happening, what);
    case "leg_dialled":
    case "leg_rings":
    case "leg_answered":
    case "connected":
    case "leg_ended":
      return ofLeg(draft, happening, what);
    default:
      return other(draft, happening, what);
  }
}

function other(draft: Draft, { isFound }: Happening, what: What): boolean {
  switch (what.kind) {
    case "flow":
      if (isFound === true && lastOf(draft, "flow")?.source === what.source) return false;
      isAbout(draft, what.names);
      return true;
    case "step":
      isAbout(draft, what.names);
      return true;
    case "greeting":
    case "recording":
    case "mailbox_refused":
      isAbout(draft, [what.box]);
      return true;
    case "listens":
      isAbout(draft, [`user:${what.username}`, what.box]);
      return true;
    case "not_rung":
      isAbout(draft, [...passedOver(what), ...(what.group === null ? [] : [`group:${what.group}`])]);
      return true;
    case "emergency":
      // Nobody needs help who only tries the number.
      draft.isEmergency ||= !what.isTest;
      return true;
    default:
      return true;
  }
}

function isAbout(draft: Draft, names: readonly string[]): void {
  for (const name of names) if (!draft.about.includes(name)) draft.about.push(name);
}

/** A number outside that is nobody's device is no user. */
function userNames({ who, device }: { readonly who: string; readonly device: string }): string[] {
  return device === "" || who === "" ? [] : [`user:${who}`];
}

/** For these reasons a user is passed over as a whole, and no phone of theirs is named. */
const OF_USERS: ReadonlySet<string> = new Set<NotRungReason>([
  "calls_off",
  "suspended",
  "no_device",
  "anonymous",
]);

/** Whoever asks why their phone did not ring looks for the call by their name. */
function passedOver(what: WhatOf<"not_rung">): string[] {
  return OF_USERS.has(what.reason) && what.who !== "" ? [`user:${what.who}`] : userNames(what);
}

function engineCarries(draft: Draft, engine: string): void {
  if (draft.engines.at(-1) !== engine) draft.engines = [...draft.engines, engine];
}

function lastOf<K extends WhatKind>({ happenings }: Draft, kind: K): WhatOf<K> | undefined {
  return happenings.findLast(({ what }) => what.kind === kind)?.what as WhatOf<K> | undefined;
}

/**
 * A call begins again when an engine dies before it has saved anything of it, or when another engine has released it. One
 * caller has one record.
 */
function began(draft: Draft, { atMs, isFound }: Happening, what: WhatOf<"began">): boolean {
  const isKnown = draft.happenings.some((earlier) => earlier.what.kind === "began");
  if (isKnown && isFound === true) {
    draft.carrier ??= what.carrier;
    draft.sipCallId ??= what.sipCallId;
    return false;
  }
  const { kind: _kind, engine, carrier, sipCallId, partOf, ...caller } = what;
  Object.assign(draft, caller, {
    carrier: carrier ?? draft.carrier,
    sipCallId: sipCallId ?? draft.sipCallId,
    partOf: partOf ?? draft.partOf,
    beganMs: Math.min(draft.beganMs, atMs),
  });
  engineCarries(draft, engine);
  if (what.user !== null) isAbout(draft, [`user:${what.user}`]);
  if (draft.endedMs !== null) reopen(draft);
  return true;
}

function reopen(draft: Draft): void {
  draft.endedMs = null;
  draft.ending = null;
  draft.result = "live";
  draft.side = null;
  draft.cause = null;
  draft.isEndSeen = true;
}

// ---- Legs -----------------------------------------------------------------------------------------------

type OfLeg = WhatOf<"leg_dialled" | "leg_rings" | "leg_answered" | "connected" | "leg_ended">;

function ofLeg(draft: Draft, happening: Happening, what: OfLeg): boolean {
  const { atMs, isFound } = happening;
  // An id may come twice: an engine that begins a call anew derives the same ids.
  const at = draft.legs.findLastIndex(({ leg }) => leg === what.leg);
  const leg = draft.legs[at];
  if (what.kind === "leg_dialled") {
    if (leg !== undefined && isFound === true) return false;
    if (leg !== undefined && leg.endedMs === null) draft.legs[at] = lost(leg, atMs);
    dialled(draft, atMs, what);
    return true;
  }
  if (what.kind === "connected") return connected(draft, happening, what, at);
  if (leg === undefined) return false;
  const now = withHappening(leg, atMs, what);
  if (now === leg) return false;
  draft.legs[at] = now;
  if (what.kind === "leg_ended" && leg.endedMs !== null) return correctEnd(draft, now, happening);
  if (what.kind === "leg_rings") draft.firstRingMs ??= atMs;
  return true;
}

function dialled(draft: Draft, atMs: number, what: WhatOf<"leg_dialled">): void {
  const { kind: _kind, ...leg } = what;
  draft.legs.push({
    ...leg,
    dialledMs: atMs,
    ringsMs: null,
    answeredMs: null,
    connectedMs: null,
    endedMs: null,
    cause: null,
    status: null,
    side: null,
    isEndSeen: true,
    sipCallId: null,
  });
  isAbout(draft, [...userNames(leg), ...(leg.group === null ? [] : [`group:${leg.group}`])]);
}

/** The same leg: nothing of it is new. */
function withHappening(
  leg: RecordLeg,
  atMs: number,
  what: WhatOf<"leg_rings" | "leg_answered" | "leg_ended">,
): RecordLeg {
  // A leg that counted as lost may show itself after that.
  const isOver = leg.endedMs !== null && leg.isEndSeen;
  if (what.kind === "leg_rings") return leg.ringsMs === null && !isOver ? { ...leg, ringsMs: atMs } : leg;
  if (what.kind === "leg_answered")
    return leg.answeredMs === null && !isOver ? { ...leg, answeredMs: atMs } : leg;
  return isOver ? completed(leg, what) : legEnded(leg, atMs, what);
}

/**
 * Another end of a leg was told before. If this one only says more of it, that one says it now; if that one was a guess, it
 * was none. @returns whether the happening is news of its own
 */
function correctEnd({ happenings }: Draft, leg: RecordLeg, { call }: Happening): boolean {
  const at = happenings.findLastIndex(({ what }) => what.kind === "leg_ended" && what.leg === leg.leg);
  const told = happenings[at];
  if (told?.what.kind !== "leg_ended") return true;
  if (!told.what.isSeen) {
    happenings.splice(at, 1);
    return true;
  }
  const { status, side, sipCallId } = leg;
  happenings[at] = {
    call,
    atMs: told.atMs,
    what: { ...told.what, status, side: side ?? told.what.side, sipCallId },
  };
  return false;
}

function legEnded(leg: RecordLeg, atMs: number, what: WhatOf<"leg_ended">): RecordLeg {
  if (leg.endedMs !== null && !what.isSeen) return leg;
  const { cause, status, side, isSeen } = what;
  return { ...leg, endedMs: atMs, cause, status, side, isEndSeen: isSeen, sipCallId: what.sipCallId };
}

/** The end of a dialling, and of its channel, are two events: the one has the cause, the other the status as well. */
function completed(leg: RecordLeg, { status, sipCallId, side }: WhatOf<"leg_ended">): RecordLeg {
  const isNews = (leg.status === null && status !== null) || (leg.sipCallId === null && sipCallId !== null);
  if (!isNews) return leg;
  return {
    ...leg,
    status: leg.status ?? status,
    sipCallId: leg.sipCallId ?? sipCallId,
    side: status === null ? leg.side : side,
  };
}

function lost(leg: RecordLeg, atMs: number): RecordLeg {
  return { ...leg, endedMs: atMs, cause: "LOST", side: "unknown", isEndSeen: false };
}

function connected(
  draft: Draft,
  { atMs, isFound }: Happening,
  what: WhatOf<"connected">,
  at: number,
): boolean {
  if (isFound === true && lastOf(draft, "connected")?.leg === what.leg) return false;
  const leg = draft.legs[at];
  if (leg !== undefined) draft.legs[at] = { ...leg, connectedMs: leg.connectedMs ?? atMs };
  draft.connectedMs ??= atMs;
  if (what.who !== "") draft.answeredBy = what.who;
  isAbout(draft, userNames(what));
  return true;
}

// ---- The end --------------------------------------------------------------------------------------------

function ended(draft: Draft, happening: Happening, what: WhatOf<"ended">): boolean {
  if (draft.endedMs !== null) return isMessageFound(draft, what);
  const { atMs } = happening;
  const gone = draft.happenings.findLast((earlier) => earlier.what.kind === "caller_gone");
  const told = gone?.what.kind === "caller_gone" ? gone.what : undefined;
  const ending = endingOf(draft, what, told?.isSeen === true);
  const side = what.side === "unknown" ? (told?.side ?? what.side) : what.side;
  const cause = what.cause ?? told?.cause ?? null;
  const isEndSeen = told?.isSeen ?? what.isSeen;
  Object.assign(draft, { endedMs: gone?.atMs ?? atMs, ending, side, cause, isEndSeen });
  if (ending.kind === "message") draft.messageIn = ending.box;
  if (ending.kind === "answered" && ending.by !== "") draft.answeredBy ??= ending.by;
  if (ending.kind === "answered" && ending.by === "" && draft.answeredBy !== null)
    draft.ending = { kind: "answered", by: draft.answeredBy };
  draft.result = resultOf(draft, ending);
  const isTold = ending === what.ending;
  // How the caller went was seen: the end is told with that, and not for the time at which an engine looked again.
  const toldMs = isTold ? atMs : (draft.happenings.at(-1)?.atMs ?? atMs);
  draft.legs = draft.legs.map((leg) => (leg.endedMs === null ? lost(leg, toldMs) : leg));
  if (isTold) return true;
  const instead = { kind: "ended", ending, side, cause, isSeen: isEndSeen } as const;
  draft.happenings.push({ call: draft.id, atMs: toldMs, what: instead });
  return false;
}

/** An engine saw the caller go and died: the call was not lost, only the rest of it. */
function endingOf(
  { connectedMs, answeredBy, happenings }: Draft,
  { ending }: WhatOf<"ended">,
  isGoneSeen: boolean,
): RecordEnding {
  if (ending.kind !== "lost" || !isGoneSeen) return ending;
  if (connectedMs !== null) return { kind: "answered", by: answeredBy ?? "" };
  const listens = happenings.findLast(({ what }) => what.kind === "listens")?.what;
  return listens?.kind === "listens" ? { kind: "listened", by: listens.username } : { kind: "missed" };
}

/** The end of a call was told, and its message is found after that: a recording that the end of an engine cut off. */
function isMessageFound(draft: Draft, { ending }: WhatOf<"ended">): boolean {
  const told = draft.ending?.kind;
  if (ending.kind !== "message" || (told !== "lost" && told !== "missed")) return false;
  draft.ending = ending;
  draft.messageIn = ending.box;
  draft.result = "message";
  return true;
}

function resultOf({ connectedMs, happenings }: Draft, ending: RecordEnding): Result {
  switch (ending.kind) {
    case "answered":
    case "missed":
    case "message":
    case "listened":
    case "failed":
    case "not_ours":
      return ending.kind;
    case "shed":
      return "refused";
    case "lost":
      if (connectedMs !== null) return "answered";
      return happenings.some(({ what }) => what.kind === "listens") ? "listened" : "missed";
    case "hung_up":
      if (ending.reason === "unassigned") return "refused";
      return happenings.some(({ what }) => what.kind === "refused") ? "refused" : "missed";
  }
}
