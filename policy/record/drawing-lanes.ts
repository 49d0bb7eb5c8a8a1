/** What a drawing of a call shows: a lane for the caller and one for each phone, with what happened on it from when to when. */
import type { What } from "./happening.js";
import { phonesOf, talkEndMs } from "./phones.js";
import type { CallRecord, RecordLeg } from "./record.js";
import type { Names } from "./spoken-names.js";

/** In the order of the legend. */
export const SPAN_KINDS = ["dialling", "ringing", "prompt", "talk", "message"] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

export interface Span {
  readonly kind: SpanKind;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Lane {
  /** A person, or a number. */
  readonly title: string;
  /** Which of a person's phones; empty: there is only one. */
  readonly subtitle: string;
  /** A sentence without its subject. */
  readonly text: string;
  readonly spans: readonly Span[];
}

/** The caller's lane first. @param untilMs the end of the drawing, for what is not over */
export function lanesOf(record: CallRecord, names: Names, untilMs: number): Lane[] {
  const caller: Lane = {
    title: "Caller",
    subtitle: record.device === null || record.device === "" ? "" : `phone "${record.device}"`,
    text: names.caller(record),
    spans: callerSpans(record, untilMs),
  };
  const phones = phonesOf(record, names).map(({ who, device, text, leg }): Lane => {
    const known = record.legs.find((each) => each.leg === leg);
    const subtitle =
      device === "" || names.phone({ who, device }) === names.party(who)
        ? through(known)
        : `phone "${device}"`;
    return {
      title: names.party(who),
      subtitle,
      text,
      spans: known === undefined ? [] : legSpans(known, record, untilMs),
    };
  });
  return [caller, ...phones];
}

/** A number may be dialled through one carrier after the other. */
function through(leg: RecordLeg | undefined): string {
  const carrier = leg?.carrier ?? null;
  return carrier === null ? "" : `through ${carrier}`;
}

function legSpans(leg: RecordLeg, record: CallRecord, untilMs: number): Span[] {
  const { happenings } = record;
  const endMs = talkEndMs(leg, record, untilMs);
  const asked = happenings.find(({ what }) => what.kind === "leg_asked" && what.leg === leg.leg)?.atMs;
  return inOrder(
    [
      ["dialling", leg.dialledMs],
      ["ringing", leg.ringsMs],
      ["prompt", asked ?? null],
      ["talk", leg.connectedMs],
    ],
    endMs,
  );
}

/** Each lasts until the next one begins. */
function inOrder(begins: ReadonlyArray<readonly [SpanKind, number | null]>, endMs: number): Span[] {
  const known = begins.flatMap(([kind, fromMs]) => (fromMs === null ? [] : [{ kind, fromMs }]));
  return known
    .map(({ kind, fromMs }, index) => ({ kind, fromMs, toMs: known[index + 1]?.fromMs ?? endMs }))
    .filter(({ fromMs, toMs }) => toMs > fromMs);
}

/** What the caller hears. */
function callerSpans(record: CallRecord, untilMs: number): Span[] {
  const endMs = record.endedMs ?? untilMs;
  const begins: Array<readonly [SpanKind, number | null]> = [["dialling", record.beganMs]];
  for (const { atMs, what } of record.happenings) {
    const now = begins.at(-1)?.[0] ?? "dialling";
    const next = heardAfter(what, now, record, atMs);
    if (next !== now && atMs <= endMs) begins.push([next, atMs]);
  }
  return inOrder(begins, endMs);
}

function heardAfter(what: What, now: SpanKind, record: CallRecord, atMs: number): SpanKind {
  switch (what.kind) {
    case "leg_rings":
      return now === "dialling" ? "ringing" : now;
    case "connected":
      return "talk";
    case "prompt":
    case "greeting":
    case "listens":
      return "prompt";
    case "recording":
      return "message";
    case "transferred":
    case "step":
    case "rollover":
      return rings(record, atMs) ? "ringing" : "dialling";
    default:
      return now;
  }
}

function rings({ legs }: CallRecord, atMs: number): boolean {
  return legs.some(
    ({ ringsMs, answeredMs, endedMs }) =>
      ringsMs !== null && ringsMs <= atMs && (answeredMs ?? endedMs ?? Number.POSITIVE_INFINITY) > atMs,
  );
}
