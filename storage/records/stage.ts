/**
 * Rows that a transaction will write, in a temporary table, which is in memory and belongs to this connection alone. What a
 * statement is given with its text keeps nobody waiting, and a transaction can carry out many statements at once.
 */
import type { Database } from "../database.js";

/** The id of a name with the key of a call. */
export type Pair = readonly [name: number, key: number];

/** Rows by what is to be done with them; left out: none. */
export interface Staged {
  readonly calls?: readonly object[];
  readonly stories?: readonly object[];
  /** Marks that are new, and those that go. */
  readonly marks?: readonly Pair[];
  readonly gone?: readonly Pair[];
  readonly sums?: readonly (readonly number[])[];
  readonly waits?: readonly (readonly number[])[];
  /** Keys of calls that go. */
  readonly keys?: readonly number[];
  /** Ids of names that no call may have any more. */
  readonly names?: readonly number[];
}

const KINDS = ["calls", "stories", "marks", "gone", "sums", "waits", "keys", "names"] as const;

export async function stage(database: Database, staged: Staged): Promise<void> {
  await database.run("CREATE TEMP TABLE IF NOT EXISTS staged (kind TEXT PRIMARY KEY, rows TEXT NOT NULL)");
  await database.run(
    `INSERT OR REPLACE INTO staged (kind, rows) VALUES ${KINDS.map((kind) => `('${kind}', ?)`).join(", ")}`,
    KINDS.map((kind) => JSON.stringify(staged[kind] ?? [])),
  );
}

/** What a statement names after FROM: a row of `json_each` for each row that is staged. */
export function rowsOf(kind: string): string {
  return `json_each((SELECT rows FROM staged WHERE kind = '${kind}'))`;
}

export const WRITE_STORIES = `
  INSERT INTO call_stories (key, story)
    SELECT value ->> 'key', coalesce(value ->> 'text', unhex(value ->> 'hex')) FROM ${rowsOf("stories")} WHERE TRUE
    ON CONFLICT (key) DO UPDATE SET story = excluded.story;`;

export const REMOVE_MARKS = `
  DELETE FROM call_marks WHERE (name, key) IN (SELECT value ->> 0, value ->> 1 FROM ${rowsOf("gone")});`;
