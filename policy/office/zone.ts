/**
 * The wall clock of a time zone: which day and minute it shows at an instant, and at which instants it shows a minute
 * of a day. It jumps twice a year, so it may show a minute twice, or never.
 */

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** The precision to which a jump is found: zones have long changed their clocks at whole minutes only. */
const JUMP_STEP_MS = MINUTE_MS;

/** A reading of the wall clock. */
export interface WallTime {
  /** Days since 1970-01-01, by the zone's own calendar. */
  readonly day: number;
  /** Minutes since the zone's midnight as the clock counts them: 0 to 1439. */
  readonly minute: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formatters.set(zone, formatter);
  }
  return formatter;
}

/** Whether this is a time zone by its IANA name. */
export function isZone(zone: string): boolean {
  // Newer platforms take offsets such as `+05:00` for zones; they have no changes of the clock, and no name.
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    formatterOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** How far the zone's clock is ahead of UTC at an instant, in milliseconds. */
export function aheadMs(zone: string, atMs: number): number {
  const shown = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of formatterOf(zone).formatToParts(atMs))
    if (type in shown) shown[type as keyof typeof shown] = Number(value);
  const { year, month, day, hour, minute, second } = shown;
  const wholeSecond = Math.floor(atMs / 1_000) * 1_000;
  return Date.UTC(year, month - 1, day, hour, minute, second) - wholeSecond;
}

/** What the clock of a zone shows at an instant. @param atMs milliseconds since the epoch */
export function wallTime(zone: string, atMs: number): WallTime {
  const shownMs = atMs + aheadMs(zone, atMs);
  const day = Math.floor(shownMs / DAY_MS);
  return { day, minute: Math.floor((shownMs - day * DAY_MS) / MINUTE_MS) };
}

/** 0 for Monday to 6 for Sunday. */
export function weekdayOf(day: number): number {
  // 1970-01-01 was a Thursday.
  return (((day + 3) % 7) + 7) % 7;
}

/** A day as `2026-12-25`. */
export function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The day of a date such as `2026-12-25`; undefined for a date that does not exist. */
export function dayOf(date: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return undefined;
  const ms = Date.parse(`${date}T00:00:00Z`);
  // JavaScript reads the 31st of a shorter month as the first of the next.
  return Number.isNaN(ms) || dateOf(ms / DAY_MS) !== date ? undefined : ms / DAY_MS;
}

/** A period in which the clock runs without a jump. */
interface Run {
  readonly fromMs: number;
  readonly toMs: number;
  readonly aheadMs: number;
}

/** The periods in which a zone's clock may show a part of the day; it jumps between them. */
function runsAround(zone: string, day: number): Run[] {
  // No zone is further from UTC than fourteen hours, so a day and a half on either side includes all of the day.
  const startMs = day * DAY_MS - DAY_MS * 1.5;
  const endMs = day * DAY_MS + DAY_MS * 2.5;
  const runs: Run[] = [];
  let fromMs = startMs;
  let ahead = aheadMs(zone, fromMs);
  for (let toMs = startMs + DAY_MS / 2; toMs <= endMs; toMs += DAY_MS / 2) {
    if (aheadMs(zone, toMs) === ahead) continue;
    const jumpMs = jumpBetween(zone, toMs - DAY_MS / 2, toMs);
    runs.push({ fromMs, toMs: jumpMs, aheadMs: ahead });
    fromMs = jumpMs;
    ahead = aheadMs(zone, jumpMs);
  }
  runs.push({ fromMs, toMs: endMs, aheadMs: ahead });
  return runs;
}

/** The first instant after the jump. */
function jumpBetween(zone: string, beforeMs: number, afterMs: number): number {
  const old = aheadMs(zone, beforeMs);
  let low = beforeMs;
  let high = afterMs;
  while (high - low > JUMP_STEP_MS) {
    const middle = low + Math.floor((high - low) / JUMP_STEP_MS / 2) * JUMP_STEP_MS;
    if (aheadMs(zone, middle) === old) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * The instants at which the clock of a zone begins to show one of these minutes of a day, and those at which it jumps
 * on that day or beside it, the earliest first. A minute usually has one instant, two where the clock is set back, and
 * none where the clock is set forward past it.
 */
export function momentsOf(zone: string, day: number, minutes: readonly number[]): number[] {
  const runs = runsAround(zone, day);
  const shown = minutes.flatMap((minute) =>
    runs
      .map((run) => ({ run, atMs: day * DAY_MS + minute * MINUTE_MS - run.aheadMs }))
      .filter(({ run, atMs }) => atMs >= run.fromMs && atMs < run.toMs)
      .map(({ atMs }) => atMs),
  );
  return [...shown, ...runs.slice(1).map(({ fromMs }) => fromMs)].sort((a, b) => a - b);
}

/** The first instant of a day by a zone's clock: midnight, or where the clock jumps over it the jump. */
export function startOfDay(zone: string, day: number): number {
  for (const { fromMs, toMs, aheadMs: ahead } of runsAround(zone, day)) {
    const midnightMs = Math.max(fromMs, day * DAY_MS - ahead);
    if (midnightMs < toMs) return midnightMs;
  }
  throw new Error(`no day ${day} in ${zone}`);
}
