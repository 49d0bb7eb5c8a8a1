/**
 * PINs and greetings of users and groups that a revision removes. They are personal: nobody who gets the name later may
 * have them. But files may leave somebody out by a slip, so they are kept, and a rollback to before that revision brings
 * them back with their owner.
 */
import type { Database } from "./database.js";

/** The kinds of entities that own a mailbox. */
export type OwnerKind = "users" | "groups";
export const OWNER_KINDS: readonly OwnerKind[] = ["users", "groups"];

/** Puts the PINs and greetings of removed owners out of use, inside the transaction of that revision. */
export async function keepMailboxAccess(
  database: Database,
  kind: OwnerKind,
  keys: readonly string[],
  revision: number,
  atMs: number,
): Promise<void> {
  if (keys.length === 0) return;
  const names = JSON.stringify(keys);
  if (kind === "users") await keepPins(database, names, revision, atMs);
  await database.run(
    `UPDATE greetings SET removed_ms = ?1, gone_in = ?2
     WHERE removed_ms IS NULL AND box IN (SELECT ?3 || value FROM json_each(?4))`,
    [atMs, revision, kind === "users" ? "user:" : "group:", names],
  );
}

async function keepPins(database: Database, names: string, revision: number, atMs: number): Promise<void> {
  await database.run(
    `INSERT INTO kept_pins (username, gone_in, gone_ms, ${PIN_COLUMNS})
     SELECT username, ?2, ?3, ${PIN_COLUMNS} FROM mailbox_pins
     WHERE username IN (SELECT value FROM json_each(?1))`,
    [names, revision, atMs],
  );
  await database.run("DELETE FROM mailbox_pins WHERE username IN (SELECT value FROM json_each(?))", [names]);
}

const PIN_COLUMNS = "hash, set_ms, failures, locked_until_ms, locks, last_try";

/** An owner whom a rollback brings back, and the revision that had removed them. */
export interface Returning {
  readonly key: string;
  readonly goneIn: number;
  /** Somebody else has the name now, and loses it. */
  readonly isTaken: boolean;
}

/**
 * Brings back what was kept of owners whom a rollback brings back, inside its transaction. What was recorded under the
 * name meanwhile, by a call that went on, stays.
 */
export async function bringBackMailboxAccess(
  database: Database,
  kind: OwnerKind,
  returning: readonly Returning[],
  revision: number,
): Promise<void> {
  if (returning.length === 0) return;
  const lives = JSON.stringify(returning.map(({ key, goneIn, isTaken }) => [key, goneIn, isTaken ? 1 : 0]));
  await database.run(
    `INSERT INTO brought_back (kind, key, gone_in, back_in, took)
     SELECT ?1, value ->> 0, value ->> 1, ?2, value ->> 2 FROM json_each(?3)`,
    [kind, revision, lives],
  );
  if (kind === "users") await bringBackPins(database, lives);
  const box = kind === "users" ? "user:" : "group:";
  await database.run(
    `UPDATE greetings SET removed_ms = NULL, gone_in = NULL
     WHERE (box, gone_in) IN (SELECT ?1 || (value ->> 0), value ->> 1 FROM json_each(?2))
       AND NOT EXISTS (SELECT 1 FROM greetings AS used WHERE used.removed_ms IS NULL
         AND used.box = greetings.box AND used.kind = greetings.kind AND used.busy = greetings.busy)`,
    [box, lives],
  );
}

async function bringBackPins(database: Database, lives: string): Promise<void> {
  const kept = "(username, gone_in) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))";
  await database.run(
    `INSERT OR IGNORE INTO mailbox_pins (username, ${PIN_COLUMNS})
     SELECT username, ${PIN_COLUMNS} FROM kept_pins WHERE ${kept}`,
    [lives],
  );
  await database.run(`DELETE FROM kept_pins WHERE ${kept}`, [lives]);
}

/**
 * The owners who were there in a revision and are not there now, or whose name somebody else has now.
 * @param names of that revision's office
 * @param to the revision that a rollback goes back to
 * @param current the newest revision
 */
export async function returningTo(
  database: Database,
  kind: OwnerKind,
  names: ReadonlySet<string>,
  to: number,
  current: number,
): Promise<Returning[]> {
  const returns = await database.all<Return>(
    `SELECT key, gone_in AS goneIn, back_in AS backIn, took FROM brought_back WHERE kind = ? AND back_in > ?`,
    [kind, to],
  );
  const ends = await endsOfLives(database, kind, returns, to, current);
  const backIn = new Map(returns.map((one) => [`${one.goneIn} ${one.key}`, one.backIn]));
  const lives = [...ends].flatMap(([key, those]) => {
    const goneIn = names.has(key) ? lastEnd(those, (end) => backIn.get(`${end} ${key}`)) : undefined;
    return goneIn === undefined ? [] : [{ key, goneIn }];
  });
  const now = await database.all<{ key: string }>(
    `SELECT key FROM "${kind}" WHERE key IN (SELECT value FROM json_each(?1))
       AND from_revision <= ?2 AND (until_revision IS NULL OR until_revision > ?2)`,
    [JSON.stringify(lives.map(({ key }) => key)), current],
  );
  const taken = new Set(now.map(({ key }) => key));
  return lives.map((life) => ({ ...life, isTaken: taken.has(life.key) }));
}

/** A life that ended and went on later; `took`: from then on its owner had the name in the place of somebody else. */
interface Return {
  readonly key: string;
  readonly goneIn: number;
  readonly backIn: number;
  readonly took: number;
}

/** The revisions that ended lives since a revision, in order, by name: removals, and returns of another owner. */
async function endsOfLives(
  database: Database,
  kind: OwnerKind,
  returns: readonly Return[],
  since: number,
  current: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const removals = await database.all<{ key: string; end: number }>(
    `SELECT key, until_revision AS end FROM "${kind}" AS one WHERE until_revision > ? AND until_revision <= ?
       AND NOT EXISTS (SELECT 1 FROM "${kind}" AS next
         WHERE next.key = one.key AND next.from_revision = one.until_revision)`,
    [since, current],
  );
  const losses = returns.filter(({ took }) => took === 1).map(({ key, backIn }) => ({ key, end: backIn }));
  const ends = new Map<string, number[]>();
  for (const { key, end } of [...removals, ...losses]) ends.set(key, [...(ends.get(key) ?? []), end]);
  for (const those of ends.values()) those.sort((a, b) => a - b);
  return ends;
}

/** Where the life that ended first has ended for good, with all its returns; undefined: it goes on. */
function lastEnd(ends: readonly number[], backIn: (end: number) => number | undefined): number | undefined {
  let [end] = ends;
  while (end !== undefined) {
    const back = backIn(end);
    if (back === undefined) return end;
    end = ends.find((later) => later > back);
  }
  return undefined;
}
