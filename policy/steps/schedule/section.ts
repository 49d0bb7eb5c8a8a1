/** The section `schedules` of an office file. */

import { given } from "../../office/optional.js";
import { dateOf } from "../../office/zone.js";
import type { Arbitrary, FastCheck } from "../generator.js";
import type { PartReader } from "../reader.js";
import type { SectionDefinition } from "../section.js";
import { allParts, checkSchedule } from "./checks.js";
import {
  readHoliday,
  readHours,
  type ScheduleFile,
  scheduleFile,
  schedulePartsOf,
  scheduleSchema,
} from "./file.js";
import { WEEKDAYS } from "./hours.js";
import { overrideText, SCHEDULE_BY_HAND } from "./override.js";
import { SCHEDULES, type Schedule } from "./step.js";

export const schedules: SectionDefinition<Schedule, typeof scheduleSchema> = {
  key: SCHEDULES,
  noun: SCHEDULE_BY_HAND,
  schema: scheduleSchema,
  namedBy: "a step that names it",
  read,
  checkRest: (raw, reader) => {
    checkSchedule(schedulePartsOf(raw), reader);
  },
  write: scheduleFile,
  byHandText: overrideText,
  generator,
};

function read(file: ScheduleFile, reader: PartReader): Schedule | undefined {
  if (!checkSchedule(allParts(file), reader)) return undefined;
  return {
    id: file.id,
    ...given({ timezone: file.timezone }),
    open: file.open.map(readHours),
    closed: (file.closed ?? []).map(readHoliday),
  };
}

/** Zones with and without changes of their clock, and one that is half an hour beside the others. */
const ZONES = ["America/Chicago", "Europe/Berlin", "Asia/Kolkata", "UTC"] as const;

/** Hours that cannot overlap: one stretch for each day of a few. */
function generator(fc: FastCheck, id: string): Arbitrary<Schedule> {
  const hours = fc
    .record({ fromMinute: fc.integer({ min: 0, max: 1_439 }), length: fc.integer({ min: 1, max: 720 }) })
    .map(({ fromMinute, length }) => ({ fromMinute, toMinute: Math.min(fromMinute + length, 1_440) }));
  const open = fc
    .uniqueArray(fc.constantFrom(...WEEKDAYS), { maxLength: 7 })
    .chain((days) => fc.tuple(...days.map((day) => hours.map((each) => ({ days: [day], ...each })))));
  const closed = fc.array(
    fc
      .record({ day: fc.integer({ min: 20_454, max: 20_820 }), days: fc.integer({ min: 0, max: 14 }) })
      .map(({ day, days }) => ({ from: dateOf(day), to: dateOf(day + days) })),
    { maxLength: 3 },
  );
  return fc.record(
    { id: fc.constant(id), timezone: fc.constantFrom(...ZONES), open, closed },
    { requiredKeys: ["id", "open", "closed"] },
  );
}
