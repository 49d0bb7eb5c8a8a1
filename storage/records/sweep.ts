/**
 * Deletes calls that are old, and takes callers out of those that are a while ago, a few calls a transaction: the engine
 * may write between two of them. Sums stay.
 */
import { anonymised } from "../../policy/record/anonymise.js";
import { recordOf } from "../../policy/record/fold.js";
import { marksOf } from "../../policy/record/marks.js";
import type { CallRecord } from "../../policy/record/record.js";
import type { Database } from "../database.js";
import { anonymiseCharges } from "./charges.js";
import { KEYS_A_MS } from "./rows.js";
import { readStory, storyText } from "./story.js";
import { removeMarks, writeStories } from "./write.js";

/** The kinds of names that may be numbers of people outside. */
const NUMBERS = "('from', 'called', 'number')";

/** Deletes the oldest calls that began before a time. @returns how many there were, `limit` at most */
export async function deleteOld(database: Database, beforeMs: number, limit: number): Promise<number> {
  const before = beforeMs * KEYS_A_MS;
  // Most of the time there are none: then no write lock is needed.
  if ((await database.get("SELECT 1 FROM calls WHERE key < ? LIMIT 1", [before])) === undefined) return 0;
  return database.transaction(async () => {
    const rows = await database.all<{ key: number; marks: string }>(
      "SELECT key, marks FROM calls WHERE key < ? ORDER BY key LIMIT ?",
      [before, limit],
    );
    const marks = rows.flatMap(({ key, marks }) =>
      (JSON.parse(marks) as number[]).map((name) => [name, key] as const),
    );
    const keys = JSON.stringify(rows.map(({ key }) => key));
    await removeMarks(database, marks);
    await database.run("DELETE FROM call_stories WHERE key IN (SELECT value FROM json_each(?))", [keys]);
    await database.run("DELETE FROM calls WHERE key IN (SELECT value FROM json_each(?))", [keys]);
    await forgetNumbers(
      database,
      marks.map(([name]) => name),
    );
    return rows.length;
  });
}

/** Removes numbers, by their ids among others, that no call and no sum has any more. */
async function forgetNumbers(database: Database, names: readonly number[]): Promise<void> {
  await database.run(
    `DELETE FROM call_names WHERE id IN (SELECT value FROM json_each(?)) AND kind IN ${NUMBERS}
     AND NOT EXISTS (SELECT 1 FROM call_marks WHERE call_marks.name = call_names.id)
     AND NOT EXISTS (SELECT 1 FROM call_sums WHERE call_sums.name = call_names.id)`,
    [JSON.stringify([...new Set(names)])],
  );
}

interface Old {
  readonly key: number;
  readonly id: string;
  readonly marks: string;
  readonly isOver: number;
  readonly story: string | Buffer;
}

/**
 * Takes callers out of the oldest calls that began before a time and have them still. A call is seen once only; one that is
 * written later, although it began before, is written without them.
 * @returns how many there were, `limit` at most
 */
export async function anonymiseOld(database: Database, beforeMs: number, limit: number): Promise<number> {
  const before = beforeMs * KEYS_A_MS;
  const next = `FROM calls JOIN call_stories USING (key)
    WHERE key > (SELECT anonymised FROM call_state) AND key < ?`;
  if ((await database.get(`SELECT 1 ${next} LIMIT 1`, [before])) === undefined) return 0;
  return database.transaction(async () => {
    const rows = await database.all<Old>(
      `SELECT key, id, marks, ended_ms IS NOT NULL AS isOver, story ${next} ORDER BY key LIMIT ?`,
      [before, limit],
    );
    await anonymiseCalls(database, rows);
    await database.run("UPDATE call_state SET anonymised = ?, change = change + ?", [
      rows.at(-1)?.key ?? 0,
      rows.length,
    ]);
    return rows.length;
  });
}

async function anonymiseCalls(database: Database, rows: readonly Old[]): Promise<void> {
  const state = await database.get<{ change: number }>("SELECT change FROM call_state");
  const names = await namesOf(database, rows);
  const calls = rows.map((row, at) => {
    const record = recordOf(anonymised(readStory(row.id, row.story)));
    const { marks, abouts } = marksOf(record);
    // What a call is found by is only taken away from.
    const ids = marks.flatMap(({ kind, name }) => names.get(`${kind}:${name}`) ?? []);
    return {
      ...{ key: row.key, before: row.marks, ids, abouts, record },
      ...{ change: (state?.change ?? 0) + at + 1, isOver: row.isOver === 1 },
      story: storyText(record.happenings),
    };
  });
  await writeStories(database, calls);
  await anonymiseCharges(
    database,
    calls.map(({ key }) => key),
  );
  await database.run(
    `UPDATE calls SET change = asked.value ->> 'change', from_number = asked.value ->> 'from',
       from_name = asked.value ->> 'name', called = asked.value ->> 'called',
       answered_by = asked.value ->> 'answeredBy', ending = asked.value ->> 'ending', sip_call_id = NULL,
       marks = asked.value ->> 'marks', abouts = asked.value ->> 'abouts'
     FROM json_each(?) AS asked WHERE calls.key = asked.value ->> 'key'`,
    [JSON.stringify(calls.map(({ record, ids, ...call }) => ({ ...call, ...columnsOf(record, ids) })))],
  );
  const gone = calls.flatMap(({ key, before, ids }) => {
    const kept = new Set(ids);
    return (JSON.parse(before) as number[]).filter((id) => !kept.has(id)).map((id) => [id, key] as const);
  });
  await removeMarks(database, gone);
  await forgetNumbers(
    database,
    gone.map(([id]) => id),
  );
}

function columnsOf(record: CallRecord, ids: readonly number[]) {
  return {
    ...{ from: record.from, name: record.name, called: record.called, answeredBy: record.answeredBy },
    ending: record.ending === null ? null : JSON.stringify(record.ending),
    marks: JSON.stringify(ids),
  };
}

/** The ids of all names that some calls are found by. */
async function namesOf(database: Database, rows: readonly Old[]): Promise<Map<string, number>> {
  const ids = new Set(rows.flatMap(({ marks }) => JSON.parse(marks) as number[]));
  const names = await database.all<{ id: number; kind: string; name: string }>(
    "SELECT id, kind, name FROM call_names WHERE id IN (SELECT value FROM json_each(?))",
    [JSON.stringify([...ids])],
  );
  return new Map(names.map(({ id, kind, name }) => [`${kind}:${name}`, id]));
}
