/** The use cases of lists of calls: one page of what is asked for, all of it page by page, and what comes from now on. */
import { given } from "../../policy/office/optional.js";
import type { Result } from "../../policy/record/record.js";
import { parseNumber } from "../../policy/routing/number.js";
import type { CallFilter, CallRow, Page } from "../../storage/records/filter.js";
import type { Store } from "../../storage/store.js";
import type { Deps } from "../use-case.js";
import { whyNoCalls } from "./slips.js";

/** A page of calls that somebody asks for. */
export interface CallsAsked {
  readonly filter: CallFilter;
  /** The beginning of a call's id: only calls before this one. */
  readonly after?: string;
  readonly limit: number;
}

export interface CallsListed {
  readonly outcome: "listed";
  /** The newest first. */
  readonly calls: readonly CallRow[];
  /** There are older ones. */
  readonly hasMore: boolean;
  /** Why there may be none. */
  readonly why?: string;
}

/** Nothing or several things have this id. */
export interface CallNotFound {
  readonly outcome: "not_found";
  readonly reason: string;
}

export async function listCalls(
  { store }: Deps,
  { filter, after, limit }: CallsAsked,
): Promise<CallsListed | CallNotFound> {
  const before = after === undefined ? undefined : await findCall(store, after);
  if (before?.outcome === "not_found") return before;
  const page = { limit, ...given({ after: before?.call.key }) };
  const asked = await withNumbers(store, filter);
  const { calls, next } = await store.records.list(asked, page);
  const why = calls.length > 0 || after !== undefined ? undefined : await whyNoCalls(store, asked);
  return { outcome: "listed", calls, hasMore: next !== null, ...given({ why }) };
}

/** So many calls are read at once where all are asked for. */
const PAGE_CALLS = 500;

/**
 * Every call that is asked for, the newest first, a page at a time: there may be more than fit into memory.
 * @param write returns whether more are wanted
 */
export async function eachCall(
  { store }: Deps,
  { filter, after, limit }: CallsAsked,
  write: (calls: readonly CallRow[]) => Promise<boolean>,
): Promise<{ readonly outcome: "done"; readonly why?: string } | CallNotFound> {
  const before = after === undefined ? undefined : await findCall(store, after);
  if (before?.outcome === "not_found") return before;
  const asked = await withNumbers(store, filter);
  let hasAny = false;
  for await (const calls of pagesOfCalls(store, asked, { ...given({ after: before?.call.key }), limit })) {
    hasAny = true;
    if (!(await write(calls))) break;
  }
  const why = hasAny || before !== undefined ? undefined : await whyNoCalls(store, asked);
  if (!hasAny) await write([]);
  return { outcome: "done", ...given({ why }) };
}

/** All calls of a filter, in pages that are not empty. */
export async function* pagesOfCalls(
  store: Store,
  filter: CallFilter,
  { after, limit }: Page,
): AsyncGenerator<readonly CallRow[]> {
  let key = after;
  for (let left = limit; left > 0; ) {
    const page = { limit: Math.min(left, PAGE_CALLS), ...given({ after: key }) };
    const { calls, next } = await store.records.list(filter, page);
    left -= calls.length;
    if (calls.length > 0) yield calls;
    if (next === null) return;
    key = next;
  }
}

/** So many changed rows are read at once. */
const CHANGES_MAX = 500;

/** So many calls are remembered as shown; a call that is written again long after that is shown twice. */
const SHOWN_MAX = 10_000;

/**
 * Calls from now on: each once, when it is over; with the result `live`, when it begins.
 * @param wait resolves when it is time to look again; false: nobody follows any more
 */
export async function followCalls(
  { store }: Deps,
  filter: CallFilter,
  write: (calls: readonly CallRow[]) => Promise<boolean>,
  wait: () => Promise<boolean>,
): Promise<{ readonly outcome: "done" }> {
  const asked = await withNumbers(store, filter);
  const shown = new Set<string>();
  let change = await store.records.lastChange();
  while (await wait()) {
    const rows = await store.records.changedAfter(change, CHANGES_MAX);
    change = rows.at(-1)?.change ?? change;
    const fresh: CallRow[] = [];
    for (const row of rows) if (!shown.has(row.id) && (await isAsked(store, asked, row))) fresh.push(row);
    for (const { id } of fresh) shown.add(id);
    for (const id of shown) if (shown.size > SHOWN_MAX) shown.delete(id);
    if (fresh.length > 0 && !(await write(fresh))) break;
  }
  return { outcome: "done" };
}

/** The list itself says whether a call is in it, so that following shows what listing would. */
async function isAsked(store: Store, filter: CallFilter, row: CallRow): Promise<boolean> {
  const isLive = row.endedMs === null;
  if (isLive !== (filter.result === ("live" satisfies Result))) return false;
  const { fromMs = row.beganMs, untilMs = row.beganMs + 1 } = filter;
  if (row.beganMs < fromMs || row.beganMs >= untilMs) return false;
  const moment = { ...filter, fromMs: row.beganMs, untilMs: row.beganMs + 1 };
  const { calls } = await store.records.list(moment, { limit: CHANGES_MAX });
  return calls.some(({ id }) => id === row.id);
}

/** The only call whose id begins so. */
export async function findCall(
  store: Store,
  idPrefix: string,
): Promise<{ readonly outcome: "found"; readonly call: CallRow } | CallNotFound> {
  const [call, another] = await store.records.find(idPrefix);
  if (call === undefined) return { outcome: "not_found", reason: `there is no call ${idPrefix}` };
  // A whole id is no beginning of another one's.
  if (another === undefined || call.id === idPrefix) return { outcome: "found", call };
  return { outcome: "not_found", reason: `several calls begin with ${idPrefix}; give more of the id` };
}

/** A number that was called, in the form in which it is kept. */
export async function withNumbers(store: Store, filter: CallFilter): Promise<CallFilter> {
  const { called } = filter;
  if (called === undefined) return filter;
  return { ...filter, called: calledAsKept(called, (await store.settings())?.country ?? "") };
}

/** An extension is kept as it is. */
export function calledAsKept(called: string, country: string): string {
  return /^\d{2,6}$/.test(called) ? called : (parseNumber(called, country) ?? called);
}
