/** Reads a time as people write it, in the office's time zone unless the time has an offset of its own. */
import { aheadMs } from "./zone.js";

const WRITTEN = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(Z|[+-]\d{2}:\d{2})?$/;

const DAY_MS = 86_400_000;

/**
 * Milliseconds since the epoch of `2026-03-02T09:00` in `timezone`, or of a time with an offset; undefined for a text
 * that is no time. An hour that daylight saving skips means the one after it; of an hour that occurs twice, the first
 * is meant.
 */
export function readTime(text: string, timezone: string): number | undefined {
  const match = WRITTEN.exec(text);
  if (match === null) return undefined;
  const iso = text.replace(" ", "T");
  if (match[1] !== undefined) return orUndefined(Date.parse(iso));
  const asUtcMs = orUndefined(Date.parse(`${iso}Z`));
  if (asUtcMs === undefined) return undefined;
  // The offset depends on the moment, which depends on the offset: it is the one of the day before or after.
  const before = asUtcMs - aheadMs(timezone, asUtcMs - DAY_MS);
  const after = asUtcMs - aheadMs(timezone, asUtcMs + DAY_MS);
  const reads = (ms: number) => ms + aheadMs(timezone, ms) === asUtcMs;
  return !reads(before) && reads(after) ? after : before;
}

function orUndefined(ms: number): number | undefined {
  return Number.isNaN(ms) ? undefined : ms;
}
