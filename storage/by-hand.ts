/**
 * What somebody has set by hand, beside the files and their revisions, for example that a schedule is open until six.
 * It survives restarts, and no apply touches it.
 */
import type { SetByHand } from "../policy/call/world.js";
import type { Database } from "./database.js";

/** One thing that was set by hand, and who did it when. */
export interface ByHand extends SetByHand {
  readonly kind: string;
  readonly id: string;
  readonly author: string;
}

type Row = Omit<ByHand, "value"> & { readonly value: string };

/** Everything that is set by hand, also what has run out; in the order of kinds and ids. */
export async function readByHand(database: Database): Promise<ByHand[]> {
  const rows = await database.all<Row>(
    `SELECT kind, id, value, until_ms AS untilMs, author, since_ms AS sinceMs FROM by_hand ORDER BY kind, id`,
  );
  return rows.map((row) => ({ ...row, value: JSON.parse(row.value) as unknown }));
}

/** Sets it, in the place of what was set before. */
export function writeByHand(database: Database, set: ByHand): Promise<void> {
  return database.run(
    "INSERT OR REPLACE INTO by_hand (kind, id, value, until_ms, author, since_ms) VALUES (?, ?, ?, ?, ?, ?)",
    [set.kind, set.id, JSON.stringify(set.value), set.untilMs, set.author, set.sinceMs],
  );
}

/** Takes it back. False: nothing was set. */
export async function removeByHand(database: Database, kind: string, id: string): Promise<boolean> {
  const rows = await database.runReturning("DELETE FROM by_hand WHERE kind = ? AND id = ? RETURNING id", [
    kind,
    id,
  ]);
  return rows.length > 0;
}
