/** Which days statistics are about, as people write it. Days are those of the office's clock. */
import { dateOf, dayOf, wallTime } from "../../../policy/office/zone.js";
import { followingMonth } from "../../../policy/usage/month.js";

export interface DaysOptions {
  readonly since?: string;
  readonly until?: string;
  readonly day?: string;
  readonly month?: string;
}

export interface Days {
  readonly fromDay: string;
  readonly untilDay: string;
}

export const DAY_EXPECTED = "2026-11-30, today, yesterday, or 30d for thirty days up to today";

/** How many days there are when no option says. */
const DAYS_DEFAULT = 30;
/** Each day is a line, and ten years of them are enough. */
const DAYS_MAX = 3_660;

/** The first and the last day; a text: what is wrong with the options. */
export function daysOf(options: DaysOptions, timezone: string, nowMs: number): Days | string {
  const { since, until, day, month } = options;
  const ways = [day, month, since ?? until].filter((each) => each !== undefined);
  if (ways.length > 1) return "give one of --day, --month, and --since with --until";
  const today = wallTime(timezone, nowMs).day;
  if (month !== undefined) return daysOfMonth(month);
  if (day !== undefined) {
    const one = readDay(day, today);
    return one === undefined
      ? `--day ${day}: expected a day such as 2026-11-30, today or yesterday`
      : within(one, one);
  }
  const last = until === undefined ? today : readDay(until, today);
  if (last === undefined) return `--until ${until}: expected ${DAY_EXPECTED}`;
  const first = since === undefined ? last - DAYS_DEFAULT + 1 : readDay(since, today);
  if (first === undefined) return `--since ${since}: expected ${DAY_EXPECTED}`;
  return within(first, last);
}

function within(first: number, last: number): Days | string {
  if (first > last) return "the first day is after the last one";
  if (last - first >= DAYS_MAX) return `these are more than ${DAYS_MAX} days`;
  return { fromDay: dateOf(first), untilDay: dateOf(last) };
}

function daysOfMonth(month: string): Days | string {
  const first = dayOf(`${month}-01`);
  const next = dayOf(`${followingMonth(month)}-01`);
  if (first === undefined || next === undefined) return `--month ${month}: expected a month such as 2026-11`;
  return within(first, next - 1);
}

function readDay(text: string, today: number): number | undefined {
  if (text === "today") return today;
  if (text === "yesterday") return today - 1;
  const [, days] = /^(\d{1,4}) ?d$/.exec(text) ?? [];
  return days === undefined ? dayOf(text) : Number(days) > 0 ? today - Number(days) + 1 : undefined;
}
