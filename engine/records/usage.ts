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

export function showUsage(
  { store, clock }: Pick<Deps, "store" | "clock">,
  wish: UsageWish,
): Promise<UsageShown> {
  return orDatabaseFailed<UsageShown>(async () => {
    const live = await store.currentRevision();
    const revision = wish.revision ?? live;
    const known = wish.known?.revision === revision ? wish.known : undefined;
    const office = known?.office ?? (await store.loadOffice(revision));
    if (office === undefined) return live === 0 ? NO_OFFICE : { outcome: "no_revision", revision };
    const { timezone } = office;
    const text = wish.month ?? monthOfDay(wallTime(timezone, clock.nowMs()).day);
    const month = monthOf(text, timezone);
    if (month === undefined) return { outcome: "no_month", month: text };
    const head: UsageHead = { month: text, timezone, revision };
    const table = known?.table ?? RoutingTable.of(office, revision);
    const summary = new Summary(table, (office.sections?.[PLANS] ?? []) as readonly Plan[]);
    for await (const call of store.records.charges(month)) {
      const rated = summary.add(call);
      if (rated !== undefined) wish.onCall?.(rated, head);
    }
    return {
      outcome: "usage",
      ...head,
      ...summary.finish(),
      isRunning: clock.nowMs() < month.untilMs,
      ...given({ keptSinceMs: keptSince(office, month, clock.nowMs()) }),
      names: new Map(office.users.map(({ username, name }) => [username, name])),
      labels: new Map(
        office.numbers.flatMap(({ number, label }) => (label === undefined ? [] : [[number, label]])),
      ),
    };
  });
}

function keptSince(office: Office, { fromMs }: Month, nowMs: number): number | undefined {
  const { keepDays } = recordKeeping(office);
  const sinceMs = keepDays === null ? fromMs : nowMs - keepDays * DAY_MS;
  return sinceMs > fromMs ? sinceMs : undefined;
}

const DAY_MS = 86_400_000;
