/** Reads until when something shall last, as people write it: a time of day, a date and time, or a length of time. */
import { readTime } from "../../../policy/office/written-time.js";
import { momentsOf, wallTime } from "../../../policy/office/zone.js";

const LENGTH = /^(\d{1,5}) ?(m|min|h|d)$/;
const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };
const CLOCK = /^(\d{1,2}):(\d{2})$/;

export const UNTIL_EXPECTED = '18:30, "2026-12-24 12:00", 2h or 30m';

/**
 * Milliseconds since the epoch; undefined for a text that is no such time. A time of day means its next occurrence in
 * `timezone`, which may be tomorrow.
 */
export function readUntil(text: string, timezone: string, nowMs: number): number | undefined {
  const length = LENGTH.exec(text);
  if (length !== null) return nowMs + Number(length[1]) * (UNIT_MS[length[2] ?? ""] ?? 0);
  const clock = CLOCK.exec(text);
  if (clock === null) return readTime(text, timezone);
  const minute = Number(clock[1]) * 60 + Number(clock[2]);
  if (Number(clock[2]) > 59 || minute >= 1_440) return undefined;
  const { day } = wallTime(timezone, nowMs);
  // If the clock skips that minute, the next day's is meant.
  return [day, day + 1, day + 2]
    .flatMap((each) => momentsOf(timezone, each, [minute]))
    .find((atMs) => atMs > nowMs && wallTime(timezone, atMs).minute === minute);
}

/** `Mon 2026-11-30 12:30` on the clock of a zone. */
export function zonedTime(atMs: number, timezone: string): string {
  const written = new Intl.DateTimeFormat("sv-SE", {
    timeZone: timezone,
    dateStyle: "short",
    timeStyle: "short",
  }).format(atMs);
  const day = new Intl.DateTimeFormat("en-US", { timeZone: timezone, weekday: "short" }).format(atMs);
  return `${day} ${written}`;
}
