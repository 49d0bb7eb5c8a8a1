/** The use case of one call: its record, and the names with which it is told. */
import type { CallRecord } from "../../policy/record/record.js";
import { Names } from "../../policy/record/spoken-names.js";
import type { RoutingTable } from "../../policy/routing/table.js";
import type { CallFilter, CallRow } from "../../storage/records/filter.js";
import type { Store } from "../../storage/store.js";
import type { Live } from "../office/views/live.js";
import type { Deps } from "../use-case.js";
import { type CallNotFound, findCall, withNumbers } from "./list.js";
import { unknownName, whyNoCalls } from "./slips.js";

/** A call by the beginning of its id, and whose phones are asked for; or the last one of those that are asked for. */
export type CallAsked =
  | { readonly id: string; readonly user?: string | undefined }
  | { readonly last: CallFilter };

export interface CallFound {
  readonly outcome: "found";
  readonly record: CallRecord;
  readonly names: Names;
  /** The office's zone. */
  readonly timezone: string;
}

export async function readCall({ store }: Deps, asked: CallAsked): Promise<CallFound | CallNotFound> {
  const found = "id" in asked ? await findCall(store, asked.id) : await lastCall(store, asked.last);
  if (found.outcome === "not_found") return found;
  const record = await store.records.one(found.call.id);
  // Its time was over while it was looked for.
  if (record === undefined)
    return { outcome: "not_found", reason: `there is no call ${found.call.id} any more` };
  const unknown = "id" in asked ? await unknownIn(store, record, asked.user) : undefined;
  if (unknown !== undefined) return { outcome: "not_found", reason: unknown };
  const timezone = (await store.settings())?.timezone ?? "UTC";
  return { outcome: "found", record, names: await namesFor(store, record), timezone };
}

/** Of a user whom nobody knows it would be told that no step was to ring them. */
async function unknownIn(store: Store, { about }: CallRecord, user?: string): Promise<string | undefined> {
  if (user === undefined || about.includes(`user:${user}`)) return undefined;
  return unknownName(store, { user });
}

async function lastCall(store: Store, filter: CallFilter) {
  const asked = await withNumbers(store, filter);
  const { calls } = await store.records.list(asked, { limit: 1 });
  const [call] = calls;
  if (call !== undefined) return { outcome: "found", call } as const;
  const why = await whyNoCalls(store, asked);
  const reason = `there is no such call${why === undefined ? "" : `: ${why}`}`;
  return { outcome: "not_found", reason } as const;
}

/**
 * The same of a call that was found already, where the live office is known: reading a large office for each story would be
 * slow.
 */
export async function tellCall(
  { store }: Pick<Deps, "store">,
  { id, revision }: Pick<CallRow, "id" | "revision">,
  { table, office: { timezone } }: Pick<Live, "table" | "office">,
): Promise<CallFound | CallNotFound> {
  const record = await store.records.one(id);
  if (record === undefined) return { outcome: "not_found", reason: `there is no call ${id} any more` };
  return { outcome: "found", record, names: new Names(await tableThen(store, revision, table)), timezone };
}

/** An earlier office as the live one with what differs; what differs is little, most of the time. */
async function tableThen(store: Store, revision: number, live: RoutingTable): Promise<RoutingTable> {
  if (revision === live.revision || revision === 0 || !(await store.hasRevision(revision))) return live;
  const changed = await store.changesBetween(live.revision, revision);
  return changed.outcome === "changes" ? live.earlier(changed.changes, revision) : store.loadTable(revision);
}

/** Names as they were when the call came: since then users may have gone, and numbers may be another's. */
async function namesFor(store: Store, { revision }: CallRecord): Promise<Names> {
  if (revision > 0 && (await store.hasRevision(revision))) return new Names(await store.loadTable(revision));
  return new Names((await store.currentRevision()) > 0 ? await store.loadTable() : undefined);
}
