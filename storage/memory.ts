/** What later calls need of earlier ones: the turn of a rotating group, and when each user last answered. */
import type { Database } from "./database.js";

export type Remembered =
  | { readonly kind: "rung_first"; readonly group: string; readonly username: string }
  | { readonly kind: "answered"; readonly username: string; readonly atMs: number };

interface Row {
  readonly kind: Remembered["kind"];
  readonly about: string;
  readonly value: string;
}

export async function readMemory(database: Database): Promise<Remembered[]> {
  const rows = await database.all<Row>("SELECT kind, about, value FROM memory");
  return rows.map(({ kind, about, value }) =>
    kind === "rung_first"
      ? { kind, group: about, username: value }
      : { kind, username: about, atMs: Number(value) },
  );
}

export function writeMemory(database: Database, what: Remembered): Promise<void> {
  const [about, value] =
    what.kind === "rung_first" ? [what.group, what.username] : [what.username, String(what.atMs)];
  return database.run("INSERT OR REPLACE INTO memory (kind, about, value) VALUES (?, ?, ?)", [
    what.kind,
    about,
    value,
  ]);
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
