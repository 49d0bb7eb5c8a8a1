/** Statistics of calls: how many came, what became of them, and how long callers waited; also as a table for spreadsheets. */
import { z } from "zod";
import { given } from "../../../../../policy/office/optional.js";
import { dateOf, dayOf, wallTime } from "../../../../../policy/office/zone.js";
import {
  DIRECTIONS,
  STATS_BY,
  type Stats,
  type StatsBy,
  type StatsDays,
  type StatsRefused,
  type StatsRow,
  statsOf,
  WEEKDAYS,
  weekOf,
} from "../../../../records/stats.js";
import { statsCsv } from "../../../../records/stats-csv.js";
import { auditOf } from "../../audit-of.js";
import { failureOf } from "../../failures.js";
import { type Problem, problem } from "../../problem.js";
import { ok, route } from "../../route.js";
import type { Services } from "../../services.js";

const ACCESS = { needs: "permission", permission: "analytics" } as const;
const NAME_MAX = 100;
const WITHIN_DEFAULT_S = 20;
const WITHIN_MAX_S = 3_600;
/** How many days there are when no day is given, today included. */
const DAYS_DEFAULT = 30;
/** Ten years. */
const DAYS_MAX = 3_660;

const WEEKDAY_WORDS = WEEKDAYS.map((each) => each.toLowerCase()) as Lowercase<(typeof WEEKDAYS)[number]>[];

const day = z.string().refine((text) => dayOf(text) !== undefined, { error: "a day such as 2026-11-30" });
const name = z.string().min(1).max(NAME_MAX).optional();

const periodAndWhose = {
  from_day: day.optional().describe("left out: thirty days up to the last one"),
  until_day: day.optional().describe("the last day; left out: today"),
  number: name.describe("only calls to this number"),
  user: name.describe("only calls to this user"),
  group: name.describe("only calls to this group"),
  direction: z.enum(DIRECTIONS).optional(),
};

const statisticsQuery = z.object({
  by: z.enum(STATS_BY).optional().describe("a row for each; left out: only the total"),
  ...periodAndWhose,
  within_seconds: z.coerce
    .number()
    .int()
    .min(1)
    .max(WITHIN_MAX_S)
    .default(WITHIN_DEFAULT_S)
    .describe("an answer in less than so many seconds is in time"),
});
const weekQuery = z.object(periodAndWhose);

const seconds = z.number().int();
const figures = z.object({
  calls: z.number().int(),
  answered: z.number().int(),
  missed: z.number().int(),
  messages: z.number().int(),
  refused: z.number().int(),
  talk_seconds: seconds,
  wait_median_seconds: seconds.nullable(),
  wait_p95_seconds: seconds.nullable(),
  unanswered_wait_median_seconds: seconds.nullable(),
  unanswered_wait_p95_seconds: seconds.nullable(),
  offered: z.number().int(),
  answered_in_time: z.number().int(),
});

