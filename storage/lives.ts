/**
 * Since when users and groups are who they are. A name may have been somebody else's before: what is kept under a name,
 * such as records of calls, belongs to its present owner from that time on only.
 */
import type { Database } from "./database.js";
import type { OwnerKind } from "./kept-access.js";

/**
 * For each name of the newest revision, since when it is the present owner's; 0: nobody had it before. Names that the
 * newest revision does not have are left out.
 */
export async function livesSince(
  database: Database,
  kind: OwnerKind,
  keys: readonly string[],
): Promise<Map<string, number>> {
  // A life goes on from row to row, and over a removal that a rollback has taken back. If somebody else had the name until
  // the rollback, what is kept of the two cannot be told apart, and the life begins with it.
  const rows = await database.all<{ key: string; sinceMs: number; hadAnother: number }>(
    `WITH RECURSIVE life (key, since) AS (
       SELECT asked.value, t.from_revision FROM json_each(?1) AS asked
       CROSS JOIN ${kind} AS t ON t.key = asked.value AND t.until_revision IS NULL
       UNION
       SELECT t.key, t.from_revision FROM life CROSS JOIN ${kind} AS t ON t.key = life.key
       WHERE t.until_revision = life.since OR EXISTS (
         SELECT 1 FROM brought_back AS b
         WHERE b.kind = ?2 AND b.key = t.key AND b.gone_in = t.until_revision AND b.back_in = life.since)
     )
     SELECT began.key, revisions.applied_ms AS sinceMs,
       EXISTS (SELECT 1 FROM ${kind} AS t WHERE t.key = began.key AND t.from_revision < began.since) AS hadAnother
     FROM (SELECT key, max(min(since), coalesce((SELECT max(back_in) FROM brought_back AS b
             WHERE b.kind = ?2 AND b.key = life.key AND took = 1), 0)) AS since
           FROM life GROUP BY key) AS began
     CROSS JOIN revisions ON revisions.revision = began.since`,
    [JSON.stringify(keys), kind],
  );
  return new Map(rows.map(({ key, sinceMs, hadAnother }) => [key, hadAnother === 1 ? sinceMs : 0]));
}
