/**
 * Reads the office of a revision, page by page. SQLite makes each page as one JSON text that the event loop only
 * parses, which is several times less work than a JavaScript object for each row.
 *
 * The pages need no common transaction: what the rows say about an existing revision never changes.
 */
import type { EntityKind, EntityTypes } from "../policy/office/entities.js";
import { type Database, SqlError, type SqlValue } from "./database.js";
import { decodeEntity, KEY_FIELDS, type Keyed, tableOf } from "./entities.js";

/** Rows on a page: a page takes the event loop, which calls need too, a few milliseconds. */
export const PAGE_ROWS = 1_000;

/** Selects the rows that belong to revision ?1. */
const IN_REVISION = "from_revision <= ?1 AND (until_revision IS NULL OR until_revision > ?1)";

/**
 * Rows as one JSON text: whole entities with the key put back into its field, or [key, value] pairs if the entity has
 * no such field. Bodies are pasted as text, because parsing them in SQLite would take longer than all the rest.
 */
function pageOfEntities(kind: EntityKind): string {
  const field = KEY_FIELDS[kind];
  const entity =
    field === undefined
      ? "'[' || json_quote(key) || ',' || body || ']'"
      : `'{"${field}":' || json_quote(key) || ',' || substr(body, 2)`;
  return `'[' || ifnull(group_concat(${entity}, ','), '') || ']'`;
}

/** Keys from `first` until (not including) `next`; left out: to the last one. */
export interface KeyRange {
  readonly first: string;
  readonly next: string | undefined;
}

/** Sorts after every key, as SQLite compares text: it is the last character of Unicode. */
const AFTER_ALL = "\u{10ffff}";

/** The entities of a kind in a revision, all or a range of them, in pages in the order of their keys. */
export async function* readEntities<K extends EntityKind>(
  database: Database,
  kind: K,
  revision: number,
  range: KeyRange = { first: "", next: undefined },
): AsyncGenerator<Keyed<K>[]> {
  for await (const page of readPages<unknown>(database, kind, revision, range)) {
    yield page.map((item) => decodeEntity(kind, item));
  }
}

/** Pages of rows. SQLite's thread reads the next page while the current page is used. */
async function* readPages<Row>(
  database: Database,
  kind: EntityKind,
  revision: number,
  { first, next: end = AFTER_ALL }: KeyRange,
): AsyncGenerator<Row[]> {
  const read = (from: ">" | ">=", key: string) => {
    const rows = `SELECT key, body FROM ${tableOf(kind)}
      WHERE ${IN_REVISION} AND key ${from} ?2 AND key < ?3 ORDER BY key LIMIT ?4`;
    const sql = `SELECT ${pageOfEntities(kind)} AS page, max(key) AS last, count(*) AS n FROM (${rows})`;
    return database.get<{ page: string; last: string | null; n: number }>(sql, [
      revision,
      key,
      end,
      PAGE_ROWS,
    ]);
  };
  let row = await read(">=", first);
  while (row !== undefined && row.last !== null) {
    const next = row.n < PAGE_ROWS ? undefined : read(">", row.last);
    // If the consumer stops early, a failure of this read must not become an unhandled rejection.
    next?.catch(() => undefined);
    yield parsePage<Row>(row.page);
    row = await next;
  }
}

/** Keys of a kind whose entity may differ between two revisions, `limit` at most. */
export async function readTouchedKeys(
  database: Database,
  kind: EntityKind,
  from: number,
  to: number,
  limit: number,
): Promise<string[]> {
  const table = tableOf(kind);
  const rows = await database.all<{ key: string }>(
    `SELECT key FROM ${table} WHERE from_revision > ?1 AND from_revision <= ?2
     UNION SELECT key FROM ${table} WHERE until_revision > ?1 AND until_revision <= ?2
     LIMIT ?3`,
    [from, to, limit],
  );
  return rows.map(({ key }) => key);
}

/** Revisions that made an entity another, took it away or brought it back: the newest first, all before `before`. */
export async function readRevisionsOf(
  database: Database,
  kind: EntityKind,
  key: string,
  { before, limit }: { readonly before: number; readonly limit: number },
): Promise<number[]> {
  const table = tableOf(kind);
  const rows = await database.all<{ revision: number }>(
    `SELECT from_revision AS revision FROM ${table} WHERE key = ?1 AND from_revision < ?2
     UNION SELECT until_revision FROM ${table} WHERE key = ?1 AND until_revision < ?2
     ORDER BY revision DESC LIMIT ?3`,
    [key, before, limit],
  );
  return rows.map(({ revision }) => revision);
}

