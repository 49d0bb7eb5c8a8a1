/** Months by the clock of an office's zone. */
import { dateOf, dayOf, startOfDay } from "../office/zone.js";

/** A month of an office: the days it has, and the instants at which it begins and ends. */
export interface Month {
  /** `2026-11`. */
  readonly month: string;
  readonly fromMs: number;
  /** The first instant of the next month. */
  readonly untilMs: number;
}

/** @param text such as `2026-11`; undefined is returned for a text that is no month */
export function monthOf(text: string, zone: string): Month | undefined {
  const first = dayOf(`${text}-01`);
  const next = dayOf(`${followingMonth(text)}-01`);
  if (first === undefined || next === undefined) return undefined;
  return { month: text, fromMs: startOfDay(zone, first), untilMs: startOfDay(zone, next) };
}

/** The month of a day. @param day days since 1970-01-01 */
export function monthOfDay(day: number): string {
  return dateOf(day).slice(0, "2026-11".length);
}

/** The month after one: `2027-01` after `2026-12`. */
export function followingMonth(text: string): string {
  const [year, month] = text.split("-").map(Number);
  const months = (year ?? 0) * 12 + (month ?? 0);
  return `${String(Math.floor(months / 12)).padStart(4, "0")}-${String((months % 12) + 1).padStart(2, "0")}`;
}
