/**
 * Which entities a command changed last, so that files applied later do not overwrite them unasked. An entity is
 * forgotten here when the files say the same, or are applied with --overwrite.
 */

import type { EntityRef } from "../policy/change/drift.js";
import type { EntityKind } from "../policy/office/entities.js";
import type { Database } from "./database.js";

/** An entity, and the revision in which a command changed it last. */
export interface DriftEntry extends EntityRef {
  readonly revision: number;
  readonly author: string;
  readonly message: string;
  /** Milliseconds since the epoch. */
  readonly appliedMs: number;
}

export function readDrift(database: Database): Promise<DriftEntry[]> {
  return database.all<DriftEntry>(
    `SELECT kind, key, revision, author, message, applied_ms AS appliedMs
     FROM drift JOIN revisions USING (revision) ORDER BY revision, kind, key`,
  );
}

/** Marks entities as changed by command in a revision. To be called inside a transaction. */
export function rememberDrift(
  database: Database,
  kind: EntityKind,
  revision: number,
  keys: readonly string[],
): Promise<void> {
  return database.run(
    `INSERT OR REPLACE INTO drift (kind, key, revision) SELECT ?, value, ? FROM json_each(?)`,
    [kind, revision, JSON.stringify(keys)],
  );
}

/** Forgets the drift of all entities but `keeps`. To be called inside a transaction. */
export function forgetDrift(database: Database, keeps: readonly EntityRef[]): Promise<void> {
  return database.run(
    `DELETE FROM drift WHERE (kind, key) NOT IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))`,
    [JSON.stringify(keeps.map(({ kind, key }) => [kind, key]))],
  );
}
