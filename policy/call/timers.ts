/**
 * The timers of a call. An armed timer is part of the call's state: its id, and when it is due. It comes back as an
 * input with that id. Every id is made and read here; a timer that belongs to one kind of step alone is declared in the
 * kind's folder (`StepTimers`).
 */
import type { StepTimers } from "../steps/types.js";

/** Timers of which a call has one at most, beside those of steps. */
type SharedTimer =
  /** The reply to the claim. */
  | "claim"
  /** Dialogue: what is said, or the time to think after it. */
  | "say"
  /** Dialogue: the mailbox's answer. */
  | "answer"
  /** Dialogue: the end of a recording. */
  | "record"
  /** When the switch is asked about a recording, or whether a sound has ended. */
  | "check"
  /** Dialogue: the same, when two inspections have shown nothing of a recording. */
  | "quiet"
  /** A phone that was told that its transfer failed hangs up. */
  | "told"
  /** The caller's leg goes. */
  | "release";

type CallTimer = SharedTimer | keyof StepTimers;

/**
 * Timers of one leg: its dialling, its carrier's silence, its decision, a kill that is repeated, and telling that another
 * leg took the call.
 */
type LegTimer = "dial" | "carrier" | "decide" | "kill" | "taken";

/** Timers of one station of a ring step: when it begins to ring, and when it stops. */
type StationTimer = "start" | "end";

export type TimerId = CallTimer | `${LegTimer}:${string}` | `${StationTimer}:${number}`;

/** Every kind, so that an id can be told from other text; the compiler misses one that is not here. */
const SHARED_TIMERS: Readonly<Record<SharedTimer, true>> = {
  claim: true,
  say: true,
  answer: true,
  record: true,
  check: true,
  quiet: true,
  told: true,
  release: true,
};
const LEG_TIMERS: Readonly<Record<LegTimer, true>> = {
  dial: true,
  carrier: true,
  decide: true,
  kill: true,
  taken: true,
};
const STATION_TIMERS: Readonly<Record<StationTimer, true>> = { start: true, end: true };

/**
 * Whether this is a timer's id: in a saved state it is text like any other.
 * @param ofSteps the timers of all kinds of steps
 */
export function isTimerId(text: string, ofSteps: Readonly<Record<keyof StepTimers, true>>): text is TimerId {
  const [, kind = "", about] = /^([a-z]+)(?::(.+))?$/.exec(text) ?? [];
  if (about === undefined) return Object.hasOwn(SHARED_TIMERS, kind) || Object.hasOwn(ofSteps, kind);
  return Object.hasOwn(LEG_TIMERS, kind) || (Object.hasOwn(STATION_TIMERS, kind) && /^[0-9]+$/.test(about));
}

/** Armed timers: id -> due, milliseconds since the epoch. */
export type Timers = Readonly<Record<string, number>>;

export function legTimer(kind: LegTimer, leg: string): TimerId {
  return `${kind}:${leg}`;
}

export function stationTimer(kind: StationTimer, station: number): TimerId {
  return `${kind}:${station}`;
}

export type Timer =
  | { readonly kind: CallTimer }
  | { readonly kind: LegTimer; readonly leg: string }
  | { readonly kind: StationTimer; readonly station: number };

export function parseTimer(id: TimerId): Timer {
  const cut = id.indexOf(":");
  if (cut < 0) return { kind: id as CallTimer };
  const kind = id.slice(0, cut) as LegTimer | StationTimer;
  const about = id.slice(cut + 1);
  return kind === "start" || kind === "end" ? { kind, station: Number(about) } : { kind, leg: about };
}

export function isArmed(timers: Timers, id: TimerId): boolean {
  return id in timers;
}

export function isDue(timers: Timers, id: TimerId, atMs: number): boolean {
  const dueMs = timers[id];
  return dueMs !== undefined && dueMs <= atMs;
}

export function isOfLeg(id: TimerId, leg: string): boolean {
  return id.endsWith(leg) && id[id.length - leg.length - 1] === ":";
}

/** Whether a timer belongs to the stations of a ring step. */
export function isOfStation(id: TimerId): boolean {
  return id.startsWith("start:") || id.startsWith("end:");
}

/**
 * Whether a timer outlives the step in which it was armed: it ends a leg that no step waits for any more, or it waits for a
 * claim that was made by an answer, whatever rings until that is known.
 */
export function outlivesStep(id: TimerId): boolean {
  return isKill(id) || id.startsWith("taken:") || id === "claim";
}

export function isKill(id: TimerId): boolean {
  return id.startsWith("kill:");
}

/** The timers without those for which `isGone` is true. */
export function withoutTimers(timers: Timers, isGone: (id: TimerId) => boolean): Timers {
  const ids = Object.keys(timers) as TimerId[];
  if (!ids.some(isGone)) return timers;
  const left: Record<string, number> = {};
  for (const id of ids) if (!isGone(id)) left[id] = timers[id] ?? 0;
  return left;
}

/** When the next timer is due; undefined: none is armed. */
export function nextDueMs(timers: Timers): number | undefined {
  let next: number | undefined;
  for (const dueMs of Object.values(timers)) if (next === undefined || dueMs < next) next = dueMs;
  return next;
}

/** The timers that are due, in the order in which they were. */
export function dueTimers(timers: Timers, atMs: number): readonly TimerId[] {
  return Object.entries(timers)
    .filter(([, dueMs]) => dueMs <= atMs)
    .sort((a, b) => a[1] - b[1])
    .map(([id]) => id as TimerId);
}
