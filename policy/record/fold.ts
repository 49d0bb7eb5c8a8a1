/** Makes the record of a call of its happenings. */
import type { Happening, RecordEnding, What, WhatOf } from "./happening.js";
import type { CallRecord, RecordLeg, Result } from "./record.js";

type Changing<T> = { -readonly [K in keyof T]: T[K] };

/** The record of one call. @param happenings all of the call's, in the order they were written */
export function recordOf(happenings: readonly Happening[]): CallRecord {
  const record = emptyRecord(happenings);
  const legs = new Map<string, Changing<RecordLeg>>();
  const about = new Set<string>();
  for (const { atMs, what } of happenings) {
    take(record, atMs, what);
    takeLeg(record, legs, atMs, what);
    for (const name of namesIn(what)) about.add(name);
  }
  return { ...record, about: [...about], legs: [...legs.values()] };
}

function emptyRecord(happenings: readonly Happening[]): Changing<CallRecord> {
  const [first] = happenings;
  return {
    ...{ id: first?.call ?? "", direction: "in", from: "", name: "", isWithheld: false, user: null },
    ...{ device: null, called: "", revision: 0, carrier: null, sipCallId: null, engines: [] },
    ...{ beganMs: first?.atMs ?? 0, firstRingMs: null, connectedMs: null, endedMs: null, ending: null },
    ...{ result: "live", side: null, cause: null, isEndSeen: true, answeredBy: null, messageIn: null },
    ...{ about: [], isEmergency: false, legs: [], happenings },
  };
}

function take(record: Changing<CallRecord>, atMs: number, what: What): void {
  switch (what.kind) {
    case "began": {
      const { kind: _, engine, ...began } = what;
      Object.assign(record, began, { beganMs: atMs, engines: [...record.engines, engine] });
      break;
    }
    case "adopted":
      if (record.engines.at(-1) !== what.engine) record.engines = [...record.engines, what.engine];
      // The call lives, whatever was believed before.
      Object.assign(record, { endedMs: null, ending: null, result: "live", side: null, cause: null });
      record.isEndSeen = true;
      break;
    case "connected":
      record.connectedMs ??= atMs;
      record.answeredBy = what.who;
      break;
    case "emergency":
      record.isEmergency = true;
      break;
    case "ended":
      Object.assign(record, { endedMs: atMs, ending: what.ending, side: what.side, cause: what.cause });
      record.isEndSeen = what.isSeen;
      record.result = resultOf(what.ending, record);
      if (what.ending.kind === "message") record.messageIn = what.ending.box;
      break;
    default:
  }
}

function resultOf(ending: RecordEnding, { connectedMs }: CallRecord): Result {
  switch (ending.kind) {
    case "answered":
    case "missed":
    case "message":
    case "listened":
    case "failed":
    case "not_ours":
      return ending.kind;
    case "hung_up":
      return "refused";
    case "lost":
      return connectedMs === null ? "missed" : "answered";
  }
}

type LegKind = `leg_${"rings" | "answered" | "ended"}` | "connected";

function takeLeg(
  record: Changing<CallRecord>,
  legs: Map<string, Changing<RecordLeg>>,
  atMs: number,
  what: What,
): void {
  if (what.kind === "leg_dialled") {
    const { kind: _, ...dialled } = what;
    legs.set(what.leg, {
      ...dialled,
      ...{ dialledMs: atMs, ringsMs: null, answeredMs: null, connectedMs: null, endedMs: null },
      ...{ cause: null, status: null, side: null, isEndSeen: true },
    });
    return;
  }
  if (!isOfLeg(what)) return;
  if (what.kind === "leg_rings") record.firstRingMs ??= atMs;
  const leg = legs.get(what.leg);
  if (leg === undefined) return;
  if (what.kind === "leg_rings") leg.ringsMs ??= atMs;
  else if (what.kind === "leg_answered") leg.answeredMs ??= atMs;
  else if (what.kind === "connected") leg.connectedMs ??= atMs;
  else {
    const { cause, status, side, isSeen } = what;
    Object.assign(leg, { endedMs: atMs, cause, status, side, isEndSeen: isSeen });
  }
}

function isOfLeg(what: What): what is WhatOf<LegKind> {
  return ["leg_rings", "leg_answered", "leg_ended", "connected"].includes(what.kind);
}

function namesIn(what: What): readonly string[] {
  switch (what.kind) {
    case "flow":
      return [what.source];
    case "step":
      return what.names;
    case "leg_dialled":
    case "not_rung":
      return [
        ...(what.device === "" ? [] : [`user:${what.who}`]),
        ...(what.group === null ? [] : [`group:${what.group}`]),
      ];
    default:
      return [];
  }
}
