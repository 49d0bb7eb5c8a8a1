/** Reads a time as people write it, in the office's time zone unless the time has an offset of its own. */

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
  // The offset depends on the moment, which depends on the offset: it is that of the day before or that of the day
  // after.
  const before = asUtcMs - offsetMs(asUtcMs - DAY_MS, timezone);
  const after = asUtcMs - offsetMs(asUtcMs + DAY_MS, timezone);
  const reads = (ms: number) => ms + offsetMs(ms, timezone) === asUtcMs;
  return !reads(before) && reads(after) ? after : before;
}

function orUndefined(ms: number): number | undefined {
  return Number.isNaN(ms) ? undefined : ms;
}

/** How far the zone's clocks are ahead of UTC at a moment. */
function offsetMs(atMs: number, timezone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(atMs);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const wallMs = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return wallMs - Math.floor(atMs / 1_000) * 1_000;
}
