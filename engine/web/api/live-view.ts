/**
 * The live office for the API's readers. It is read once; a new revision brings what differs in it, since loading a large
 * office takes a second, and whoever edits would wait for it after each save.
 */
import { patchedOffice } from "../../../policy/office/patched.js";
import { RoutingTable } from "../../../policy/routing/table.js";
import { type Live, type Viewed, viewLive } from "../../office/views/live.js";
import { type Deps, orDatabaseFailed } from "../../use-case.js";
import { together } from "./looked-up.js";

/** The offices that are in memory, by their routing tables. */
const LIVE = new WeakMap<object, Live>();

/** The office whose routing table this is; undefined: it is not in memory any more. */
export function liveOf(table: object): Live | undefined {
  return LIVE.get(table);
}

/** Gives the live office; what is kept is used while no other revision is live. Drift is part of a revision. */
export function liveView({ store }: Pick<Deps, "store">): () => Promise<Viewed<Live>> {
  let kept: Live | undefined;
  /** Requests that come while it is read wait for the same reading. */
  let reading: Promise<Viewed<Live>> | undefined;

  const newest = together(() => store.currentRevision());
  const read = async (): Promise<Viewed<Live>> => {
    const next = kept && (await patched(store, kept));
    const live = next ?? (await viewLive({ store }, (whole) => whole));
    if (!("outcome" in live)) {
      kept = live;
      LIVE.set(live.table, live);
    }
    return live;
  };
  return () =>
    orDatabaseFailed<Viewed<Live>>(async () => {
      if (kept?.revision === (await newest())) return kept;
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    });
}

/** The newest office, made of an earlier one; undefined: it is to be read anew. */
async function patched(store: Deps["store"], before: Live): Promise<Live | undefined> {
  const since = await store.changesSince(before.revision);
  if (since.outcome === "too_many") return undefined;
  const { revision, changes } = since;
  const office = patchedOffice(before.office, changes);
  const table = before.table.isNewest
    ? before.table.next(changes, revision)
    : RoutingTable.of(office, revision);
  return { revision, office, table, drift: await store.drift() };
}
