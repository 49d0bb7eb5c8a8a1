/** What calls are asked for by: the list and its export read the same query, so that the export has what the list shows. */
import { z } from "zod";
import type { Reach } from "../../../../../policy/access/access.js";
import { groupsOf } from "../../../../../policy/access/membership.js";
import { given, mapped } from "../../../../../policy/office/optional.js";
import type { CallFilter } from "../../../../../storage/records/filter.js";
import type { Live } from "../../../../office/views/live.js";
import { calledAsKept } from "../../../../records/list.js";
import { CALL_SCOPES, type CallScope, withinScope } from "../../../../records/reach.js";
import type { Actor } from "../../actor.js";
import { failureOf } from "../../failures.js";
import { periodQuery, readPeriod } from "../../period.js";
import { type Problem, problem } from "../../problem.js";
import type { Services } from "../../services.js";
import { DIRECTIONS, RESULTS } from "./call-form.js";

const TEXT_MAX = 100;
const text = (what: string) => z.string().trim().min(1).max(TEXT_MAX).optional().describe(what);

export const callsQuery = {
  scope: z
    .enum(CALL_SCOPES)
    .optional()
    .describe("your own calls, those of your groups too, or all; left out: as many as you may see"),
  ...periodQuery,
  number: text("part of the caller's or the called number, as people write it"),
  called: text("the whole number or extension that was called"),
  user: text("a username: who called, or whose phone rang or was to ring"),
  group: text("calls that came to this group"),
  carrier: text("calls that came or went through this carrier"),
  about: z
    .string()
    .max(TEXT_MAX)
    .regex(/^(number|user|group|flow|schedule):.+$/)
    .optional()
    .describe("calls that were about it, such as `flow:main`"),
  result: z.enum(RESULTS).optional(),
  direction: z.enum(DIRECTIONS).optional(),
  emergency: z.stringbool().optional().describe("calls for help, or all others"),
};
const asked = z.object(callsQuery);
export type CallsQuery = z.output<typeof asked>;

interface WhoAsks {
  readonly actor: Actor;
  readonly reach: Reach;
  readonly services: Services;
}

export interface CallsRead {
  readonly kind: "asked";
  readonly filter: CallFilter;
  readonly scope: CallScope;
  readonly live: Live;
}

/** The filter of a query, limited to what its asker sees. */
export async function readCalls(who: WhoAsks, query: CallsQuery): Promise<CallsRead | Problem> {
  const limited = await callsInReach(who, query.scope);
  if (limited.kind === "problem") return limited;
  const { country, timezone } = limited.live.office;
  const period = readPeriod(query, timezone, who.services.deps.clock.nowMs());
  if (!("fromMs" in period) && "length" in period) return problem("wrong_request", { errors: [...period] });
  const { number, called, user, group, carrier, about, result, direction, emergency } = query;
  const named = given({
    ...{ number, user, group, carrier, about, result, direction, isEmergency: emergency },
    called: mapped(called, (each) => calledAsKept(each, country)),
  });
  return { ...limited, filter: { ...limited.filter, ...period, ...named } };
}

/** All calls that somebody sees. @param scope how far they look; left out: as far as they may */
export async function callsInReach(
  { actor, reach, services }: WhoAsks,
  scope: CallScope = reach,
): Promise<CallsRead | Problem> {
  if (scope === "all" && reach !== "all") return problem("no_permission", { permission: "call_logs" });
  const live = await services.live();
  if ("outcome" in live) return failureOf(services, live);
  const { username } = actor.user;
  const reader = { username, groups: groupsOf(username, live.table) };
  return { kind: "asked", filter: await withinScope(services.deps.store, reader, scope), scope, live };
}
