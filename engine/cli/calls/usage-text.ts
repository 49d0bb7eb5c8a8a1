/** What the calls outside of a month come to, as a table for people and as JSON. */
import { zonedMoment } from "../../../policy/office/zoned-moment.js";
import { clockTime } from "../../../policy/record/times.js";
import { amountText, exactAmount } from "../../../policy/usage/money.js";
import type {
  CurrencyUsage,
  NumberUsage,
  RatedCall,
  Sums,
  UserUsage,
} from "../../../policy/usage/summary.js";
import { counted } from "../../counted.js";
import type { Usage, UsageBy, UsageHead } from "../../records/usage.js";
import { zonedTime } from "../shared/until.js";
import { figureTable } from "./figures.js";

const OFFICE = "the office";
const NO_NUMBER = "no number of the office";

/** The table, and what is to be said beside it. Calls one by one are written before it, by {@link callRow}. */
export function usageText(usage: Usage, by: UsageBy, columns: number): string {
  const { month, timezone, revision } = usage;
  const head = `calls outside in ${month}, ${timezone}, by the plans of revision ${revision}\n`;
  return [
    head,
    tableOf(usage, by, columns),
    apart(usage, by, columns),
    ...notes(usage).map((note) => `${note}\n`),
  ].join("");
}

function tableOf(usage: Usage, by: UsageBy, columns: number): string {
  const rows = rowsOf(usage, by);
  const heading = [by === "call" ? "" : by, "", "calls", "time", "included", "cost"];
  const totals = usage.totals
    .filter(({ currency }) => currency !== null)
    .map((total) => ["total", "", ...figures(total, total.currency)]);
  if (rows.length + totals.length === 0) return "no calls on a plan\n";
  return figureTable([heading, ...rows, ...totals], { texts: 2, columns });
}

function rowsOf(usage: Usage, by: UsageBy): string[][] {
  switch (by) {
    case "call":
      return [];
    case "plan":
      return usage.plans.map((row) => {
        const { id, name, currency, includedMinutes } = row.plan;
        const [calls = "", time = "", included = "", cost = ""] = figures(row, currency);
        const of = includedMinutes === undefined ? included : `${included} of ${includedMinutes}:00`;
        return [id, name ?? "", calls, time, of, cost];
      });
    case "number":
      return usage.numbers
        .filter(({ plan }) => plan !== null)
        .map((row) => [
          row.number ?? NO_NUMBER,
          row.plan?.id ?? "",
          ...figures(row, row.plan?.currency ?? null),
        ]);
    case "user":
      return usage.users
        .filter(({ currency }) => currency !== null)
        .map((row) => [
          row.user ?? OFFICE,
          usage.names.get(row.user ?? "") ?? "",
          ...figures(row, row.currency),
        ]);
  }
}

function figures(sums: Sums, currency: string | null): string[] {
  return [
    String(sums.calls),
    minutes(sums.seconds),
    minutes(sums.includedSeconds),
    currency === null ? "-" : `${amountText(sums.cost, currency)} ${currency}`,
  ];
}

/** Minutes and seconds, as plans count them: never hours. */
function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Calls without a plan have no price, so they are not among the others. */
function apart({ numbers, users }: Usage, by: UsageBy, columns: number): string {
  const rows =
    by === "user"
      ? users.filter(({ currency }) => currency === null).map((row) => [row.user ?? OFFICE, ...plain(row)])
      : numbers.filter(({ plan }) => plan === null).map((row) => [row.number ?? NO_NUMBER, ...plain(row)]);
  if (rows.length === 0) return "";
  const of = by === "user" ? "calls that show a number without a plan" : "numbers without a plan";
  return `\n${of}, which have no price\n${figureTable(rows, { texts: 1, columns })}`;
}

function plain({ calls, seconds }: Sums): string[] {
  return [String(calls), minutes(seconds)];
}

