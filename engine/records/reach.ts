/**
 * Which calls somebody sees: those that came to them or that they made, those of their groups, or all. Every list, story and
 * export for people is limited by it in the query itself.
 */
import type { CallFilter, CallRow, Within } from "../../storage/records/filter.js";
import type { Store } from "../../storage/store.js";

/** Somebody who looks at calls. */
export interface CallReader {
  readonly username: string;
  /** Ids of the groups that they are a member of. */
  readonly groups: readonly string[];
}

/** How far somebody looks; never further than they may. */
export const CALL_SCOPES = ["own", "groups", "all"] as const;
export type CallScope = (typeof CALL_SCOPES)[number];

/**
 * What limits a filter to the calls that somebody sees. What was kept under a name before it was theirs is somebody
 * else's.
 */
export async function withinScope(
  store: Store,
  { username, groups }: CallReader,
  scope: CallScope,
): Promise<Pick<CallFilter, "within">> {
  if (scope === "all") return {};
  const users = await store.livesSince("users", [username]);
  const own: Within[] = [...users].map(([name, fromMs]) => ({ kind: "user", name, fromMs }));
  if (scope === "own") return { within: own };
  const since = await store.livesSince("groups", groups);
  // Groups that every office has are in no table until something about them is changed.
  const theirs: Within[] = groups.map((name) => ({ kind: "group", name, fromMs: since.get(name) ?? 0 }));
  return { within: [...own, ...theirs] };
}

/** The call with this id, if it is among those of a filter. */
export async function callWithin(store: Store, filter: CallFilter, id: string): Promise<CallRow | undefined> {
  const row = (await store.records.find(id)).find((each) => each.id === id);
  if (row === undefined || filter.within === undefined) return row;
  const moment = { ...filter, fromMs: row.beganMs, untilMs: row.beganMs + 1 };
  const { calls } = await store.records.list(moment, { limit: MOMENT_CALLS_MAX });
  return calls.find((each) => each.id === id);
}

/** More calls of a person never begin in one millisecond. */
const MOMENT_CALLS_MAX = 1_000;
