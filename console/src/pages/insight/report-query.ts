/** What a report is about, read from the address: a period, the one before it for comparison, and whose calls. */
import type { Address } from "../../office/address.js";
import type { Args } from "../../office/client.js";
import { addDays, dayIn, daysBetween, isDay } from "../../office/days.js";

export type StatisticsQuery = NonNullable<NonNullable<Args<"getStatistics">[0]>["query"]>;

export const REPORT_PERIODS = ["week", "month", "quarter", "this_month", "last_month", "year"] as const;
/** Whole weeks, so that the days of the period before are the same weekdays. */
const DAYS_BACK = { week: 7, month: 28, quarter: 91, year: 364 } as const;

export interface Days {
  readonly from_day: string;
  readonly until_day: string;
}

export interface ReportQuery {
  readonly period: string;
  readonly days: Days;
  /** As many days, before. */
  readonly before: Days;
  /** Whose calls; empty: those from outside. */
  readonly whose: Pick<StatisticsQuery, "direction" | "user" | "group" | "number">;
  /** The same as one text: `in`, `group:sales`. */
  readonly of: string;
}

export function reportQuery(address: Pick<Address, "get">, timezone: string, nowMs: number): ReportQuery {
  const today = dayIn(timezone, nowMs);
  const { period, days } = daysOf(address, today);
  const length = daysBetween(days.from_day, days.until_day);
  const of = address.get("of") ?? "in";
  return {
    period,
    days,
    before: { from_day: addDays(days.from_day, -length), until_day: addDays(days.from_day, -1) },
    whose: whoseOf(of),
    of,
  };
}

function daysOf(
  { get }: Pick<Address, "get">,
  today: string,
): { readonly period: string; readonly days: Days } {
  const [from, until] = [get("from"), get("until")];
  if (from !== undefined && until !== undefined && isDay(from) && isDay(until) && from <= until)
    return { period: "own", days: { from_day: from, until_day: until } };
  const period = REPORT_PERIODS.find((each) => each === get("period")) ?? "month";
  const firstOfMonth = `${today.slice(0, 7)}-01`;
  if (period === "this_month") return { period, days: { from_day: firstOfMonth, until_day: today } };
  if (period === "last_month") {
    const last = addDays(firstOfMonth, -1);
    return { period, days: { from_day: `${last.slice(0, 7)}-01`, until_day: last } };
  }
  return { period, days: { from_day: addDays(today, 1 - DAYS_BACK[period]), until_day: today } };
}

function whoseOf(of: string): ReportQuery["whose"] {
  const [, kind, name] = /^(user|group|number):(.+)$/.exec(of) ?? [];
  if (name !== undefined) return { [String(kind)]: name };
  // Calls from outside are what is counted when nothing is asked for; groups, numbers and people count those within, too.
  return of === "out" || of === "inside" ? { direction: of } : {};
}
