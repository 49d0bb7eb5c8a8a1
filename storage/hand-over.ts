/**
 * What is kept about people outside of any revision, when they are removed: it moves to whoever takes over, in the
 * transaction that removes them, so that there is no moment at which it is nobody's. Whatever else comes to be kept
 * by username or group belongs here, too: messages first of all.
 */
import type { Database } from "./database.js";

/** A user or a group that goes, and who takes over; null: nobody. */
export interface HandOver {
  readonly kind: "user" | "group";
  readonly from: string;
  readonly to: string | null;
}

/** Inside a transaction. */
export async function handOverKept(database: Database, { kind, from, to }: HandOver): Promise<void> {
  if (kind === "group") {
    // Another group's turn is its own.
    await database.run("DELETE FROM memory WHERE kind = 'rung_first' AND about = ?", [from]);
    return;
  }
  // In a rotating group the turn goes on behind whoever has the place now.
  if (to !== null) {
    await database.run("UPDATE memory SET value = ? WHERE kind = 'rung_first' AND value = ?", [to, from]);
  }
  // A later user of the same name has not answered anything.
  await database.run("DELETE FROM memory WHERE kind = 'answered' AND about = ?", [from]);
}
