/**
 * What later calls need of earlier ones: the turn of a rotating group, when each user last answered, and the conversations
 * with outside phones within the last day.
 */
import type { Database } from "./database.js";

export type Remembered =
  | { readonly kind: "rung_first"; readonly group: string; readonly username: string }
  | { readonly kind: "answered"; readonly username: string; readonly atMs: number }
  /** `untilMs`: its end, or when it was last known to go on. */
  | {
      readonly kind: "outside_call";
      readonly channel: string;
      readonly payer: string;
      readonly answeredMs: number;
      readonly untilMs: number;
    };

interface Row {
  readonly kind: Remembered["kind"];
  readonly about: string;
  readonly value: string;
}

export async function readMemory(database: Database): Promise<Remembered[]> {
  const rows = await database.all<Row>("SELECT kind, about, value FROM memory");
  return rows.map(ofRow);
}

function ofRow({ kind, about, value }: Row): Remembered {
  switch (kind) {
    case "rung_first":
      return { kind, group: about, username: value };
    case "answered":
      return { kind, username: about, atMs: Number(value) };
    case "outside_call": {
      const [answered, until, payer = ""] = value.split(" ");
      return { kind, channel: about, payer, answeredMs: Number(answered), untilMs: Number(until) };
    }
  }
}

const DAY_MS = 86_400_000;

/** A statement takes 999 values in every SQLite. */
const ROWS_MAX = 300;

/** Writes all of it, by as few statements as possible: each is a transaction of its own. */
export async function writeMemory(database: Database, all: readonly Remembered[]): Promise<void> {
  for (let from = 0; from < all.length; from += ROWS_MAX) {
    const rows = all.slice(from, from + ROWS_MAX).map(rowOf);
    const places = rows.map(() => "(?, ?, ?)").join(", ");
    await database.run(`INSERT OR REPLACE INTO memory (kind, about, value) VALUES ${places}`, rows.flat());
  }
  // Nobody asks for what is older than a day. The value begins with when the conversation began.
  const ends = all.flatMap((what) => (what.kind === "outside_call" ? [what.untilMs] : []));
  if (ends.length > 0)
    await database.run("DELETE FROM memory WHERE kind = 'outside_call' AND CAST(value AS INTEGER) < ?", [
      Math.max(...ends) - 2 * DAY_MS,
    ]);
}

function rowOf(what: Remembered): [Remembered["kind"], string, string] {
  switch (what.kind) {
    case "rung_first":
      return [what.kind, what.group, what.username];
    case "answered":
      return [what.kind, what.username, String(what.atMs)];
    case "outside_call":
      return [what.kind, what.channel, `${what.answeredMs} ${what.untilMs} ${what.payer}`];
  }
}

/** The id of this database's engine; the first time `fresh` becomes the id. */
export async function engineIdentity(database: Database, fresh: string): Promise<string> {
  const read = () => database.get<{ id: string }>("SELECT id FROM engine_identity");
  // Only the first start writes: an engine that takes over must not wait for another process's write lock.
  const known = await read();
  if (known !== undefined) return known.id;
  await database.run("INSERT OR IGNORE INTO engine_identity (only_row, id) VALUES (1, ?)", [fresh]);
  return (await read())?.id ?? fresh;
}
