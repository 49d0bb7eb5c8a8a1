/** What is wrong, or probably a slip, in a schedule whose file has the right form. */
import { given } from "../../office/optional.js";
import { dateOf, dayOf, isZone, wallTime } from "../../office/zone.js";
import { type Place, type Problem, show, under } from "../../office-file/problem.js";
import type { PartReader } from "../reader.js";
import { readHoliday, readHours, type ScheduleFile } from "./file.js";
import { DAY_MINUTES, type OpenHours, WEEKDAYS } from "./hours.js";

/** The parts of a schedule that have the right form, each with its place in its list. */
export interface ScheduleParts {
  readonly id: string;
  readonly timezone?: string | undefined;
  readonly open: readonly At<ScheduleFile["open"][number]>[];
  readonly closed: readonly At<NonNullable<ScheduleFile["closed"]>[number]>[];
  /** Undefined: the schedule gives no list of opening hours, or none that can be read. */
  readonly hours: number | undefined;
}
type At<T> = readonly [index: number, item: T];

/** All parts of a schedule that has the right form. */
export function allParts({ id, timezone, open, closed = [] }: ScheduleFile): ScheduleParts {
  return { id, timezone, open: [...open.entries()], closed: [...closed.entries()], hours: open.length };
}

/** Reports every problem; false: there is an error, and the schedule cannot be used. */
export function checkSchedule(parts: ScheduleParts, reader: PartReader): boolean {
  const problems = [
    ...checkZone(parts, reader),
    ...checkHours(parts, reader.at),
    ...checkHolidays(parts, reader.at),
  ];
  for (const problem of problems) reader.report(problem);
  const isGood = problems.every(({ severity }) => severity !== "error");
  if (isGood) for (const problem of checkPast(parts, reader)) reader.report(problem);
  return isGood;
}

function checkZone({ timezone }: ScheduleParts, reader: PartReader): Problem[] {
  if (timezone === undefined || isZone(timezone)) return [];
  const meant = reader.suggest(timezone, Intl.supportedValuesOf("timeZone"));
  return [
    {
      severity: "error",
      code: "wrong_value",
      message: `there is no time zone \`${timezone}\``,
      at: under(reader.at, "timezone", "value"),
      found: show(timezone),
      expected: "a time zone's name, such as America/New_York",
      ...given({ suggestion: meant }),
    },
  ];
}

function checkHours({ id, open, hours: count }: ScheduleParts, at: Place): Problem[] {
  const place = under(at, "open", "value");
  if (count === 0) {
    return [
      {
        severity: "warning",
        code: "unreachable",
        message: `the schedule \`${id}\` is never open`,
        at: place,
        found: "no opening hours",
        expected: 'opening hours, such as { days: mon-fri, from: "08:00", to: "17:00" }',
      },
    ];
  }
  const problems: Problem[] = [];
  const good: { readonly hours: OpenHours; readonly at: Place }[] = [];
  for (const [index, written] of open) {
    const hours = readHours(written);
    const hoursAt = under(place, index, "value");
    if (hours.fromMinute === hours.toMinute % DAY_MINUTES && written.to !== "24:00")
      problems.push(noTime(written, hoursAt));
    else {
      const other = good.find((earlier) => overlap(earlier.hours, hours));
      if (other !== undefined) problems.push(overlapping(id, hoursAt, other.at));
      good.push({ hours, at: hoursAt });
    }
  }
  return problems;
}

function noTime({ from, to }: ScheduleFile["open"][number], at: Place): Problem {
  return {
    severity: "error",
    code: "wrong_value",
    message: "these hours begin when they end",
    at,
    found: `${from} to ${to}`,
    expected: 'two times that differ; a whole day is from: "00:00", to: "24:00"',
  };
}

function overlapping(id: string, at: Place, other: Place): Problem {
  return {
    severity: "error",
    code: "duplicate",
    message: `these opening hours of \`${id}\` overlap with others`,
    at,
    expected: "hours that do not overlap",
    others: [{ at: other, note: "the others" }],
  };
}

const WEEK_MINUTES = WEEKDAYS.length * DAY_MINUTES;

/** Compares the two as stretches of a week, whose end joins its beginning. */
function overlap(one: OpenHours, other: OpenHours): boolean {
  return stretches(one).some(([from, to]) =>
    stretches(other).some(([otherFrom, otherTo]) =>
      [-WEEK_MINUTES, 0, WEEK_MINUTES].some((shift) => from < otherTo + shift && otherFrom + shift < to),
    ),
  );
}

function stretches({ days, fromMinute, toMinute }: OpenHours): [from: number, to: number][] {
  const length = (toMinute - fromMinute + DAY_MINUTES) % DAY_MINUTES || DAY_MINUTES;
  return days.map((day) => {
    const from = WEEKDAYS.indexOf(day) * DAY_MINUTES + fromMinute;
    return [from, from + length];
  });
}

function checkHolidays({ closed }: ScheduleParts, at: Place): Problem[] {
  return closed.flatMap(([index, written]): Problem[] => {
    const { from, to } = readHoliday(written);
    const place = under(under(at, "closed", "value"), index, "value");
    const unknown = [from, to].find((date) => dayOf(date) === undefined);
    if (unknown === undefined && from <= to) return [];
    return [
      {
        severity: "error",
        code: "wrong_value",
        message: unknown === undefined ? "this holiday ends before it begins" : `there is no day ${unknown}`,
        at: place,
        found: unknown === undefined ? `${from} to ${to}` : show(unknown),
        expected: unknown === undefined ? "the earlier day as from" : "a day of the calendar",
      },
    ];
  });
}

/** One warning for all holidays that are over. */
function checkPast({ id, closed, timezone }: ScheduleParts, reader: PartReader): Problem[] {
  if (reader.nowMs === undefined) return [];
  const today = dateOf(wallTime(timezone ?? reader.timezone, reader.nowMs).day);
  const past = closed.filter(([, written]) => readHoliday(written).to < today);
  const last = past
    .map(([, written]) => readHoliday(written).to)
    .sort()
    .at(-1);
  const [[first] = []] = past;
  if (last === undefined || first === undefined) return [];
  const one = past.length === 1;
  return [
    {
      severity: "warning",
      code: "unused",
      message: `${one ? "a holiday" : `${past.length} holidays`} of \`${id}\` ${one ? "is" : "are"} over${one ? "" : ", the last"} since ${last}`,
      at: under(under(reader.at, "closed", "value"), first, "value"),
      expected: "holidays to come",
    },
  ];
}