/** Single entities of a revision; keys that it does not have are left out. */
export async function readByKeys<K extends EntityKind>(
  database: Database,
  kind: K,
  revision: number,
  keys: readonly string[],
): Promise<Map<string, EntityTypes[K]>> {
  const found = new Map<string, EntityTypes[K]>();
  const rows = `SELECT key, body FROM ${tableOf(kind)} WHERE ${IN_REVISION}
    AND key IN (SELECT value FROM json_each(?2))`;
  const sql = `SELECT ${pageOfEntities(kind)} AS page FROM (${rows})`;
  for (let start = 0; start < keys.length; start += PAGE_ROWS) {
    const wanted = JSON.stringify(keys.slice(start, start + PAGE_ROWS));
    for (const item of await readPage(database, sql, [revision, wanted])) {
      const { key, value } = decodeEntity(kind, item);
      found.set(key, value);
    }
  }
  return found;
}

/** What to look for in the stored text of entities, and where. */
export interface Wanted {
  readonly texts: readonly string[];
  /** Keys at most. */
  readonly limit: number;
  /** Only entities that lead to others: users of whom calls go nowhere else are left out. */
  readonly leading?: boolean;
  /** Small and capital letters of ASCII are the same. */
  readonly anyCase?: boolean;
}

/** As `storage/migrations/0027-users-leading.sql` has it, so that SQLite uses the index. */
const LEADING = `(
  instr(body, '"kind":"group"') > 0 OR
  instr(body, '"kind":"flow"') > 0 OR
  instr(body, '"kind":"extension"') > 0 OR
  instr(body, '"kind":"number"') > 0 OR
  instr(replace(body, '"kind":"user","username":"' || key || '"', ''), '"kind":"user"') > 0
)`;

/** Keys of current entities whose stored text has any of these texts in it. */
export async function readKeysWith(
  database: Database,
  kind: EntityKind,
  { texts, limit, leading = false, anyCase = false }: Wanted,
): Promise<string[]> {
  const has = (text: string) =>
    anyCase ? `instr(lower(body), lower(${text})) > 0` : `instr(body, ${text}) > 0`;
  const any = texts.map((_, index) => has(`?${index + 3}`)).join(" OR ");
  const isFew = leading && kind === "users";
  // What all texts begin with is looked for first: few entities have that.
  const rows = await database.all<{ key: string }>(
    `SELECT key FROM ${tableOf(kind)} ${isFew ? "INDEXED BY users_leading" : ""}
     WHERE until_revision IS NULL ${isFew ? `AND ${LEADING}` : ""} AND ${has("?2")} AND (${any}) LIMIT ?1`,
    [limit, beginningOf(texts), ...texts],
  );
  return rows.map(({ key }) => key);
}

/** With what all texts begin. */
function beginningOf(texts: readonly string[]): string {
  const [first = ""] = texts;
  let length = first.length;
  while (!texts.every((text) => text.startsWith(first.slice(0, length)))) length -= 1;
  return first.slice(0, length);
}

/** Keys of current entities that match a pattern of SQLite's GLOB, `limit` at most. */
export async function readKeysLike(
  database: Database,
  kind: EntityKind,
  pattern: string,
  limit: number,
): Promise<string[]> {
  const rows = await database.all<{ key: string }>(
    `SELECT key FROM ${tableOf(kind)} WHERE until_revision IS NULL AND key GLOB ? LIMIT ?`,
    [pattern, limit],
  );
  return rows.map(({ key }) => key);
}

async function readPage(database: Database, sql: string, values: readonly SqlValue[]): Promise<unknown[]> {
  const row = await database.get<{ page: string }>(sql, values);
  return parsePage(row?.page ?? "[]");
}

/** Bodies were JSON when they were written, so a page that is not JSON means a damaged file. */
function parsePage<Row>(page: string): Row[] {
  try {
    return JSON.parse(page);
  } catch {
    throw new SqlError({ name: "Error", message: "a row holds no JSON", code: "SQLITE_CORRUPT" });
  }
}
