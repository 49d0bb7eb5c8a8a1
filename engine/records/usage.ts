/** What the calls outside of a month come to, by the plans of the office. */
import type { Office } from "../../policy/office/office.js";
import { given } from "../../policy/office/optional.js";
import { recordKeeping } from "../../policy/office/record-keeping.js";
import { wallTime } from "../../policy/office/zone.js";
import { RoutingTable } from "../../policy/routing/table.js";
import { type Month, monthOf, monthOfDay } from "../../policy/usage/month.js";
import { PLANS, type Plan } from "../../policy/usage/plan.js";
import { type MonthUsage, type RatedCall, Summary } from "../../policy/usage/summary.js";
import type { Live } from "../office/views/live.js";
import { type DatabaseFailed, type Deps, NO_OFFICE, type NoOffice, orDatabaseFailed } from "../use-case.js";

/** By what usage is told apart. */
export const USAGE_BY = ["plan", "number", "user", "call"] as const;
export type UsageBy = (typeof USAGE_BY)[number];

export interface UsageWish {
  /** Such as `2026-11`; left out: the month that it is in the office. */
  readonly month?: string | undefined;
  /** The plans of this revision count; left out: those of the live office. */
  readonly revision?: number | undefined;
  /** The live office, where it is known. */
  readonly known?: Pick<Live, "revision" | "office" | "table">;
  /** Called with each call that is counted, in the order of their answers. */
  readonly onCall?: (call: RatedCall, about: UsageHead) => void;
}

/** Which month it is, and by what it was reckoned. */
export interface UsageHead {
  readonly month: string;
  readonly timezone: string;
  readonly revision: number;
}

export interface Usage extends UsageHead, MonthUsage {
  readonly outcome: "usage";
  /** The month goes on. */
  readonly isRunning: boolean;
  /** Calls before this instant are deleted by now, and it is behind the month's begin; left out: all of it is there. */
  readonly keptSinceMs?: number;
  /** By username, as people read them; users who are gone are not there. */
  readonly names: ReadonlyMap<string, string>;
  /** By number, what it is for. */
  readonly labels: ReadonlyMap<string, string>;
}

export type UsageShown =
  | Usage
  | NoOffice
  | { readonly outcome: "no_revision"; readonly revision: number }
  | { readonly outcome: "no_month"; readonly month: string }
  | DatabaseFailed;

/** A month of an office that is to be reckoned. */
export interface UsageAsked extends UsageHead {
  readonly outcome: "asked";
  readonly office: Office;
  readonly table: RoutingTable;
  readonly span: Month;
}

type UsageRefused = Exclude<UsageShown, Usage | DatabaseFailed>;

export function showUsage(
  { store, clock }: Pick<Deps, "store" | "clock">,
  wish: UsageWish,
): Promise<UsageShown> {
  return orDatabaseFailed<UsageShown>(async () => {
    const asked = await askUsage({ store, clock }, wish);
    if (asked.outcome !== "asked") return asked;
    const { office, month, timezone, revision, span } = asked;
    const head: UsageHead = { month, timezone, revision };
    const summary = summaryFor(asked);
    for await (const call of ratedCalls(store, asked, summary)) wish.onCall?.(call, head);
    return {
      outcome: "usage",
      ...head,
      ...summary.finish(),
      isRunning: clock.nowMs() < span.untilMs,
      ...given({ keptSinceMs: keptSince(office, span, clock.nowMs()) }),
      names: new Map(office.users.map(({ username, name }) => [username, name])),
      labels: new Map(
        office.numbers.flatMap(({ number, label }) => (label === undefined ? [] : [[number, label]])),
      ),
    };
  });
}

/** Finds the month and the office that are meant. */
export async function askUsage(
  { store, clock }: Pick<Deps, "store" | "clock">,
  wish: Omit<UsageWish, "onCall">,
): Promise<UsageAsked | UsageRefused> {
  const live = await store.currentRevision();
  const revision = wish.revision ?? live;
  const known = wish.known?.revision === revision ? wish.known : undefined;
  const office = known?.office ?? (await store.loadOffice(revision));
  if (office === undefined) return live === 0 ? NO_OFFICE : { outcome: "no_revision", revision };
  const { timezone } = office;
  const month = wish.month ?? monthOfDay(wallTime(timezone, clock.nowMs()).day);
  const span = monthOf(month, timezone);
  if (span === undefined) return { outcome: "no_month", month };
  const table = known?.table ?? RoutingTable.of(office, revision);
  return { outcome: "asked", month, timezone, revision, office, table, span };
}

export function summaryFor({ office, table }: UsageAsked): Summary {
  return new Summary(table, (office.sections?.[PLANS] ?? []) as readonly Plan[]);
}

/** The calls of a month with what each comes to, in the order of their answers. */
export async function* ratedCalls(
  store: Deps["store"],
  { span }: UsageAsked,
  summary: Summary,
): AsyncGenerator<RatedCall> {
  for await (const call of store.records.charges(span)) {
    const rated = summary.add(call);
    if (rated !== undefined) yield rated;
  }
}

function keptSince(office: Office, { fromMs }: Month, nowMs: number): number | undefined {
  const { keepDays } = recordKeeping(office);
  const sinceMs = keepDays === null ? fromMs : nowMs - keepDays * DAY_MS;
  return sinceMs > fromMs ? sinceMs : undefined;
}

const DAY_MS = 86_400_000;
