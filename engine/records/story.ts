/** The use case of one call: its record, and the names with which it is told. */
import type { CallRecord } from "../../policy/record/record.js";
import { Names } from "../../policy/record/spoken-names.js";
import type { CallFilter } from "../../storage/records/filter.js";
import type { Store } from "../../storage/store.js";
import type { Deps } from "../use-case.js";
import { type CallNotFound, findCall, withNumbers } from "./list.js";

/** A call by the beginning of its id, or the last one of those that are asked for. */
export type CallAsked = { readonly id: string } | { readonly last: CallFilter };

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
  const timezone = (await store.settings())?.timezone ?? "UTC";
  return { outcome: "found", record, names: await namesFor(store, record), timezone };
}

async function lastCall(store: Store, filter: CallFilter) {
  const { calls } = await store.records.list(await withNumbers(store, filter), { limit: 1 });
  const [call] = calls;
  const reason = "there is no such call";
  return call === undefined
    ? ({ outcome: "not_found", reason } as const)
    : ({ outcome: "found", call } as const);
}

/** Names as they were when the call came: since then users may have gone, and numbers may be another's. */
async function namesFor(store: Store, { revision }: CallRecord): Promise<Names> {
  if (revision > 0 && (await store.hasRevision(revision))) return new Names(await store.loadTable(revision));
  return new Names((await store.currentRevision()) > 0 ? await store.loadTable() : undefined);
}
