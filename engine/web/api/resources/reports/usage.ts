/** What the calls outside of a month come to by the office's plans; also as a table for spreadsheets, call by call. */
import { z } from "zod";
import { askerMay } from "../../../../../policy/access/access.js";
import { exactAmount } from "../../../../../policy/usage/money.js";
import type { NumberUsage, Sums } from "../../../../../policy/usage/summary.js";
import {
  askUsage,
  ratedCalls,
  showUsage,
  summaryFor,
  USAGE_BY,
  type Usage,
  type UsageAsked,
  type UsageShown,
} from "../../../../records/usage.js";
import { usageCallCsv, usageCsv, usageCsvHeading } from "../../../../records/usage-csv.js";
import { auditOf } from "../../audit-of.js";
import { failureOf } from "../../failures.js";
import { type Problem, problem } from "../../problem.js";
import { ok, route } from "../../route.js";
import type { Services } from "../../services.js";
import { isoTime } from "../../time.js";

const ACCESS = { needs: "permission", permission: "billing" } as const;

const usageQuery = {
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
    .optional()
    .describe("such as `2026-11`; left out: this month by the office's clock"),
  revision: z.coerce.number().int().min(1).optional().describe("by the plans of this revision"),
};

const sums = z.object({
  /** Null: calls without a plan, which have no price. */
  currency: z.string().nullable(),
  calls: z.number().int(),
  seconds: z.number().int(),
  /** Of them, those that plans include. */
  included_seconds: z.number().int(),
  calls_without_price: z.number().int(),
  /** With all its digits. */
  cost: z.string().nullable(),
});
const numberUsage = sums.extend({
  /** Null: the calls showed no number of the office. */
  number: z.string().nullable(),
  label: z.string().nullable(),
  plan: z.string().nullable(),
});

export const usageRoutes = {
  getUsage: route({
    method: "GET",
    path: "/usage",
    tag: "Reports",
    summary: "Reckon the calls outside of a month by the plans of the numbers that they showed",
    access: ACCESS,
    query: z.object(usageQuery),
    answer: z.object({
      month: z.string(),
      timezone: z.string(),
      /** Of the office whose plans count. */
      revision: z.number().int(),
      /** The month is not over. */
      running: z.boolean(),
      /** Calls that go on, and are not counted yet. */
      in_progress: z.number().int(),
      /** Calls that may have ended earlier than they are counted. */
      unseen_ends: z.number().int(),
      /** Calls before that are not kept any more; null: all of the month is there. */
      kept_since_at: z.iso.datetime().nullable(),
      plans: z.array(
        sums.extend({
          plan: z.string(),
          name: z.string().nullable(),
          included_minutes: z.number().nullable(),
        }),
      ),
      numbers: z.array(numberUsage),
      /** `user` null: the office pays. */
      users: z.array(sums.extend({ user: z.string().nullable(), name: z.string().nullable() })),
      totals: z.array(sums),
    }),
    handle: async ({ query, services }) => {
      const live = await services.live();
      if ("outcome" in live) return failureOf(services, live);
      const usage = await showUsage(services.deps, { ...query, known: live });
      return usage.outcome === "usage" ? ok(usageOut(usage)) : refused(usage, services);
    },
  }),

  exportUsage: route({
    method: "GET",
    path: "/usage/export",
    tag: "Reports",
    summary: "Export what calls come to as a table for spreadsheets",
    description: "Calls one by one need the permission `call_logs`, too.",
    access: ACCESS,
    query: z.object({ ...usageQuery, by: z.enum(USAGE_BY).default("plan") }),
    answer: { raw: "download", contentType: "text/csv" },
    handle: async (request) => {
      const { query, actor, services, signal } = request;
      const { by } = query;
      if (by === "call" && !askerMay(actor, "call_logs"))
        return problem("no_permission", { permission: "call_logs" });
      const live = await services.live();
      if ("outcome" in live) return failureOf(services, live);
      const wish = { ...query, known: live };
      const usage = await (by === "call" ? askUsage(services.deps, wish) : showUsage(services.deps, wish));
      if (usage.outcome !== "asked" && usage.outcome !== "usage") return refused(usage, services);
      await services.audit({ ...auditOf(request), action: "exported", subject: "usage", detail: query });
      return {
        kind: "download",
        contentType: "text/csv; charset=utf-8",
        fileName: `usage-${usage.month}-by-${by}.csv`,
        body:
          usage.outcome === "asked"
            ? callsCsv(services, usage, signal)
            : `${usageCsvHeading(by)}${usageCsv(usage, by)}`,
      };
    },
  }),
};

function refused(usage: Exclude<UsageShown, Usage>, services: Services): Problem {
  switch (usage.outcome) {
    case "no_revision":
      return problem("not_found", { detail: `there is no revision ${usage.revision}` });
    case "no_month":
      return problem("wrong_request", { detail: `${usage.month} is no month` });
    default:
      return failureOf(services, usage);
  }
}

/** So many lines are sent at once. */
const LINES = 500;

async function* callsCsv({ deps }: Services, asked: UsageAsked, signal: AbortSignal): AsyncGenerator<string> {
  yield usageCsvHeading("call");
  let lines: string[] = [];
  for await (const call of ratedCalls(deps.store, asked, summaryFor(asked))) {
    if (signal.aborted) return;
    if (lines.push(usageCallCsv(call, asked)) < LINES) continue;
    yield lines.join("");
    lines = [];
  }
  yield lines.join("");
}

function usageOut(usage: Usage) {
  const { month, timezone, revision, isRunning, inProgress, unseenEnds, keptSinceMs } = usage;
  const { plans, numbers, users, totals, names, labels } = usage;
  const number = (row: NumberUsage) => ({
    ...sumsOut(row, row.plan?.currency ?? null),
    number: row.number,
    label: labels.get(row.number ?? "") ?? null,
    plan: row.plan?.id ?? null,
  });
  return {
    month,
    timezone,
    revision,
    running: isRunning,
    in_progress: inProgress,
    unseen_ends: unseenEnds,
    kept_since_at: keptSinceMs === undefined ? null : isoTime(keptSinceMs),
    plans: plans.map(({ plan, ...row }) => ({
      ...sumsOut(row, plan.currency),
      plan: plan.id,
      name: plan.name ?? null,
      included_minutes: plan.includedMinutes ?? null,
    })),
    numbers: numbers.map(number),
    users: users.map((row) => ({
      ...sumsOut(row, row.currency),
      user: row.user,
      name: names.get(row.user ?? "") ?? null,
    })),
    totals: totals.map((row) => sumsOut(row, row.currency)),
  };
}

function sumsOut(row: Sums, currency: string | null): z.output<typeof sums> {
  return {
    currency,
    calls: row.calls,
    seconds: row.seconds,
    included_seconds: row.includedSeconds,
    calls_without_price: row.callsWithoutPrice,
    cost: currency === null ? null : exactAmount(row.cost),
  };
}
