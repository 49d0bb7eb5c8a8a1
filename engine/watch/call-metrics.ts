/**
 * The metrics of calls that are made of what is kept of each call: waits, ringing, legs by cause, accept prompts. Between
 * two happenings of a call it remembers a few times, and for a while after the call's end: what
 * becomes of a leg may be told later, and more than once.
 */
import type { Counter, Histogram } from "prom-client";
import type { Happening, RecordEnding, WhatOf } from "../../policy/record/happening.js";
import { causeLabel } from "./metric-catalogue.js";
import type { MetricMakers } from "./metric-makers.js";

interface LegTimes {
  ringsMs: number | null;
  isAnswered: boolean;
  /** It hears "press 1 to accept", and has not said. */
  isAsked: boolean;
  isEnded: boolean;
}

interface CallTimes {
  /** Null: the call began with another engine. */
  beganMs: number | null;
  /** When a mailbox last took the call. */
  greetedMs: number | null;
  hasRung: boolean;
  /** How the wait ended was counted. */
  isWaitOver: boolean;
  readonly legs: Map<string, LegTimes>;
}

/** More calls than any switch carries. A call of which no end comes is forgotten for the next one. */
const CALLS_MAX = 20_000;
/** A call is remembered until so many others have ended after it. */
const OVER_MAX = 100;

export class CallMetrics {
  readonly #calls = new Map<string, CallTimes>();
  /** Calls that have ended, in their order. */
  readonly #over = new Set<string>();
  readonly #wait: Histogram;
  readonly #firstRing: Histogram;
  readonly #ring: Histogram;
  readonly #legs: Counter;
  readonly #prompts: Counter;
  readonly #announcements: Counter;
  readonly #adoptions: Counter;

  constructor(make: MetricMakers) {
    this.#wait = make.histogram("call_wait_seconds");
    this.#firstRing = make.histogram("call_first_ring_seconds");
    this.#ring = make.histogram("leg_ring_seconds");
    this.#legs = make.counter("legs_ended_total");
    this.#prompts = make.counter("prompts_total");
    this.#announcements = make.counter("announcements_total");
    this.#adoptions = make.counter("adoptions_total");
  }

  /** Calls of which something is remembered. */
  get remembered(): number {
    return this.#calls.size;
  }

  happened({ call, atMs, what }: Happening): void {
    switch (what.kind) {
      case "began":
        this.#timesOf(call).beganMs = atMs;
        return;
      case "leg_rings":
        this.#rings(this.#timesOf(call), what.leg, atMs);
        return;
      case "leg_answered":
        this.#answered(this.#timesOf(call), what.leg, atMs);
        return;
      case "leg_asked":
        legOf(this.#timesOf(call), what.leg).isAsked = true;
        return;
      case "leg_accepts":
      case "leg_declines":
        this.#said(this.#timesOf(call), what);
        return;
      case "leg_ended":
        this.#legEnded(this.#timesOf(call), what, atMs);
        return;
      case "connected":
        this.#waited(this.#timesOf(call), "answered", atMs);
        return;
      case "greeting":
        this.#timesOf(call).greetedMs = atMs;
        return;
      case "recording": {
        const times = this.#timesOf(call);
        this.#waited(times, "message", times.greetedMs ?? atMs);
        return;
      }
      case "prompt":
        this.#announcements.inc({ result: what.isMissing === true ? "missing" : "played" });
        return;
      case "adopted":
        this.#adoptions.inc({ result: "taken_over" });
        return;
      case "ended":
        this.#ended(call, what.ending, atMs);
        return;
      default:
        return;
    }
  }

  #timesOf(call: string): CallTimes {
    const known = this.#calls.get(call);
    if (known !== undefined) return known;
    const [oldest] = this.#calls.keys();
    if (this.#calls.size >= CALLS_MAX && oldest !== undefined) this.#calls.delete(oldest);
    const times: CallTimes = {
      beganMs: null,
      greetedMs: null,
      hasRung: false,
      isWaitOver: false,
      legs: new Map(),
    };
    this.#calls.set(call, times);
    return times;
  }

  #rings(times: CallTimes, leg: string, atMs: number): void {
    legOf(times, leg).ringsMs ??= atMs;
    if (!times.hasRung && times.beganMs !== null) this.#firstRing.observe(seconds(times.beganMs, atMs));
    times.hasRung = true;
  }

  #answered(times: CallTimes, leg: string, atMs: number): void {
    const its = legOf(times, leg);
    if (!its.isAnswered && its.ringsMs !== null)
      this.#ring.observe({ outcome: "answered" }, seconds(its.ringsMs, atMs));
    its.isAnswered = true;
  }

  #said(times: CallTimes, { kind, leg }: WhatOf<"leg_accepts"> | WhatOf<"leg_declines">): void {
    legOf(times, leg).isAsked = false;
    this.#prompts.inc({ result: kind === "leg_accepts" ? "accepted" : "declined" });
  }

  #legEnded(times: CallTimes, { leg, cause }: WhatOf<"leg_ended">, atMs: number): void {
    const its = legOf(times, leg);
    if (its.isEnded) return;
    its.isEnded = true;
    this.#legs.inc({ cause: causeLabel(cause) });
    if (its.isAsked) this.#prompts.inc({ result: "gone" });
    its.isAsked = false;
    if (!its.isAnswered && its.ringsMs !== null)
      this.#ring.observe({ outcome: "unanswered" }, seconds(its.ringsMs, atMs));
  }

  #waited(times: CallTimes, result: "answered" | "missed" | "message" | "other", atMs: number): void {
    if (!times.isWaitOver && times.beganMs !== null)
      this.#wait.observe({ result }, seconds(times.beganMs, atMs));
    times.isWaitOver = true;
  }

  #ended(call: string, ending: RecordEnding, atMs: number): void {
    if (ending.kind === "lost") this.#adoptions.inc({ result: "lost" });
    const times = this.#timesOf(call);
    const result = RESULTS[ending.kind];
    if (result !== null) this.#waited(times, result, atMs);
    this.#over.add(call);
    if (this.#over.size <= OVER_MAX) return;
    const [first = call] = this.#over;
    this.#over.delete(first);
    this.#calls.delete(first);
  }
}

/** How a wait ended that nothing has ended before; null: nobody waited for an answer, or another engine counts it. */
const RESULTS = {
  answered: "answered",
  missed: "missed",
  message: "message",
  hung_up: "other",
  failed: "other",
  shed: null,
  lost: null,
  listened: null,
  not_ours: null,
} as const satisfies Record<RecordEnding["kind"], string | null>;

function legOf({ legs }: CallTimes, leg: string): LegTimes {
  const known = legs.get(leg);
  if (known !== undefined) return known;
  const times: LegTimes = { ringsMs: null, isAnswered: false, isAsked: false, isEnded: false };
  legs.set(leg, times);
  return times;
}

/** A clock that was set back makes no negative wait. */
function seconds(fromMs: number, toMs: number): number {
  return Math.max(0, toMs - fromMs) / 1000;
}
