/**
 * Shows the office's schedules as they are now, and opens or closes one by hand. An override is kept beside the files
 * and their revisions, so that no apply undoes it, and ends by itself when its time is over.
 */
import type { Office } from "../../../policy/office/office.js";
import { suggest } from "../../../policy/office-file/suggest.js";
import { hoursAt, nextChange } from "../../../policy/steps/schedule/hours.js";
import {
  type OverrideState,
  overrideAt,
  overrideValue,
  SCHEDULE_BY_HAND,
  type ScheduleState,
  scheduleAt,
} from "../../../policy/steps/schedule/override.js";
import { SCHEDULES, type Schedule } from "../../../policy/steps/schedule/step.js";
import type { ByHand } from "../../../storage/by-hand.js";
import { type Deps, NO_OFFICE, type NoOffice } from "../../use-case.js";

/** A schedule as it is at a moment. Times are milliseconds since the epoch. */
export interface ScheduleNow {
  readonly id: string;
  /** The schedule's own zone, or the office's. */
  readonly timezone: string;
  readonly state: ScheduleState;
  /**
   * When it opens or closes next, the override included; null: not within two years, or only when the override is
   * reset.
   */
  readonly nextChangeMs: number | null;
  /** The override; null: there is none, or its time is over. */
  readonly byHand: Pick<ByHand, "author" | "sinceMs" | "untilMs"> | null;
}

export interface ScheduleList {
  readonly outcome: "listed";
  readonly schedules: readonly ScheduleNow[];
  /** What is set by hand of schedules that the office does not have any more: it would count again with them. */
  readonly orphans: readonly ByHand[];
}

type Given = Pick<Deps, "store" | "clock">;

/** Every schedule of the live office, by id. */
export async function listSchedules({ store, clock }: Given): Promise<ScheduleList | NoOffice> {
  const office = await store.loadOffice();
  return office === undefined ? NO_OFFICE : schedulesIn(office, await store.readByHand(), clock.nowMs());
}

/** The same of an office that is in memory. @param sets what is set by hand */
export function schedulesIn(office: Office, sets: readonly ByHand[], nowMs: number): ScheduleList {
  const schedules = schedulesOf(office).map((schedule) =>
    scheduleNow(schedule, office.timezone, setOf(sets, schedule.id), nowMs),
  );
  const orphans = sets.filter(
    ({ kind, id }) => kind === SCHEDULE_BY_HAND && !schedules.some((schedule) => schedule.id === id),
  );
  return { outcome: "listed", schedules, orphans };
}

/** The result of setting a schedule by hand, or of resetting it. */
export type ScheduleSet =
  | { readonly outcome: "set"; readonly now: ScheduleNow }
  /** There was no override to reset. */
  | { readonly outcome: "nothing_set"; readonly now: ScheduleNow }
  /** The office has no such schedule; its override was reset. */
  | { readonly outcome: "orphan_reset" }
  /** The time until which the override should last is over. */
  | { readonly outcome: "past" }
  | { readonly outcome: "bad_time" }
  | { readonly outcome: "not_found"; readonly suggestion: string | undefined }
  | NoOffice;

export interface ScheduleOrder {
  readonly id: string;
  readonly state: OverrideState;
  /**
   * Reads until when the override lasts, in the schedule's zone, as milliseconds since the epoch; null: until it is
   * reset.
   */
  readonly until: ((timezone: string) => number | undefined) | null;
  readonly author: string;
}

/** Opens or closes a schedule by hand. */
export async function setSchedule({ store, clock }: Given, order: ScheduleOrder): Promise<ScheduleSet> {
  const found = await find(store, order.id);
  if ("outcome" in found) return found;
  const { schedule, office } = found;
  const nowMs = clock.nowMs();
  const untilMs = order.until === null ? null : order.until(schedule.timezone ?? office.timezone);
  if (untilMs === undefined) return { outcome: "bad_time" };
  if (untilMs !== null && untilMs <= nowMs) return { outcome: "past" };
  const set: ByHand = {
    kind: SCHEDULE_BY_HAND,
    id: order.id,
    value: overrideValue(order.state),
    untilMs,
    author: order.author,
    sinceMs: nowMs,
  };
  await store.writeByHand(set);
  return { outcome: "set", now: scheduleNow(schedule, office.timezone, set, nowMs) };
}

/** Ends an override: from now on the schedule's own hours count again. */
export async function resetSchedule({ store, clock }: Given, id: string): Promise<ScheduleSet> {
  const was = await store.removeByHand(SCHEDULE_BY_HAND, id);
  const found = await find(store, id);
  if ("outcome" in found) return found.outcome === "not_found" && was ? { outcome: "orphan_reset" } : found;
  const now = scheduleNow(found.schedule, found.office.timezone, undefined, clock.nowMs());
  return { outcome: was ? "set" : "nothing_set", now };
}

type Found = { readonly office: Office; readonly schedule: Schedule };

async function find(
  store: Deps["store"],
  id: string,
): Promise<Found | Extract<ScheduleSet, { outcome: "not_found" | "no_office" }>> {
  const office = await store.loadOffice();
  if (office === undefined) return NO_OFFICE;
  const schedules = schedulesOf(office);
  const schedule = schedules.find((each) => each.id === id);
  if (schedule !== undefined) return { office, schedule };
  const known = schedules.map((each) => each.id);
  return { outcome: "not_found", suggestion: suggest(id, known) };
}

function schedulesOf(office: Office): readonly Schedule[] {
  return (office.sections?.[SCHEDULES] ?? []) as readonly Schedule[];
}

function setOf(sets: readonly ByHand[], id: string): ByHand | undefined {
  return sets.find((set) => set.kind === SCHEDULE_BY_HAND && set.id === id);
}

function scheduleNow(schedule: Schedule, zone: string, set: ByHand | undefined, nowMs: number): ScheduleNow {
  const timezone = schedule.timezone ?? zone;
  const state = scheduleAt(schedule, zone, set, nowMs);
  const isSet = overrideAt(set, nowMs) !== undefined;
  return {
    id: schedule.id,
    timezone,
    state,
    nextChangeMs: isSet
      ? afterOverride(schedule, timezone, set, state.open)
      : nextChange(schedule, timezone, nowMs),
    byHand:
      isSet && set !== undefined ? { author: set.author, sinceMs: set.sinceMs, untilMs: set.untilMs } : null,
  };
}

/** When an override ends, the hours may give the same state; then the next change is the hours' own. */
function afterOverride(
  schedule: Schedule,
  timezone: string,
  set: ByHand | undefined,
  isOpen: boolean,
): number | null {
  const untilMs = set?.untilMs ?? null;
  if (untilMs === null) return null;
  return hoursAt(schedule, timezone, untilMs).open === isOpen
    ? nextChange(schedule, timezone, untilMs)
    : untilMs;
}
