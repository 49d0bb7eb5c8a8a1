/** What the calls outside of a month come to, for a spreadsheet. */
import { zonedMoment } from "../../policy/office/zoned-moment.js";
import { exactAmount } from "../../policy/usage/money.js";
import type { RatedCall, Sums } from "../../policy/usage/summary.js";
import { csvText } from "../office/files/csv-text.js";
import type { Usage, UsageBy, UsageHead } from "./usage.js";

const SUMS_HEADING = ["currency", "calls", "seconds", "included_seconds", "calls_without_price", "cost"];

/** The first line of the CSV. */
export function usageCsvHeading(by: UsageBy): string {
  const heads: Readonly<Record<UsageBy, readonly string[]>> = {
    plan: ["plan", "name", "number", ...SUMS_HEADING],
    number: ["number", "label", "plan", ...SUMS_HEADING],
    user: ["user", "name", ...SUMS_HEADING],
    call: [
      ...["call", "answered", "user", "number", "plan", "called", "seconds", "included_seconds"],
      ...["per_minute", "currency", "cost", "end_seen"],
    ],
  };
  return csvText([["month", ...heads[by]]]);
}

/** Amounts have all their digits, so that sums of them are exact. */
export function usageCsv(usage: Usage, by: UsageBy): string {
  const rows = csvRows(usage, by).map((row) => [usage.month, ...row]);
  return csvText(rows);
}

function csvRows({ plans, numbers, users, names, labels }: Usage, by: UsageBy): string[][] {
  switch (by) {
    case "call":
      return [];
    case "plan":
      return [
        ...plans.map((row) => [row.plan.id, row.plan.name ?? "", "", ...csvSums(row, row.plan.currency)]),
        ...numbers
          .filter(({ plan }) => plan === null)
          .map((row) => ["", "", row.number ?? "", ...csvSums(row, null)]),
      ];
    case "number":
      return numbers.map((row) => [
        row.number ?? "",
        labels.get(row.number ?? "") ?? "",
        row.plan?.id ?? "",
        ...csvSums(row, row.plan?.currency ?? null),
      ]);
    case "user":
      return users.map((row) => [
        row.user ?? "",
        names.get(row.user ?? "") ?? "",
        ...csvSums(row, row.currency),
      ]);
  }
}

function csvSums(sums: Sums, currency: string | null): string[] {
  return [
    currency ?? "",
    String(sums.calls),
    String(sums.seconds),
    String(sums.includedSeconds),
    String(sums.callsWithoutPrice),
    currency === null ? "" : exactAmount(sums.cost),
  ];
}

export function usageCallCsv(call: RatedCall, { month, timezone }: UsageHead): string {
  const { plan, cost } = call;
  return csvText([
    [
      month,
      call.call,
      zonedMoment(call.answeredMs, timezone).slice(0, "2026-11-01 01:30:05 -05:00".length),
      call.user ?? "",
      call.number ?? "",
      plan?.id ?? "",
      call.to,
      String(call.seconds),
      String(call.includedSeconds),
      call.perMinute ?? "",
      plan?.currency ?? "",
      cost === null ? "" : exactAmount(cost),
      call.isEndSeen ? "yes" : "no",
    ],
  ]);
}
