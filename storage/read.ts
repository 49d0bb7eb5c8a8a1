/**
 * Reads a revision's office out of the tables, page by page. A page is one row of JSON made inside SQLite: the
 * event loop only parses it, which is several times less work than a JavaScript object a row.
 *
 * No transaction is needed over the pages: rows of a revision that exists never change in what they say
 * about it.
 */
import type { EntityKind, EntityTypes } from "../policy/office/entities.js";
import { type Database, SqlError, type SqlValue } from "./database.js";
import { decodeEntity, KEY_FIELDS, type Keyed, tableOf } from "./entities.js";

/** Rows a page: one takes the event loop a few milliseconds, also where it is shared with calls. */
export const PAGE_ROWS = 1_000;

/** What a row says about revision ?1. */
const IN_REVISION = "from_revision <= ?1 AND (until_revision IS NULL OR until_revision > ?1)";

/**
 * Rows as one JSON text of whole entities, the key put back in its place; of [key, value] pairs where an entity has no
 * such place. The bodies go in as they stand: SQLite would spend more time on reading them than on everything else.
 */
function pageOfEntities(kind: EntityKind): string {
  const field = KEY_FIELDS[kind];
  const entity =
    field === undefined
      ? "'[' || json_quote(key) || ',' || body || ']'"
      : `'{"${field}":' || json_quote(key) || ',' || substr(body, 2)`;
  return `'[' || ifnull(group_concat(${entity}, ','), '') || ']'`;
}

/** All entities of a kind in a revision, in pages in the order of their keys. */
export async function* readEntities<K extends EntityKind>(
  database: Database,
  kind: K,
  revision: number,
): AsyncGenerator<Keyed<K>[]> {
  for await (const page of readPages<unknown>(database, kind, revision, pageOfEntities(kind))) {
    yield page.map((item) => decodeEntity(kind, item));
  }
}

/** Pages of rows. The next page is under way on SQLite's thread while this one is used. */
async function* readPages<Row>(
  database: Database,
  kind: EntityKind,
  revision: number,
  page: string,
): AsyncGenerator<Row[]> {
  const rows = `SELECT key, body FROM ${tableOf(kind)} WHERE ${IN_REVISION} AND key > ?2 ORDER BY key LIMIT ?3`;
  const sql = `SELECT ${page} AS page, max(key) AS last, count(*) AS n FROM (${rows})`;
  const read = (after: string) =>
    database.get<{ page: string; last: string | null; n: number }>(sql, [revision, after, PAGE_ROWS]);
  let row = await read("");
  while (row !== undefined && row.last !== null) {
    const next = row.n < PAGE_ROWS ? undefined : read(row.last);
    // Were nobody to come back for it, its failure must not become an unhandled one.
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

async function readPage(database: Database, sql: string, values: readonly SqlValue[]): Promise<unknown[]> {
  const row = await database.get<{ page: string }>(sql, values);
  return parsePage(row?.page ?? "[]");
}

/** Bodies were JSON when they were written; what is not any more, is a damaged file. */
function parsePage<Row>(page: string): Row[] {
  try {
    return JSON.parse(page);
  } catch {
    throw new SqlError({ name: "Error", message: "a row holds no JSON", code: "SQLITE_CORRUPT" });
  }
}
