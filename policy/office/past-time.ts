/** Reads the beginning and the end of a period in the past, as people write it. */

import { readTime } from "./written-time.js";
import { dateOf, dayOf, wallTime } from "./zone.js";

const LENGTH = /^(\d{1,5}) ?(m|min|h|d)$/;
const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };
const CLOCK = /^\d{2}:\d{2}$/;

export const PAST_EXPECTED = '"2026-11-30 09:00", 2026-11-30, yesterday, 09:00, 2h or 30m';
export const DAY_EXPECTED = "2026-11-30, today or yesterday";

/** A day as its first millisecond, and that of the day after it; undefined for a text that is no day. */
export function readDay(
  text: string,
  timezone: string,
  nowMs: number,
): { readonly fromMs: number; readonly untilMs: number } | undefined {
  const today = wallTime(timezone, nowMs).day;
  const day = text === "today" ? today : text === "yesterday" ? today - 1 : dayOf(text);
  if (day === undefined) return undefined;
  const fromMs = readTime(`${dateOf(day)} 00:00`, timezone);
  const untilMs = readTime(`${dateOf(day + 1)} 00:00`, timezone);
  return fromMs === undefined || untilMs === undefined ? undefined : { fromMs, untilMs };
}

/**
 * A moment in the past. A time of day is its last occurrence, and a length of time is so long ago.
 * @param end whether a day means its end
 */
export function readPast(text: string, timezone: string, nowMs: number, end = false): number | undefined {
  const length = LENGTH.exec(text);
  if (length !== null) return nowMs - Number(length[1]) * (UNIT_MS[length[2] ?? ""] ?? 0);
  const day = readDay(text, timezone, nowMs);
  if (day !== undefined) return end ? day.untilMs : day.fromMs;
  if (!CLOCK.test(text)) return readTime(text, timezone);
  const today = wallTime(timezone, nowMs).day;
  return [today, today - 1]
    .map((each) => readTime(`${dateOf(each)} ${text}`, timezone))
    .find((atMs) => atMs === undefined || atMs <= nowMs);
}
