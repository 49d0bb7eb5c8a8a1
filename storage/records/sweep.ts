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
import { removeGrams } from "./grams.js";
import { KEYS_A_MS } from "./rows.js";
import { type Pair, REMOVE_MARKS, rowsOf, stage, WRITE_STORIES } from "./stage.js";
import { readStory, storyText } from "./story.js";
import { storyRow } from "./write.js";

/** The kinds of names that may be numbers of people outside. */
const NUMBERS = "('from', 'called', 'number')";

/** Deletes the oldest calls that began before a time. @returns how many there were, `limit` at most */
export async function deleteOld(database: Database, beforeMs: number, limit: number): Promise<number> {
  const rows = await database.all<{ key: number; marks: string }>(
    "SELECT key, marks FROM calls WHERE key < ? ORDER BY key LIMIT ?",
    [beforeMs * KEYS_A_MS, limit],
  );
  if (rows.length === 0) return 0;
  const gone = rows.flatMap(({ key, marks }) =>
    (JSON.parse(marks) as number[]).map((name) => [name, key] as const),
  );
  await stage(database, { keys: rows.map(({ key }) => key), gone, names: namesIn(gone) });
  await database.transaction(() => database.exec(DELETE_CALLS));
  return rows.length;
}

function namesIn(marks: readonly Pair[]): number[] {
  return [...new Set(marks.map(([name]) => name))];
}

/** The plus sign makes SQLite search by the ids, and not go through all names of the kinds. */
const FORGOTTEN = `n.id IN (SELECT value FROM ${rowsOf("names")}) AND +n.kind IN ${NUMBERS}
    AND NOT EXISTS (SELECT 1 FROM call_marks WHERE call_marks.name = n.id)
    AND NOT EXISTS (SELECT 1 FROM call_sums WHERE call_sums.name = n.id)`;

/** Removes numbers that no call and no sum has any more. */
const FORGET_NUMBERS = `
  ${removeGrams(FORGOTTEN)}
  DELETE FROM call_names AS n WHERE ${FORGOTTEN};`;

const DELETE_CALLS = `
  ${REMOVE_MARKS}
  DELETE FROM call_stories WHERE key IN (SELECT value FROM ${rowsOf("keys")});
  DELETE FROM calls WHERE key IN (SELECT value FROM ${rowsOf("keys")});
  ${FORGET_NUMBERS}
`;

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
  const rows = await database.all<Old>(
    `SELECT calls.key, id, marks, ended_ms IS NOT NULL AS isOver, story
     FROM calls JOIN call_stories ON call_stories.key = calls.key
     WHERE calls.key > (SELECT anonymised FROM call_state) AND calls.key < ? ORDER BY calls.key LIMIT ?`,
    [beforeMs * KEYS_A_MS, limit],
  );
  if (rows.length === 0) return 0;
  await stageAnonymised(database, rows);
  await database.transaction(async () => {
    await database.exec(ANONYMISE_CALLS);
    await anonymiseCharges(
      database,
      rows.map(({ key }) => key),
    );
  });
  return rows.length;
}

async function stageAnonymised(database: Database, rows: readonly Old[]): Promise<void> {
  const names = await namesOf(database, rows);
  const calls = rows.map((row, at) => {
    const record = recordOf(anonymised(readStory(row.id, row.story)));
    const { marks, abouts } = marksOf(record);
    // What a call is found by is only taken away from.
    const ids = marks.flatMap(({ kind, name }) => names.get(`${kind}:${name}`) ?? []);
    return { ...row, ids, record, row: { key: row.key, change: at + 1, abouts, ...columnsOf(record, ids) } };
  });
  const gone = calls.flatMap(({ key, marks, ids }) => {
    const kept = new Set(ids);
    return (JSON.parse(marks) as number[]).filter((id) => !kept.has(id)).map((id) => [id, key] as const);
  });
  await stage(database, {
    calls: calls.map(({ row }) => row),
    stories: calls.map(({ key, isOver, record }) =>
      storyRow(key, storyText(record.happenings), isOver === 1),
    ),
    gone,
    names: namesIn(gone),
  });
}

const ANONYMISE_CALLS = `
  UPDATE calls SET change = asked.value ->> 'change' + (SELECT change FROM call_state),
    from_number = asked.value ->> 'from', from_name = asked.value ->> 'name', called = asked.value ->> 'called',
    answered_by = asked.value ->> 'answeredBy', ending = asked.value ->> 'ending', sip_call_id = NULL,
    marks = asked.value ->> 'marks', abouts = asked.value ->> 'abouts'
    FROM ${rowsOf("calls")} AS asked WHERE calls.key = asked.value ->> 'key';
  UPDATE call_state SET change = change + (SELECT count(*) FROM ${rowsOf("calls")}),
    anonymised = (SELECT max(value ->> 'key') FROM ${rowsOf("calls")});
  ${WRITE_STORIES}
  ${REMOVE_MARKS}
  ${FORGET_NUMBERS}
`;

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
