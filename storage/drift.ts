/**
 * Which fields a command changed last, so that files applied later do not overwrite them unasked. A field is forgotten
 * here when the files and the live office say the same of it, or when files are applied with --overwrite.
 */

import type { DriftCause, DriftField, FilesWord } from "../policy/change/drift.js";
import { driftAfter, type EntityChanged } from "../policy/change/drift-after.js";
import { isIdDrift } from "../policy/change/id-drift.js";
import type { EntityKind } from "../policy/office/entities.js";
import type { Database } from "./database.js";

/** A field that drifts, and the revision in which a command changed it last. */
export interface DriftEntry extends DriftField {
  readonly revision: number;
}

type Row = Omit<DriftEntry, "word"> & { readonly filesWord: string | null };

/** The rows as one JSON text: of ten thousand rows the binding makes objects ten times as slowly. */
const AS_JSON = `json_group_array(json_object('kind', kind, 'key', key, 'field', field, 'revision', revision,
  'author', author, 'message', message, 'appliedMs', changed_ms, 'filesWord', files_word)) AS drift`;

/** All drift, what was changed first coming first. */
export async function readDrift(database: Database): Promise<DriftEntry[]> {
  const [row] = await database.all<{ readonly drift: string }>(
    `SELECT ${AS_JSON} FROM (SELECT * FROM drift ORDER BY revision, kind, key, field)`,
  );
  return (JSON.parse(row?.drift ?? "[]") as Row[]).map(entryOf);
}

function entryOf({ kind, key, field, revision, author, message, appliedMs, filesWord }: Row): DriftEntry {
  const entry = { kind, key, field, revision, author, message, appliedMs };
  // Written by this file from a value of this type.
  return filesWord === null ? entry : { ...entry, word: JSON.parse(filesWord) as FilesWord };
}

/** What drifts after a command changed entities of a kind, worked out before the transaction that writes it. */
export interface DriftAfter {
  readonly kind: EntityKind;
  readonly changes: readonly Omit<EntityChanged, "kind">[];
  readonly cause: DriftCause & { readonly revision: number };
  /** The keys of the changes, as JSON. */
  readonly keys: string;
  /** Their drift as it was read, as JSON. */
  readonly before: string;
  /** Their drift from now on, as JSON. */
  readonly rows: string;
}

/** Works out what drifts after a command changed entities of a kind. */
export async function driftAfterChanges(
  database: Database,
  kind: EntityKind,
  changes: readonly Omit<EntityChanged, "kind">[],
  cause: DriftCause & { readonly revision: number },
): Promise<DriftAfter> {
  const keys = JSON.stringify(changes.map(({ key }) => key));
  const before = await driftOf(database, kind, keys);
  const byKey = new Map<string, DriftEntry[]>();
  for (const row of JSON.parse(before) as Row[])
    byKey.set(row.key, [...(byKey.get(row.key) ?? []), entryOf(row)]);
  const after = changes.flatMap((change) => {
    const rows = byKey.get(change.key) ?? [];
    const fields = rows.filter((row) => !isIdDrift(row));
    // Whatever else changes, the files have another id for it.
    return [...rows.filter(isIdDrift), ...driftAfter({ kind, ...change }, fields, cause)];
  });
  return { kind, changes, cause, keys, before, rows: rowsOf(after, cause.revision) };
}

/**
 * Notes what drifts. To be called inside the transaction of the revision. Files that were applied since it was worked out
 * and changed nothing else may have changed the drift; then it is worked out again.
 */
export async function writeDriftAfter(database: Database, worked: DriftAfter): Promise<void> {
  const { kind, changes, cause, keys, before } = worked;
  const isAsRead = (await driftOf(database, kind, keys)) === before;
  const { rows } = isAsRead ? worked : await driftAfterChanges(database, kind, changes, cause);
  await database.run(`DELETE FROM drift ${OF_KEYS}`, [kind, keys]);
  await insertRows(database, rows);
}

const OF_KEYS = "WHERE kind = ? AND key IN (SELECT value FROM json_each(?))";

/** The drift of some entities as JSON: a text that SQLite makes is read and compared quickly. */
async function driftOf(database: Database, kind: EntityKind, keys: string): Promise<string> {
  const [row] = await database.all<{ readonly drift: string }>(
    `SELECT ${AS_JSON} FROM (SELECT * FROM drift ${OF_KEYS} ORDER BY key, field)`,
    [kind, keys],
  );
  return row?.drift ?? "[]";
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
  return insertRows(database, rowsOf(drift, revision));
}

/** Rows as JSON. */
function rowsOf(drift: readonly DriftField[], revision: number): string {
  return JSON.stringify(
    drift.map((each) => [
      each.kind,
      each.key,
      each.field,
      each.revision ?? revision,
      each.author,
      each.message,
      each.appliedMs,
      each.word === undefined ? null : JSON.stringify(each.word),
    ]),
  );
}

function insertRows(database: Database, rows: string): Promise<void> {
  return database.run(
    `INSERT INTO drift (kind, key, field, revision, author, message, changed_ms, files_word)
     SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7
     FROM json_each(?)`,
    [rows],
  );
}
