/**
 * Reads a revision's office out of the tables, page by page. A page is one row of JSON made inside SQLite: the
 * event loop only parses it, which is several times less work than a JavaScript object a row.
 *
 * No transaction is needed over the pages: rows of a revision that exists never change in what they say
 * about it.
 */
import type { EntityKind, EntityTypes } from "../policy/entities.js";
import { type Database, SqlError, type SqlValue } from "./database.js";
import { decodeEntity, tableOf } from "./entities.js";

/** Rows a page: one takes the event loop a few milliseconds, also where it is shared with calls. */
export const PAGE_ROWS = 1_000;

/** What a row says about revision ?1. */
const IN_REVISION = "from_revision <= ?1 AND (until_revision IS NULL OR until_revision > ?1)";

/**
 * Rows as one JSON text of [key, body] pairs. As values, the bodies go in as they stand: SQLite would spend more
 * time on reading them than on everything else.
 */
const PAGE = {
  as_value: "'[' || ifnull(group_concat('[' || json_quote(key) || ',' || body || ']', ','), '') || ']'",
  as_text: "json_group_array(json_array(key, body))",
} as const;

/** An entity with its key. */
export type Keyed<K extends EntityKind> = { readonly key: string; readonly value: EntityTypes[K] };

/** All entities of a kind in a revision, in pages in the order of their keys. */
export async function* readEntities<K extends EntityKind>(
  database: Database,
  kind: K,
  revision: number,
): AsyncGenerator<Keyed<K>[]> {
  for await (const page of readPages(database, kind, revision, "as_value")) {
    yield page.map(([key, body]) => ({ key, value: decodeEntity(kind, key, body) }));
  }
}

/** The bodies of a kind in a revision as they stand, for comparing. */
export async function readBodies(
  database: Database,
  kind: EntityKind,
  revision: number,
): Promise<Map<string, string>> {
  const bodies = new Map<string, string>();
  for await (const page of readPages(database, kind, revision, "as_text")) {
    for (const [key, body] of page) bodies.set(key, body as string);
  }
  return bodies;
}

/** Pages of keys and bodies. The next page is under way on SQLite's thread while this one is used. */
async function* readPages(
  database: Database,
  kind: EntityKind,
  revision: number,
  body: "as_value" | "as_text",
): AsyncGenerator<[key: string, body: unknown][]> {
  const rows = `SELECT key, body FROM ${tableOf(kind)} WHERE ${IN_REVISION} AND key > ?2 ORDER BY key LIMIT ?3`;
  const sql = `SELECT ${PAGE[body]} AS page, max(key) AS last, count(*) AS n FROM (${rows})`;
  const read = (after: string) =>
    database.get<{ page: string; last: string | null; n: number }>(sql, [revision, after, PAGE_ROWS]);
  let row = await read("");
  while (row !== undefined && row.last !== null) {
    const next = row.n < PAGE_ROWS ? undefined : read(row.last);
    // Were nobody to come back for it, its failure must not become an unhandled one.
    next?.catch(() => undefined);
    yield parsePage(row.page);
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
  const sql = `SELECT ${PAGE.as_value} AS page FROM (${rows})`;
  for (let start = 0; start < keys.length; start += PAGE_ROWS) {
    const wanted = JSON.stringify(keys.slice(start, start + PAGE_ROWS));
    for (const [key, body] of await readPage(database, sql, [revision, wanted])) {
      found.set(key, decodeEntity(kind, key, body));
    }
  }
  return found;
}

async function readPage(
  database: Database,
  sql: string,
  values: readonly SqlValue[],
): Promise<[key: string, body: unknown][]> {
  const row = await database.get<{ page: string }>(sql, values);
  return parsePage(row?.page ?? "[]");
}

/** Bodies were JSON when they were written; what is not any more, is a damaged file. */
function parsePage(page: string): [key: string, body: unknown][] {
  try {
    return JSON.parse(page);
  } catch {
    throw new SqlError({ name: "Error", message: "a row holds no JSON", code: "SQLITE_CORRUPT" });
  }
}