export const statisticsRoutes = {
  getStatistics: route({
    method: "GET",
    path: "/statistics",
    tag: "Reports",
    summary: "Count calls, and how long callers waited",
    access: ACCESS,
    query: statisticsQuery,
    answer: z.object({
      timezone: z.string(),
      from_day: z.string(),
      until_day: z.string(),
      within_seconds: seconds,
      by: z.enum(STATS_BY).nullable(),
      of: z.object({ kind: z.string(), name: z.string() }),
      rows: z.array(figures.extend({ name: z.string(), label: z.string().optional() })),
      total: figures,
    }),
    handle: async ({ query, services }) => {
      const stats = await read(query, services);
      if ("kind" in stats) return stats;
      const { timezone, fromDay, untilDay, withinS, by, of, rows, total } = stats;
      return ok({
        timezone,
        from_day: fromDay,
        until_day: untilDay,
        within_seconds: withinS,
        by,
        of: { ...of },
        rows: rows.map((row) => ({
          ...figuresOut(row),
          name: nameOf(row, by),
          ...given({ label: row.label }),
        })),
        total: figuresOut(total),
      });
    },
  }),

  getBusyHours: route({
    method: "GET",
    path: "/statistics/week",
    tag: "Reports",
    summary: "Count the calls of each hour of each weekday",
    access: ACCESS,
    query: weekQuery,
    answer: z.object({
      timezone: z.string(),
      from_day: z.string(),
      until_day: z.string(),
      of: z.object({ kind: z.string(), name: z.string() }),
      /** Hours in which no call came are left out. */
      hours: z.array(
        z.object({
          weekday: z.enum(WEEKDAY_WORDS),
          hour: z.number().int(),
          calls: z.number().int(),
          answered: z.number().int(),
          missed: z.number().int(),
          messages: z.number().int(),
        }),
      ),
      /** How often each weekday is in the period. */
      weekdays: z.array(z.object({ weekday: z.enum(WEEKDAY_WORDS), days: z.number().int() })),
    }),
    handle: async ({ query, services }) => {
      const live = await services.live();
      if ("outcome" in live) return failureOf(services, live);
      const { number, user, group, direction } = query;
      const wish = { number, user, group, direction };
      const days = daysOf(query, services.deps.clock.nowMs());
      const week = await weekOf(services.deps, live.office, wish, days);
      if (week.outcome !== "week") return notCounted(week);
      const { timezone, fromDay, untilDay, of, hours, weekdays } = week;
      return ok({
        ...{ timezone, from_day: fromDay, until_day: untilDay, of: { ...of } },
        hours: hours.map(({ weekday, hour, calls, answered, missed, messages }) => ({
          ...{ weekday: weekdayWord(weekday), hour, calls, answered, missed, messages },
        })),
        weekdays: weekdays.map((count, weekday) => ({ weekday: weekdayWord(weekday), days: count })),
      });
    },
  }),

  exportStatistics: route({
    method: "GET",
    path: "/statistics/export",
    tag: "Reports",
    summary: "Export statistics as a table for spreadsheets",
    access: ACCESS,
    query: statisticsQuery,
    answer: { raw: "download", contentType: "text/csv" },
    handle: async (request) => {
      const { query, services } = request;
      const stats = await read(query, services);
      if ("kind" in stats) return stats;
      await services.audit({ ...auditOf(request), action: "exported", subject: "statistics", detail: query });
      return {
        kind: "download",
        contentType: "text/csv; charset=utf-8",
        fileName: "statistics.csv",
        body: statsCsv(stats),
      };
    },
  }),
};

async function read(query: z.output<typeof statisticsQuery>, services: Services): Promise<Stats | Problem> {
  const live = await services.live();
  if ("outcome" in live) return failureOf(services, live);
  const { by, within_seconds: withinS, number, user, group, direction } = query;
  const wish = { by, withinS, number, user, group, direction };
  const stats = await statsOf(services.deps, live.office, wish, daysOf(query, services.deps.clock.nowMs()));
  return stats.outcome === "stats" ? stats : notCounted(stats);
}

function notCounted({ outcome, reason }: StatsRefused): Problem {
  return problem(outcome === "not_found" ? "not_found" : "wrong_request", { detail: reason });
}

function daysOf(
  { from_day: from, until_day: until }: Pick<z.output<typeof statisticsQuery>, "from_day" | "until_day">,
  nowMs: number,
): StatsDays {
  return (timezone) => {
    const today = wallTime(timezone, nowMs).day;
    const last = (until === undefined ? undefined : dayOf(until)) ?? today;
    const first = (from === undefined ? undefined : dayOf(from)) ?? last - DAYS_DEFAULT + 1;
    if (first > last) return "the first day is after the last one";
    if (last - first >= DAYS_MAX) return `these are more than ${DAYS_MAX} days`;
    return { fromDay: dateOf(first), untilDay: dateOf(last) };
  };
}

function figuresOut(row: Omit<StatsRow, "name">): z.output<typeof figures> {
  return {
    calls: row.calls,
    answered: row.answered,
    missed: row.missed,
    messages: row.messages,
    refused: row.refused,
    talk_seconds: Math.round(row.talkMs / 1_000),
    wait_median_seconds: row.medianS,
    wait_p95_seconds: row.p95S,
    unanswered_wait_median_seconds: row.unansweredMedianS,
    unanswered_wait_p95_seconds: row.unansweredP95S,
    offered: row.offered,
    answered_in_time: row.answeredInTime,
  };
}

function nameOf({ name: text }: StatsRow, by: StatsBy | null): string {
  return by === "weekday" ? weekdayWord(Number(text)) : text;
}

function weekdayWord(weekday: number): (typeof WEEKDAY_WORDS)[number] {
  return WEEKDAY_WORDS[weekday] ?? "monday";
}
