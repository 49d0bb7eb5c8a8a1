/** What calls are asked for by: read from the address, and the same for the list and its export. */
import type { Address } from "../../office/address.js";
import type { Args } from "../../office/client.js";
import { addDays, dayIn, isDay } from "../../office/days.js";

export type CallsQuery = NonNullable<NonNullable<Args<"exportCalls">[0]>["query"]>;

export const PERIODS = ["today", "yesterday", "week", "month"] as const;
/** How many days back the first day is, and the last. */
const PERIOD_DAYS: Readonly<Record<(typeof PERIODS)[number], readonly [first: number, last: number]>> = {
  today: [0, 0],
  yesterday: [1, 1],
  week: [6, 0],
  month: [29, 0],
};
export const RESULTS = [
  "answered",
  "missed",
  "message",
  "refused",
  "failed",
  "listened",
  "not_ours",
  "live",
] as const;
export const DIRECTIONS = ["in", "out", "inside"] as const;
export const SCOPES = ["own", "groups", "all"] as const;

/** The filters' names in the address; all others are no filters. */
export const FILTERS = [
  "number",
  "period",
  "from",
  "until",
  "result",
  "direction",
  "user",
  "group",
  "called",
  "carrier",
  "about",
  "scope",
  "emergency",
] as const;

export function callsQuery({ get }: Pick<Address, "get">, timezone: string, nowMs: number): CallsQuery {
  const one = <T extends string>(all: readonly T[], name: string) => all.find((each) => each === get(name));
  const emergency = get("emergency");
  const [from, until] = periodOf({ get }, timezone, nowMs);
  const query = {
    ...{ number: get("number"), user: get("user"), group: get("group"), called: get("called") },
    ...{ carrier: get("carrier"), about: get("about"), from, until },
    result: one(RESULTS, "result"),
    direction: one(DIRECTIONS, "direction"),
    scope: one(SCOPES, "scope"),
    emergency: emergency === "true" || emergency === "false" ? emergency : undefined,
  };
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as CallsQuery;
}

/** Days by the office's clock, both included, or exact times as another page's link has them. */
function periodOf(
  { get }: Pick<Address, "get">,
  timezone: string,
  nowMs: number,
): readonly [from?: string | undefined, until?: string | undefined] {
  const period = PERIODS.find((each) => each === get("period"));
  if (period === undefined) return [wellFormed(get("from")), wellFormed(get("until"))];
  const [first, last] = PERIOD_DAYS[period];
  const today = dayIn(timezone, nowMs);
  return [addDays(today, -first), addDays(today, -last)];
}

function wellFormed(text: string | undefined): string | undefined {
  return text !== undefined && (isDay(text) || /^\d{4}-\d{2}-\d{2}T/.test(text)) ? text : undefined;
}
