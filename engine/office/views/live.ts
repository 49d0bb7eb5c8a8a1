/** Reads the live office together with its drift, for the views that show parts of it. */

import type { EntityKind } from "../../../policy/office/entities.js";
import type { Office } from "../../../policy/office/office.js";
import { RoutingTable } from "../../../policy/routing/table.js";
import type { DriftEntry } from "../../../storage/drift.js";
import {
  type DatabaseFailed,
  type Deps,
  NO_OFFICE,
  type NoOffice,
  orDatabaseFailed,
} from "../../use-case.js";

export interface Live {
  readonly revision: number;
  readonly office: Office;
  readonly table: RoutingTable;
  /** What commands have changed and the files do not say. */
  readonly drift: readonly DriftEntry[];
}

/** A view of the live office, or why there is none. */
export type Viewed<View> = View | NoOffice | DatabaseFailed;

/**
 * Makes a view of the live office.
 * @param partOf the part of a revision that the view needs, where it can be told without the whole office
 */
export function viewLive<View>(
  { store }: Pick<Deps, "store">,
  view: (live: Live) => View | Promise<View>,
  partOf: (revision: number) => Promise<Office | undefined> = async () => undefined,
): Promise<Viewed<View>> {
  return orDatabaseFailed<View | NoOffice>(async () => {
    const revision = await store.currentRevision();
    const office = (await partOf(revision)) ?? (await store.loadOffice(revision));
    if (office === undefined) return NO_OFFICE;
    return view({ revision, office, table: RoutingTable.of(office, revision), drift: await store.drift() });
  });
}

/** What drifts of one entity. */
export interface EntityDrift
  extends Pick<DriftEntry, "kind" | "key" | "revision" | "author" | "message" | "appliedMs"> {
  /** Each field with its last change; an empty name stands for the whole entity. */
  readonly fields: readonly Omit<DriftEntry, "kind" | "key" | "word">[];
}

/** What drifts of an entity, with the newest change of it; null: nothing does. */
export function driftOf({ drift }: Live, kind: EntityKind, key: string): EntityDrift | null {
  const rows = rowsOf(drift).get(`${kind} ${key}`) ?? [];
  const newest = rows.at(-1);
  if (newest === undefined) return null;
  const { revision, author, message, appliedMs } = newest;
  const fields = rows.map(({ kind: _kind, key: _key, word: _word, ...field }) => field);
  return { kind, key, revision, author, message, appliedMs, fields };
}

const rowsByEntity = new WeakMap<readonly DriftEntry[], ReadonlyMap<string, readonly DriftEntry[]>>();

/** The rows of each entity, in their order: an office that no files know drifts as a whole. */
function rowsOf(drift: readonly DriftEntry[]): ReadonlyMap<string, readonly DriftEntry[]> {
  const made = rowsByEntity.get(drift);
  if (made !== undefined) return made;
  const rows = new Map<string, DriftEntry[]>();
  for (const row of drift) {
    const name = `${row.kind} ${row.key}`;
    const ofEntity = rows.get(name);
    if (ofEntity === undefined) rows.set(name, [row]);
    else ofEntity.push(row);
  }
  rowsByEntity.set(drift, rows);
  return rows;
}
