/**
 * More calls than a variant carries: what becomes of each, how long it takes until calls are normal again, and what is
 * left on the switch.
 */
import { stopwatchMs } from "../../engine/clock.js";
import { sleep } from "../../fixtures/harness/clock.js";
import { rounded } from "../figures.js";
import { type Load, watchLoad } from "../machine.js";
import type { CallTimes } from "../sip/call.js";
import { numberOf } from "./carried.js";
import { type LeftOver, leftOverWithin } from "./left-over.js";
import type { Turn } from "./rig.js";
import { planOf, type Shape } from "./shapes.js";

/** Calls must be connected within this time, beyond what their shape takes. */
export const CONNECT_MS = 2_000;
/** The first phone must ring within this time. */
export const RING_MS = 50;

/** Longer than an unclaimed call waits for the fallback, and hears its announcement. */
const PATIENCE_MS = 30_000;
const PROBE_EVERY_MS = 200;
/** So many probes in a row have to be normal, of which one may ring late. */
const PROBES = 10;
const NORMAL_WITHIN_MS = 60_000;
const LEFT_WITHIN_MS = 20_000;
/** Calls of the warm-up are cleaned up by then. */
const SETTLE_MS = 3_000;

/** How calls ended, and how many of each. */
export interface Fates {
  readonly inTime: number;
  readonly late: number;
  /** 503 within {@link CONNECT_MS}. */
  readonly shed: number;
  /** 503 later: after the fallback's announcement. */
  readonly fallback: number;
  /** Any other final answer, or none: as a text and how often. */
  readonly other: Readonly<Record<string, number>>;
}

export interface Overload {
  readonly rate: number;
  readonly calls: number;
  readonly fates: Fates;
  /** From the last call of the overload until calls are normal again; null: not within a minute. */
  readonly normalAfterSeconds: number | null;
  readonly left: LeftOver;
  readonly load: Load;
}

export async function overload(turn: Turn, shape: Shape, rate: number, seconds: number): Promise<Overload> {
  const number = numberOf(turn.variant, shape);
  const plan = (index: number, talkMs = TALK_MS) => ({
    ...planOf(shape, number, String(13_000_000_000 + index), talkMs),
    patienceMs: PATIENCE_MS,
  });
  // Claims that an engine of an earlier turn has left are not this turn's.
  const before = await leftOverWithin(turn.theSwitch, SETTLE_MS);
  const watched = watchLoad();
  const count = Math.round(rate * seconds);
  const ends: Array<Promise<readonly CallTimes[]>> = [turn.pair.place(rate, count, plan)];
  await sleep(seconds * 1_000);
  const load = watched();
  const normalAfterMs = await untilNormal((index) => turn.pair.call(plan(count + index)), shape);
  const calls = (await Promise.all(ends)).flat();
  const left = await leftOverWithin(turn.theSwitch, LEFT_WITHIN_MS, before.claims);
  return {
    rate,
    calls: calls.length,
    fates: fatesOf(calls, shape),
    normalAfterSeconds: normalAfterMs === null ? null : rounded(normalAfterMs / 1_000, 1),
    left: { ...left, claims: Math.max(0, left.claims - before.claims) },
    load,
  };
}

export const TALK_MS = 1_000;

export function isInTime(call: CallTimes, shape: Shape): boolean {
  const { answeredMs, invitedMs, failure } = call;
  return (
    failure === undefined &&
    answeredMs !== undefined &&
    answeredMs - invitedMs <= CONNECT_MS + shape.expectedMs
  );
}

export function fatesOf(calls: readonly CallTimes[], shape: Shape): Fates {
  let [inTime, late, shed, fallback] = [0, 0, 0, 0];
  const other: Record<string, number> = {};
  for (const call of calls)
    if (isInTime(call, shape)) inTime += 1;
    else if (call.failure === undefined) late += 1;
    else if (call.failure !== "503") other[call.failure] = (other[call.failure] ?? 0) + 1;
    else if ((call.endedMs ?? 0) - call.invitedMs <= CONNECT_MS) shed += 1;
    else fallback += 1;
  return { inTime, late, shed, fallback, other };
}

/** Places a call every now and then; milliseconds until the first of a row of normal ones; null: there was no such row. */
async function untilNormal(
  call: (index: number) => Promise<CallTimes>,
  shape: Shape,
): Promise<number | null> {
  const startMs = stopwatchMs();
  /** By the order in which the probes began; undefined: not over yet. */
  const probes: Array<{ readonly beganMs: number; times?: CallTimes }> = [];
  const placed: Array<Promise<void>> = [];
  let found: number | null = null;
  while (found === null && stopwatchMs() - startMs < NORMAL_WITHIN_MS) {
    const probe: (typeof probes)[number] = { beganMs: stopwatchMs() - startMs };
    placed.push(
      call(probes.push(probe)).then((times) => {
        probe.times = times;
      }),
    );
    await sleep(PROBE_EVERY_MS);
    found = firstOfNormal(probes, shape);
  }
  await Promise.all(placed);
  return found ?? firstOfNormal(probes, shape);
}

function firstOfNormal(
  probes: ReadonlyArray<{ readonly beganMs: number; readonly times?: CallTimes }>,
  shape: Shape,
): number | null {
  for (let first = 0; first + PROBES <= probes.length; first += 1) {
    const row = probes.slice(first, first + PROBES).map(({ times }) => times);
    const isRow = row.every((times) => times !== undefined && isInTime(times, shape));
    if (isRow && row.filter((times) => ringsLate(times)).length <= 1) return probes[first]?.beganMs ?? null;
  }
  return null;
}

function ringsLate(times: CallTimes | undefined): boolean {
  return times?.rangMs === undefined || times.rangMs - times.invitedMs > RING_MS;
}
