/**
 * Whether a schedule is open at an instant, why, and until when.
 *
 * The clock on the wall of the schedule's zone decides: hours that begin in the hour that is left out in spring begin
 * when the clock has jumped, and hours within the hour that comes twice in autumn are open both times. Hours over
 * midnight belong to the day on which they begin. A holiday closes its whole day, from midnight to midnight, and the
 * hours that begin on it, also beyond midnight.
 */
import { dateOf, momentsOf, wallTime, weekdayOf } from "../../office/zone.js";

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Minutes of a day; midnight at its end is this, not 0. */
export const DAY_MINUTES = 1_440;

/** Open on these days, from a minute of the day to another; up to the same or an earlier one of the next day. */
export interface OpenHours {
  readonly days: readonly Weekday[];
  /** 0 to 1439. */
  readonly fromMinute: number;
  /** 1 to 1440. Not above `fromMinute`: on the next day. */
  readonly toMinute: number;
}

/** Closed on these days, both included; dates as `2026-12-25`. */
export interface Holiday {
  readonly from: string;
  readonly to: string;
  readonly name?: string;
}

/** When an office, or a part of it, is open. */
export interface Hours {
  readonly open: readonly OpenHours[];
  readonly closed: readonly Holiday[];
}

/** Why a schedule is open or closed. */
export type Why =
  | { readonly kind: "hours" }
  | { readonly kind: "outside_hours" }
  | { readonly kind: "holiday"; readonly holiday: Holiday };

export interface HoursState {
  readonly open: boolean;
  readonly why: Why;
}

/** How far ahead the next change is sought: two years, more than any list of holidays covers. */
const LOOKED_AHEAD_DAYS = 732;

/** @param zone IANA name @param atMs milliseconds since the epoch */
export function hoursAt(hours: Hours, zone: string, atMs: number): HoursState {
  const { day, minute } = wallTime(zone, atMs);
  const holiday = holidayOn(hours, day);
  if (holiday !== undefined) return { open: false, why: { kind: "holiday", holiday } };
  const isOpen = hours.open.some(
    (each) =>
      (opensOn(each, day) && minute >= each.fromMinute && (isOvernight(each) || minute < each.toMinute)) ||
      (isOvernight(each) && minute < each.toMinute && opensOn(each, day - 1) && !holidayOn(hours, day - 1)),
  );
  return isOpen ? { open: true, why: { kind: "hours" } } : { open: false, why: { kind: "outside_hours" } };
}

/**
 * When a schedule opens or closes next, milliseconds since the epoch; null: not within two years.
 * @param atMs the change comes after this instant
 */
export function nextChange(hours: Hours, zone: string, atMs: number): number | null {
  const before = hoursAt(hours, zone, atMs).open;
  const { day } = wallTime(zone, atMs);
  const edges = new Set(
    hours.open.flatMap(({ fromMinute, toMinute }) => [fromMinute, toMinute % DAY_MINUTES]),
  );
  // Midnight counts too, since holidays begin and end there.
  const minutes = [...edges.add(0)];
  for (let ahead = 0; ahead <= LOOKED_AHEAD_DAYS; ahead += 1) {
    const changed = momentsOf(zone, day + ahead, minutes).find(
      (moment) => moment > atMs && hoursAt(hours, zone, moment).open !== before,
    );
    if (changed !== undefined) return changed;
  }
  return null;
}

function opensOn({ days }: OpenHours, day: number): boolean {
  const weekday = WEEKDAYS[weekdayOf(day)];
  return weekday !== undefined && days.includes(weekday);
}

function isOvernight({ fromMinute, toMinute }: OpenHours): boolean {
  return toMinute <= fromMinute;
}

function holidayOn({ closed }: Hours, day: number): Holiday | undefined {
  if (closed.length === 0) return undefined;
  const date = dateOf(day);
  return closed.find(({ from, to }) => from <= date && date <= to);
}
