/** Turns what somebody asks of a schedule into an edit: other hours, other holidays, or one holiday more or less. */
import type { Office } from "../../office/office.js";
import { suggest } from "../../office-file/suggest.js";
import { type ScheduleFile, scheduleFile } from "../../steps/schedule/file.js";
import { SCHEDULES, type Schedule } from "../../steps/schedule/step.js";
import { notFound, type Refusal, refused } from "../edit.js";
import type { Edit, EditFields } from "../edits/types.js";

export type HolidayFile = NonNullable<ScheduleFile["closed"]>[number];

export interface ScheduleOrder {
  /** As an edit has them; what is left out stays. */
  readonly fields: EditFields;
  readonly addClosed: readonly HolidayFile[];
  /** First days of holidays that are to go. */
  readonly removeClosed: readonly string[];
}

const SCHEDULE_KIND = "schedule";

export function scheduleSet(
  office: Office,
  id: string,
  { fields, addClosed, removeClosed }: ScheduleOrder,
): { readonly ok: true; readonly edits: readonly Edit[] } | Refusal {
  const schedules = (office.sections?.[SCHEDULES] ?? []) as readonly Schedule[];
  const schedule = schedules.find((each) => each.id === id);
  if (schedule === undefined) return noSuchSchedule(schedules, id);
  const { closed = [] } = scheduleFile(schedule);
  const unknown = removeClosed.find((day) => !closed.some((holiday) => firstDay(holiday) === day));
  if (unknown !== undefined)
    return refused(`the schedule \`${id}\` has no holiday that begins on ${unknown}`);
  const isListed = addClosed.length + removeClosed.length > 0;
  const kept = closed.filter((holiday) => !removeClosed.includes(firstDay(holiday)));
  const holidays = isListed ? { closed: [...kept, ...addClosed] } : {};
  return {
    ok: true,
    edits: [{ verb: "set", kind: SCHEDULE_KIND, id, fields: { ...fields, ...holidays } }],
  };
}

export function noSuchSchedule(schedules: readonly Schedule[], id: string): Refusal {
  const meant = suggest(
    id,
    schedules.map((each) => each.id),
  );
  return notFound(`there is no schedule \`${id}\`${meant === undefined ? "" : `; did you mean ${meant}?`}`);
}

function firstDay(holiday: HolidayFile): string {
  return typeof holiday === "string" ? holiday : holiday.from;
}