/** What keeps the figures from being all that there is to say. */
function notes(usage: Usage): string[] {
  const { isRunning, inProgress, unseenEnds, keptSinceMs, timezone, totals } = usage;
  const unpriced = totals.reduce(
    (sum, { currency, callsWithoutPrice }) => sum + (currency === null ? 0 : callsWithoutPrice),
    0,
  );
  const goes = inProgress === 1 ? "goes on and is" : "go on and are";
  const have = unpriced === 1 ? "has" : "have";
  return [
    ...(isRunning ? ["the month is not over"] : []),
    ...(inProgress > 0 ? [`${counted(inProgress, "call")} ${goes} not counted yet`] : []),
    ...(unpriced > 0
      ? [`${counted(unpriced, "call")} ${have} no price: the plan has none for the number`]
      : []),
    ...(unseenEnds > 0
      ? [`${counted(unseenEnds, "call")} may have ended earlier: nobody saw the end, only that it was over`]
      : []),
    ...(keptSinceMs === undefined
      ? []
      : [`calls before ${zonedTime(keptSinceMs, timezone)} are deleted: this is not all of the month`]),
  ];
}

/** One call as a line of the table. */
export function callLine(call: RatedCall, { timezone }: UsageHead): string {
  const { plan, cost } = call;
  const price = plan === null ? "no plan" : cost === null ? "no price" : amountText(cost, plan.currency);
  const parts = [
    zonedMoment(call.answeredMs, timezone).slice(0, "2026-11-01 01:30:05".length),
    (call.user ?? OFFICE).padEnd(16),
    (call.number ?? "-").padEnd(13),
    call.to.padEnd(13),
    clockTime(call.seconds * 1_000).padStart(7),
    price.padStart(8),
  ];
  return `${parts.join("  ").trimEnd()}\n`;
}

/** What `--json` prints; calls one by one are objects of their own. */
export function usageJson(usage: Usage, by: UsageBy): object {
  const { month, timezone, revision, isRunning, inProgress, unseenEnds, keptSinceMs } = usage;
  const { plans, numbers, users, totals, names, labels } = usage;
  const sumsOf = (sums: Sums, currency: string | null) => ({
    currency,
    calls: sums.calls,
    seconds: sums.seconds,
    includedSeconds: sums.includedSeconds,
    callsWithoutPrice: sums.callsWithoutPrice,
    cost: currency === null ? null : exactAmount(sums.cost),
  });
  const number = (row: NumberUsage) => ({
    number: row.number,
    label: labels.get(row.number ?? "") ?? null,
    plan: row.plan?.id ?? null,
    ...sumsOf(row, row.plan?.currency ?? null),
  });
  const user = (row: UserUsage) => ({
    user: row.user,
    name: names.get(row.user ?? "") ?? null,
    ...sumsOf(row, row.currency),
  });
  const total = (row: CurrencyUsage) => sumsOf(row, row.currency);
  const rows = {
    plan: () => plans.map(({ plan, ...sums }) => ({ ...planJson(plan), ...sumsOf(sums, plan.currency) })),
    number: () => numbers.map(number),
    user: () => users.map(user),
    call: () => [],
  }[by]();
  return {
    ...{ ok: true, month, timezone, revision, by, isRunning, inProgress, unseenEnds },
    keptSince: keptSinceMs === undefined ? null : new Date(keptSinceMs).toISOString(),
    rows,
    withoutPlan: numbers.filter(({ plan }) => plan === null).map(number),
    totals: totals.map(total),
  };
}

function planJson({ id, name, includedMinutes }: Usage["plans"][number]["plan"]) {
  return { plan: id, name: name ?? null, includedMinutes: includedMinutes ?? null };
}

/** One line a call. */
export function callJson(call: RatedCall): object {
  const { plan, cost, to, answeredMs, endedMs, shown: _shown, called: _called, ...rest } = call;
  return {
    ...rest,
    called: to,
    answered: new Date(answeredMs).toISOString(),
    ended: endedMs === null ? null : new Date(endedMs).toISOString(),
    plan: plan?.id ?? null,
    currency: plan?.currency ?? null,
    cost: cost === null ? null : exactAmount(cost),
  };
}
