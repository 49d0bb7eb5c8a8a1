/**
 * Moves what is kept outside of revisions under the id of a group or flow that is renamed, in the transaction of the
 * rename: messages, greetings, mails about missed calls, the turn of a rotating group, and what is set by hand. Drift follows
 * in `policy/change/id-drift.ts`, since what the files say of the id is drift itself.
 * A device's password belongs to its user and its SIP name, which a rename of the device leaves alone.
 */
import type { Rename } from "../policy/change/renaming.js";
import type { Database } from "./database.js";

/** A column in which ids of one kind stand. */
interface Column {
  readonly table: string;
  readonly column: string;
  /** What stands before the id. */
  readonly prefix?: string;
  /** Which rows. */
  readonly where?: string;
}

const KEPT: { readonly [K in Rename["kind"]]: readonly Column[] } = {
  group: [
    { table: "messages", column: "box", prefix: "group:" },
    // Greetings that are kept for a rollback belong to whoever had the id before.
    { table: "greetings", column: "box", prefix: "group:", where: "removed_ms IS NULL" },
    { table: "missed_calls", column: "box", prefix: "group:" },
    { table: "memory", column: "about", where: "kind = 'rung_first'" },
    { table: "by_hand", column: "id", where: "kind = 'group'" },
  ],
  flow: [{ table: "by_hand", column: "id", where: "kind = 'flow'" }],
  device: [],
};

/** Inside the transaction of the revision. */
export async function moveRenamed(database: Database, renames: readonly Rename[]): Promise<void> {
  for (const kind of Object.keys(KEPT) as Rename["kind"][]) {
    const pairs = renames.filter((each) => each.kind === kind).map(({ from, to }) => [from, to] as const);
    if (pairs.length > 0) for (const column of KEPT[kind]) await moveIn(database, column, pairs);
  }
}

/** No id begins so: two groups may have changed ids with each other, and neither may meet the other on the way. */
const ASIDE = ">";

async function moveIn(
  database: Database,
  { table, column, prefix = "", where = "1" }: Column,
  pairs: readonly (readonly [from: string, to: string])[],
): Promise<void> {
  const change = (from: string, to: string) =>
    database.run(`UPDATE OR REPLACE ${table} SET ${column} = ? WHERE ${column} = ? AND ${where}`, [to, from]);
  for (const [from, to] of pairs) await change(prefix + from, ASIDE + prefix + to);
  for (const [, to] of pairs) await change(ASIDE + prefix + to, prefix + to);
}
