/** What is wrong, or probably a slip, in a schedule whose file has the right form. */
import { given } from "../../office/optional.js";
import { dateOf, dayOf, isZone, wallTime } from "../../office/zone.js";
import { type Place, type Problem, show, under } from "../../office-file/problem.js";
import type { PartReader } from "../reader.js";
import { readHoliday, readHours, type ScheduleFile } from "./file.js";
import { DAY_MINUTES, type OpenHours, WEEKDAYS } from "./hours.js";

/** Reports every problem; false: there is an error, and the schedule cannot be used. */
export function checkSchedule(file: ScheduleFile, reader: PartReader): boolean {
  const problems = [
    ...checkZone(file, reader),
    ...checkHours(file, reader.at),
    ...checkHolidays(file, reader.at),
  ];
  for (const problem of problems) reader.report(problem);
  const isGood = problems.every(({ severity }) => severity !== "error");
  if (isGood) for (const problem of checkPast(file, reader)) reader.report(problem);
  return isGood;
}

function checkZone({ timezone }: ScheduleFile, reader: PartReader): Problem[] {
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

function checkHours({ id, open }: ScheduleFile, at: Place): Problem[] {
  const place = under(at, "open", "value");
  if (open.length === 0) {
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
  for (const [index, written] of open.entries()) {
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

function checkHolidays({ closed = [] }: ScheduleFile, at: Place): Problem[] {
  return closed.flatMap((written, index): Problem[] => {
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
function checkPast({ id, closed = [], timezone }: ScheduleFile, reader: PartReader): Problem[] {
  if (reader.nowMs === undefined) return [];
  const today = dateOf(wallTime(timezone ?? reader.timezone, reader.nowMs).day);
  const past = closed.map(readHoliday).filter(({ to }) => to < today);
  const last = past
    .map(({ to }) => to)
    .sort()
    .at(-1);
  const first = closed.findIndex((written) => readHoliday(written).to < today);
  if (last === undefined) return [];
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
