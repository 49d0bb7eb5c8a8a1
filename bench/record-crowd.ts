/**
 * Fills a database with a year of calls that never happened. Some are written as a recorder writes them; the others are
 * copies of these by SQL, at other times, with other ids and callers, since writing a million takes half an hour.
 */
import { stopwatchMs } from "../engine/clock.js";
import { type MadeOffice, madeCall } from "../fixtures/records/made-calls.js";
import { recordOf } from "../policy/record/fold.js";
import { Database } from "../storage/database.js";
import { ADD_GRAMS } from "../storage/records/grams.js";
import type { Store } from "../storage/store.js";

/** A company of sixty phones, whom some three hundred thousand people call. */
export const COMPANY: MadeOffice = { users: 60, groups: 12, numbers: 40, callers: 300_000 };
export const ZONE = "America/New_York";
/** The year in which the calls began. */
export const YEAR = { fromMs: Date.UTC(2025, 10, 1), days: 365 } as const;
const DAY_MS = 86_400_000;
/** More than a recorder writes at once: nobody waits here. */
const BATCH = 200;

/** When call `call` of `calls` began. */
export function beganMs(call: number, calls: number): number {
  return YEAR.fromMs + Math.floor((call * YEAR.days * DAY_MS) / calls);
}

/**
 * @param calls how many there are in the end
 * @param copies of each call that was written, itself included
 * @returns milliseconds of the writing alone, each call
 */
export async function fill(
  store: Store,
  calls: number,
  copies: number,
  say: (line: string) => void,
): Promise<number> {
  const own = Math.floor(calls / copies);
  let writingMs = 0;
  for (let first = 0; first < own; first += BATCH) {
    const changes = Array.from({ length: Math.min(BATCH, own - first) }, (_, nth) => {
      // Every copy is a little later than the call before it.
      const happenings = madeCall(first + nth, beganMs((first + nth) * copies, calls), COMPANY);
      return { before: undefined, after: recordOf(happenings), news: happenings };
    });
    const startedMs = stopwatchMs();
    await store.recordTables.write({ changes, zone: ZONE });
    writingMs += stopwatchMs() - startedMs;
    if ((first / BATCH) % 50 === 49) say(`${first + BATCH} of ${own} calls are written`);
  }
  await keepSums(store.path);
  const sinceMs = Math.floor((YEAR.days * DAY_MS) / calls);
  const database = await Database.open(store.path, true);
  // All of it is written in one go and once: what a power cut would leave does not matter here.
  await database.exec("PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -400000");
  for (let copy = 1; copy < copies; copy += 1) {
    await addCopy(database, copy, sinceMs * copy);
    if (copy % 10 === 0) say(`copy ${copy} of ${copies - 1}`);
  }
  await database.close();
  return writingMs / own;
}

/** The calls that were written, and their sums, for all copies. */
async function keepSums(path: string): Promise<void> {
  const database = await Database.open(path, true);
  await database.exec(`
    CREATE TABLE own_calls AS SELECT key, marks FROM calls;
    CREATE TABLE own_sums AS SELECT * FROM call_sums;
    CREATE TABLE own_waits AS SELECT * FROM call_waits;`);
  await database.close();
}

/** Copies the calls that were written, each a little later. */
async function addCopy(database: Database, copy: number, laterMs: number): Promise<void> {
  await database.exec(`
    CREATE TEMP TABLE own AS SELECT key, marks FROM own_calls;
    CREATE TEMP TABLE callers (id INTEGER PRIMARY KEY, name TEXT, other INTEGER);
    INSERT INTO callers (id, name)
      SELECT DISTINCT n.id, '+1' || (2000000000 + (substr(n.name, 3) - 2000000000 + ${copy} * 137001) % 8000000000)
      FROM own CROSS JOIN json_each(own.marks) AS mark CROSS JOIN main.call_names AS n ON n.id = mark.value
      WHERE n.kind = 'from' AND n.name LIKE '+1%';
    CREATE TEMP TABLE last AS SELECT max(id) AS id FROM main.call_names;
    BEGIN;
    INSERT INTO call_names (kind, name) SELECT 'from', name FROM callers WHERE TRUE ON CONFLICT DO NOTHING;
    ${ADD_GRAMS.replace("?", "(SELECT id FROM last)")};
    UPDATE callers SET other = (SELECT n.id FROM call_names AS n WHERE n.kind = 'from' AND n.name = callers.name);
    ${copyOfCalls(copy, laterMs)}
    INSERT INTO call_stories (key, story)
      SELECT key + ${laterMs * 1_000}, story FROM call_stories WHERE key IN (SELECT key FROM own);
    INSERT INTO call_marks (name, key)
      SELECT DISTINCT coalesce(callers.other, mark.value), own.key + ${laterMs * 1_000}
      FROM own CROSS JOIN json_each(own.marks) AS mark LEFT JOIN callers ON callers.id = mark.value;
    ${copyOfSums(copy)}
    COMMIT;
    DROP TABLE own; DROP TABLE callers; DROP TABLE last; DROP TABLE copies;
  `);
}

/** As many calls have at other hours, with other waits. */
function copyOfSums(copy: number): string {
  const hour = `(hour + ${copy}) % 24`;
  return `
    INSERT INTO call_sums SELECT name, day, ${hour}, calls, answered, missed, messages, refused, wait_ms, talk_ms
      FROM own_sums WHERE TRUE ON CONFLICT DO UPDATE SET calls = calls + excluded.calls;
    INSERT INTO call_waits SELECT name, day, ${hour}, is_answered, (wait_s + ${copy}) % 40, calls
      FROM own_waits WHERE TRUE ON CONFLICT DO UPDATE SET calls = calls + excluded.calls;`;
}

/** The rows of `calls`, with the columns that differ replaced. */
function copyOfCalls(copy: number, laterMs: number): string {
  return `
    CREATE TEMP TABLE copies AS SELECT * FROM main.calls WHERE key IN (SELECT key FROM own);
    UPDATE copies SET key = key + ${laterMs * 1_000}, id = 'copy-' || ${copy} || substr(id, 7),
      change = change + (SELECT change FROM main.call_state), began_ms = began_ms + ${laterMs},
      first_ring_ms = first_ring_ms + ${laterMs}, connected_ms = connected_ms + ${laterMs},
      ended_ms = ended_ms + ${laterMs},
      from_number = coalesce((SELECT c.name FROM main.call_names AS n CROSS JOIN callers AS c ON c.id = n.id
        WHERE n.kind = 'from' AND n.name = copies.from_number), from_number),
      marks = (SELECT json_group_array(coalesce(callers.other, mark.value)) FROM json_each(copies.marks) AS mark
        LEFT JOIN callers ON callers.id = mark.value);
    INSERT INTO main.calls SELECT * FROM copies;
    UPDATE call_state SET change = (SELECT max(change) FROM main.calls);`;
}
