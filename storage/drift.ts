/**
 * Which fields a command changed last, so that files applied later do not overwrite them unasked. A field is forgotten
 * here when the files and the live office say the same of it, or when files are applied with --overwrite.
 */

import type { DriftCause, DriftField, FilesWord } from "../policy/change/drift.js";
import { driftAfter, type EntityChanged } from "../policy/change/drift-after.js";
import { isIdDrift } from "../policy/change/id-drift.js";
import type { EntityKind } from "../policy/office/entities.js";
import { given } from "../policy/office/optional.js";
import type { Database } from "./database.js";

/** A field that drifts, and the revision in which a command changed it last. */
export interface DriftEntry extends DriftField {
  readonly revision: number;
}

type Row = Omit<DriftEntry, "word"> & { readonly filesWord: string | null };

const COLUMNS =
  "kind, key, field, revision, author, message, changed_ms AS appliedMs, files_word AS filesWord";

/** All drift, what was changed first coming first. */
export async function readDrift(database: Database): Promise<DriftEntry[]> {
  return (await database.all<Row>(`SELECT ${COLUMNS} FROM drift ORDER BY revision, kind, key, field`)).map(
    entryOf,
  );
}

function entryOf({ filesWord, ...row }: Row): DriftEntry {
  // Written by this file from a value of this type.
  return {
    ...row,
    ...given({ word: filesWord === null ? undefined : (JSON.parse(filesWord) as FilesWord) }),
  };
}

/** Notes what drifts after a command changed entities of a kind. To be called inside a transaction. */
export async function rememberDrift(
  database: Database,
  kind: EntityKind,
  changes: readonly Omit<EntityChanged, "kind">[],
  cause: DriftCause & { readonly revision: number },
): Promise<void> {
  const keys = JSON.stringify(changes.map(({ key }) => key));
  const before = new Map<string, DriftEntry[]>();
  const ofKeys = "WHERE kind = ? AND key IN (SELECT value FROM json_each(?))";
  for (const row of await database.all<Row>(`SELECT ${COLUMNS} FROM drift ${ofKeys}`, [kind, keys]))
    before.set(row.key, [...(before.get(row.key) ?? []), entryOf(row)]);
  if (before.size > 0) await database.run(`DELETE FROM drift ${ofKeys}`, [kind, keys]);
  const after = changes.flatMap((change) => {
    const rows = before.get(change.key) ?? [];
    const fields = rows.filter((row) => !isIdDrift(row));
    // Whatever else changes, the files have another id for it.
    return [...rows.filter(isIdDrift), ...driftAfter({ kind, ...change }, fields, cause)];
  });
  await insertDrift(database, after, cause.revision);
}

/** Has other drift in the place of all drift before. To be called inside a transaction. */
export async function replaceDrift(
  database: Database,
  drift: readonly DriftField[],
  revision: number,
): Promise<void> {
  await database.run("DELETE FROM drift");
  await insertDrift(database, drift, revision);
}

/** @param revision for fields whose cause has none yet */
function insertDrift(database: Database, drift: readonly DriftField[], revision: number): Promise<void> {
  const rows = drift.map((each) => [
    each.kind,
    each.key,
    each.field,
    each.revision ?? revision,
    each.author,
    each.message,
    each.appliedMs,
    each.word === undefined ? null : JSON.stringify(each.word),
  ]);
  return database.run(
    `INSERT INTO drift (kind, key, field, revision, author, message, changed_ms, files_word)
     SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7
     FROM json_each(?)`,
    [JSON.stringify(rows)],
  );
}
