/**
 * Renames, and hand-overs to a replacement, by the revision that made them. Whoever still uses an old id is led to the new
 * one: a call that began with an earlier revision, or a rollback to one.
 */
import { type Rename, thenRenamed } from "../policy/change/renaming.js";
import { type Box, boxName, parseBox } from "../policy/office/box.js";
import type { Database } from "./database.js";
import type { HandOver } from "./hand-over.js";

/** Writes what a revision renames and hands over, inside its transaction. */
export async function rememberSuccessors(
  database: Database,
  revision: number,
  renames: readonly Rename[],
  handOvers: readonly HandOver[],
): Promise<void> {
  const rows = [
    ...renames.map(
      (rename) => [rename.kind, keyOf(rename, rename.from), keyOf(rename, rename.to), 1] as const,
    ),
    ...handOvers.flatMap(({ kind, from, to }) => (to === null ? [] : [[kind, from, to, 0] as const])),
  ];
  for (const [kind, key, successor, renamed] of rows)
    await database.run(
      "INSERT INTO successors (kind, key, revision, successor, renamed) VALUES (?, ?, ?, ?, ?)",
      [kind, key, revision, successor, renamed],
    );
}

function keyOf(rename: Rename, id: string): string {
  return rename.kind === "device" ? `${rename.username}/${id}` : id;
}

interface Row {
  readonly kind: "user" | "group" | "flow" | "device";
  readonly key: string;
  readonly successor: string;
  readonly revision: number;
}

/** What was renamed behind a revision, up to another one, all at once: from the first id to the last. */
export async function renamesBetween(
  database: Database,
  after: number,
  upTo: number = Number.MAX_SAFE_INTEGER,
): Promise<Rename[]> {
  const rows = await database.all<Row>(
    `SELECT kind, key, successor, revision FROM successors
     WHERE revision > ? AND revision <= ? AND renamed = 1 ORDER BY revision, kind, key`,
    [after, upTo],
  );
  return inOrder(rows).reduce((sum, each) => thenRenamed(sum, each), []);
}

/** Every rename there has been, as it was made. */
export async function renamesMade(database: Database): Promise<Rename[]> {
  const rows = await database.all<Row>(
    "SELECT kind, key, successor, revision FROM successors WHERE renamed = 1 ORDER BY revision, kind, key",
  );
  return rows.flatMap(renameOf);
}

/** The renames of each revision. */
function inOrder(rows: readonly Row[]): Rename[][] {
  const byRevision = new Map<number, Rename[]>();
  for (const row of rows)
    byRevision.set(row.revision, [...(byRevision.get(row.revision) ?? []), ...renameOf(row)]);
  return [...byRevision.values()];
}

function renameOf({ kind, key, successor }: Row): Rename[] {
  if (kind === "user") return [];
  if (kind !== "device") return [{ kind, from: key, to: successor }];
  const slash = key.indexOf("/");
  const username = key.slice(0, slash);
  return [{ kind, username, from: key.slice(slash + 1), to: successor.slice(slash + 1) }];
}

/**
 * The name of a mailbox now, for a call that began with a revision: its owner may have been renamed since, or another may
 * have taken over.
 */
export async function boxSince(database: Database, box: string, revision: number): Promise<string> {
  let [name, since] = [box, revision];
  for (;;) {
    const owner = parseBox(name);
    if (owner === undefined) return name;
    const next = await database.get<{ successor: string; revision: number }>(
      `SELECT successor, revision FROM successors
       WHERE kind = ? AND key = ? AND revision > ? ORDER BY revision LIMIT 1`,
      [owner.kind, owner.kind === "user" ? owner.username : owner.id, since],
    );
    if (next === undefined) return name;
    [name, since] = [boxName(boxCalled(owner.kind, next.successor)), next.revision];
  }
}

function boxCalled(kind: Box["kind"], name: string): Box {
  return kind === "user" ? { kind, username: name } : { kind, id: name };
}
