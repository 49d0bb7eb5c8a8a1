/**
 * Schedules and the `schedule` step, as an office file writes them:
 *
 *     schedules:
 *       - id: practice
 *         timezone: America/Chicago
 *         open: [ { days: mon-fri, from: "08:00", to: "12:30" } ]
 *         closed: [ "2026-12-25", { from: "2026-12-31", to: "2027-01-01", name: New Year } ]
 *     flows:
 *       main: [ { schedule: practice, closed: flow:night }, { ring: group:sales } ]
 */

import { z } from "zod";
import { given } from "../../office/optional.js";
import { formatTarget, TARGET_PATTERN } from "../../office/target.js";
import { displayName, id, rightItems, timezone } from "../../office-file/fields.js";
import { DAY_MINUTES, type Holiday, type OpenHours, WEEKDAYS, type Weekday } from "./hours.js";
import type { Schedule, ScheduleStep } from "./step.js";

const DAY = WEEKDAYS.join("|");
const DAYS = new RegExp(`^(?:${DAY})(?:-(?:${DAY}))?(?:, ?(?:${DAY})(?:-(?:${DAY}))?)*$`);
const daysExpected = "days of the week, such as mon-fri, sat or mon,wed,fri";
const days = z.string({ error: daysExpected }).regex(DAYS, { error: daysExpected }).describe(daysExpected);

function clockTime(expected: string, pattern: RegExp) {
  return z.string({ error: expected }).regex(pattern, { error: expected }).describe(expected);
}
const from = clockTime('a time of the day in quotes, such as "08:00"', /^(?:[01]?\d|2[0-3]):[0-5]\d$/);
const to = clockTime(
  'a time of the day in quotes, such as "17:00", or "24:00" for the end of the day',
  /^(?:(?:[01]?\d|2[0-3]):[0-5]\d|24:00)$/,
);

const dateExpected = 'a date in quotes, such as "2026-12-25"';
const date = z
  .string({ error: dateExpected })
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: dateExpected })
  .describe(dateExpected);
const holidayExpected = `${dateExpected}, or { from: "2026-12-31", to: "2027-01-01", name: New Year }`;
const holiday = z
  .union([date, z.strictObject({ from: date, to: date.optional(), name: displayName.optional() })], {
    error: holidayExpected,
  })
  .describe(holidayExpected);

/** More opening hours or holidays than any office has. Each call at the step goes through them all. */
const LINES_MAX = 400;

function listOf<T extends z.ZodType>(item: T, what: string) {
  const error = `a list of ${what}, at most ${LINES_MAX} of them`;
  return z.array(item, { error }).max(LINES_MAX, { error }).describe(error);
}

const hours = z.strictObject({ days, from, to });

export const scheduleSchema = z.strictObject({
  id,
  timezone: timezone.optional(),
  open: listOf(hours, 'opening hours, such as { days: mon-fri, from: "08:00", to: "17:00" }'),
  closed: listOf(holiday, 'holidays, such as "2026-12-25"').optional(),
});
export type ScheduleFile = z.infer<typeof scheduleSchema>;

/** Of a schedule that has wrong parts, the right ones, each with its place in its list. */
export function schedulePartsOf(raw: Readonly<Record<string, unknown>>) {
  const open = raw["open"];
  return {
    id: id.safeParse(raw["id"]).data ?? "",
    timezone: timezone.safeParse(raw["timezone"]).data,
    open: rightItems(open, hours) ?? [],
    closed: rightItems(raw["closed"], holiday) ?? [],
    hours: Array.isArray(open) ? open.length : undefined,
  };
}

const closedExpected =
  "where calls go while it is closed: user:NAME, group:ID, flow:ID, extension:101 or number:+1…";
export const scheduleStepSchema = z.strictObject({
  schedule: id,
  closed: z
    .string({ error: closedExpected })
    .regex(TARGET_PATTERN, { error: closedExpected })
    .describe(closedExpected),
});
export type ScheduleStepFile = z.infer<typeof scheduleStepSchema>;

/** The step as a file writes it. */
export function scheduleStepFile(step: ScheduleStep): ScheduleStepFile {
  return { schedule: step.schedule, closed: formatTarget(step.closed) };
}

/** `mon-wed,sat` as days, in the order of the week; a range that ends before it begins goes over Sunday. */
export function readDays(text: string): Weekday[] {
  const names: readonly string[] = WEEKDAYS;
  const named = new Set<number>();
  for (const part of text.split(",")) {
    const [first = "", last = first] = part.trim().split("-");
    const begin = names.indexOf(first);
    const end = names.indexOf(last);
    for (let n = begin; ; n = (n + 1) % WEEKDAYS.length) {
      named.add(n);
      if (n === end) break;
    }
  }
  return WEEKDAYS.filter((_, index) => named.has(index));
}

/** The inverse of {@link readDays}: days that follow each other as a range. */
export function writeDays(open: readonly Weekday[]): string {
  const runs: [first: number, last: number][] = [];
  for (const [index, day] of WEEKDAYS.entries()) {
    if (!open.includes(day)) continue;
    const run = runs.at(-1);
    if (run !== undefined && run[1] === index - 1) run[1] = index;
    else runs.push([index, index]);
  }
  return runs
    .map(([first, last]) => (first === last ? WEEKDAYS[first] : `${WEEKDAYS[first]}-${WEEKDAYS[last]}`))
    .join(",");
}

/** `08:30` as minutes of the day. */
function readMinute(text: string): number {
  const [hour, minute] = text.split(":");
  return Number(hour) * 60 + Number(minute);
}

export function writeMinute(minute: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

export function readHours(file: ScheduleFile["open"][number]): OpenHours {
  // "00:00" as an end is the end of the same day.
  const toMinute = readMinute(file.to) || DAY_MINUTES;
  return { days: readDays(file.days), fromMinute: readMinute(file.from), toMinute };
}

export function readHoliday(file: NonNullable<ScheduleFile["closed"]>[number]): Holiday {
  if (typeof file === "string") return { from: file, to: file };
  return {
    from: file.from,
    to: file.to ?? file.from,
    ...given({ name: file.name }),
  };
}

function writeHoliday({ from: first, to: last, name }: Holiday): NonNullable<ScheduleFile["closed"]>[number] {
  if (name === undefined && first === last) return first;
  return {
    from: first,
    ...(first === last ? {} : { to: last }),
    ...given({ name }),
  };
}

/** The schedule as a file writes it. */
export function scheduleFile(schedule: Schedule): ScheduleFile {
  return {
    id: schedule.id,
    ...given({ timezone: schedule.timezone }),
    open: schedule.open.map((hours) => ({
      days: writeDays(hours.days),
      from: writeMinute(hours.fromMinute),
      to: writeMinute(hours.toMinute),
    })),
    ...(schedule.closed.length === 0 ? {} : { closed: schedule.closed.map(writeHoliday) }),
  };
}
