/**
 * What a call counts for in the statistics: once for the whole office, and once for each number, user, group, schedule
 * and flow it came to. Counted when the call has ended.
 */
import { wallTime } from "../office/zone.js";
import { greetedMs } from "./greeted.js";
import { markOf } from "./marks.js";
import type { CallRecord, RecordLeg } from "./record.js";

/**
 * What calls are summed up under. `all` has the names `in`, `out` and `inside` (the direction). `number`, `user`, `group`,
 * `schedule` and `flow` count calls that came to them, from outside and within the office; `caller` those to outside that a
 * user made.
 */
export const SUM_KINDS = ["all", "number", "user", "group", "schedule", "flow", "caller"] as const;
export type SumKind = (typeof SUM_KINDS)[number];

/** What one call adds to one sum. */
export interface Tally {
  readonly kind: SumKind;
  readonly name: string;
  readonly isAnswered: boolean;
  readonly isMissed: boolean;
  readonly isMessage: boolean;
  readonly isRefused: boolean;
  /** How long the caller waited for an answer, or for a mailbox, or until they gave up; null: somebody else answered. */
  readonly waitMs: number | null;
  readonly talkMs: number;
}

/** When a call is counted: the day and hour in which it began, by the office's clock. */
export interface TallyTime {
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly hour: number;
}

export function tallyTime({ beganMs }: CallRecord, zone: string): TallyTime {
  const { day, minute } = wallTime(zone, beganMs);
  return { day, hour: Math.floor(minute / 60) };
}

/** Nothing for a call in progress, for one that is not ours, and for a person who listens to their messages. */
export function talliesOf(record: CallRecord): Tally[] {
  if (record.endedMs === null || record.result === "not_ours" || record.result === "listened") return [];
  const whole = tallyOfAll(record);
  const tallies: Tally[] = [{ kind: "all", name: record.direction, ...whole }];
  if (record.direction === "out")
    return record.user === null ? tallies : [...tallies, { kind: "caller", name: record.user, ...whole }];
  for (const target of cameTo(record)) {
    const { kind, name } = markOf(target);
    if (kind === "user" || kind === "group") tallies.push({ kind, name, ...tallyOfRung(record, kind, name) });
    else if (kind === "number" || kind === "schedule" || kind === "flow")
      tallies.push({ kind, name, ...whole });
  }
  return tallies;
}

type Counted = Omit<Tally, "kind" | "name">;

/** Whoever took the call. */
function tallyOfAll(record: CallRecord): Counted {
  const isAnswered = record.connectedMs !== null;
  const isMessage = record.messageIn !== null;
  return {
    isAnswered,
    isMissed: !isAnswered && record.result === "missed",
    isMessage,
    isRefused: isRefused(record),
    waitMs: waitedMs(record, isAnswered, isMessage),
    talkMs: record.connectedMs === null ? 0 : since(record.connectedMs, record.endedMs),
  };
}

function isRefused({ result }: CallRecord): boolean {
  return result === "refused" || result === "failed";
}

/** A user or a group: answered when a leg of theirs was connected, missed when nobody took the call after theirs rang. */
function tallyOfRung(record: CallRecord, kind: "user" | "group", name: string): Counted {
  const legs = record.legs.filter((leg) => isTheirs(leg, kind, name));
  const connected = legs.filter(isConnected);
  const rangMs = legs[0]?.dialledMs ?? record.beganMs;
  const isTaken = record.legs.some((leg) => isConnected(leg) && leg.connectedMs >= rangMs);
  const isMessage = record.messageIn === `${kind}:${name}`;
  const [first] = connected;
  const isAnswered = first !== undefined;
  return {
    isAnswered,
    isMissed: !isTaken && record.result === "missed",
    isMessage,
    isRefused: !isTaken && isRefused(record),
    waitMs: isAnswered
      ? since(waitBeganMs(record, first.connectedMs), first.connectedMs)
      : isTaken
        ? null
        : waitedMs(record, false, isMessage),
    talkMs: connected.reduce((sum, leg) => sum + since(leg.connectedMs, leg.endedMs ?? record.endedMs), 0),
  };
}

/** Whoever was transferred did not wait while they talked with somebody else before. */
function waitBeganMs({ beganMs, endedMs, legs }: CallRecord, connectedMs: number): number {
  const talked = legs.filter((leg) => isConnected(leg) && leg.connectedMs < connectedMs);
  return Math.max(
    beganMs,
    ...talked.map((leg) => Math.min(leg.endedMs ?? endedMs ?? connectedMs, connectedMs)),
  );
}

function isTheirs(leg: RecordLeg, kind: "user" | "group", name: string): boolean {
  return kind === "group" ? leg.group === name : leg.device !== "" && leg.who === name;
}

function isConnected(leg: RecordLeg): leg is RecordLeg & { readonly connectedMs: number } {
  return leg.connectedMs !== null;
}

/** A caller who is refused does not wait for anybody. */
function waitedMs(record: CallRecord, isAnswered: boolean, isMessage: boolean): number | null {
  if (isAnswered) return since(record.beganMs, record.connectedMs);
  if (isMessage) return since(record.beganMs, greetedMs(record) ?? record.endedMs);
  return record.result === "missed" ? since(record.beganMs, record.endedMs) : null;
}

/** A clock that was set back makes no negative times. */
function since(fromMs: number, toMs: number | null): number {
  return Math.max(0, (toMs ?? fromMs) - fromMs);
}

/** The targets a call came to, each once. A user who was only passed over did not get the call. */
function cameTo(record: CallRecord): Set<string> {
  const targets = new Set<string>();
  for (const { what } of record.happenings) {
    if (what.kind === "flow") for (const name of what.names) targets.add(name);
    // A number that a step names is rung by it, and is none of the office's.
    else if (what.kind === "step") for (const name of what.names.filter(isOffice)) targets.add(name);
    else if (what.kind === "step_outcome" && what.schedule !== null) targets.add(`schedule:${what.schedule}`);
    else if (what.kind === "leg_dialled") {
      if (what.device !== "" && what.who !== "") targets.add(`user:${what.who}`);
      if (what.group !== null) targets.add(`group:${what.group}`);
    }
  }
  return targets;
}

function isOffice(target: string): boolean {
  return !target.startsWith("number:");
}
