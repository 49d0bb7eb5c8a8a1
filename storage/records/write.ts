/**
 * Writes what was read from journals: calls, their stories, what they are found by, sums, and how far was read, all in one
 * transaction. It keeps the engine from writing meanwhile. So everything that is to be written is put into a temporary
 * table first (`stage.ts`), and the transaction carries out statements that are always the same, all in one go.
 */
import { anonymised } from "../../policy/record/anonymise.js";
import { recordOf } from "../../policy/record/fold.js";
import { type Mark, marksOf } from "../../policy/record/marks.js";
import type { CallRecord } from "../../policy/record/record.js";
import { type Tally, type TallyTime, talliesOf, tallyTime } from "../../policy/record/tally.js";
import type { Database } from "../database.js";
import type { RecordChange, WriteWithRecords } from "./change.js";
import { ADD_GRAMS } from "./grams.js";
import { KEYS_A_MS } from "./rows.js";
import { type Pair, REMOVE_MARKS, rowsOf, type Staged, stage, WRITE_STORIES } from "./stage.js";
import { storyBytes, storyText } from "./story.js";

/** How far a journal was read. */
export interface JournalPosition {
  readonly file: string;
  /** Bytes. */
  readonly position: number;
}

/** A piece of a journal that was read. */
export interface JournalPiece extends JournalPosition {
  /** Where it begins. */
  readonly from: number;
}

/** Somebody else has read this piece of the journal and has written what is in it; nothing was changed. */
export class ReadByAnother extends Error {}

export interface RecordBatch {
  /** Each call once. */
  readonly changes: readonly RecordChange[];
  /** What was read for these changes; left out: it was no journal. */
  readonly piece?: JournalPiece;
  /** The office's time zone, by which sums are kept. */
  readonly zone: string;
}

export async function writeRecords(
  database: Database,
  batch: RecordBatch,
  also: readonly WriteWithRecords[],
): Promise<void> {
  // All that can be done before the others are kept waiting.
  const prepared = batch.changes.map((change) => prepare(change, batch.zone));
  const isStaged = prepared.length > 0;
  if (isStaged) await stageCalls(database, prepared);
  await database.transaction(async () => {
    if (batch.piece !== undefined) await moveOn(database, batch.piece);
    if (isStaged) await database.exec(WRITE_CALLS);
    for (const write of also) await write(database, batch.changes);
  });
}

/** Two recorders may run for a moment, one of an engine that ends and one of the next: each piece is read by one. */
async function moveOn(database: Database, { file, from, position }: JournalPiece): Promise<void> {
  const before = await database.get<{ position: number }>(
    "SELECT position FROM call_journals WHERE file = ?",
    [file],
  );
  if ((before?.position ?? 0) !== from) throw new ReadByAnother(file);
  await database.run(
    `INSERT INTO call_journals (file, position) VALUES (?, ?)
     ON CONFLICT (file) DO UPDATE SET position = excluded.position`,
    [file, position],
  );
}

interface Counted extends Tally {
  readonly time: TallyTime;
  /** 1, or -1 to take back what was counted before. */
  readonly sign: number;
}

interface Prepared {
  readonly record: CallRecord;
  readonly marks: readonly Mark[];
  readonly abouts: number;
  readonly story: string;
  readonly counted: readonly Counted[];
}

function prepare({ before, after }: RecordChange, zone: string): Prepared {
  const counted = before === undefined ? [] : countedOf(before, zone, -1);
  return { ...written(after), counted: [...counted, ...countedOf(after, zone, 1)] };
}

function written(record: CallRecord) {
  return { record, ...marksOf(record), story: storyText(record.happenings) };
}

function countedOf(record: CallRecord, zone: string, sign: number): Counted[] {
  const tallies = talliesOf(record);
  if (tallies.length === 0) return [];
  const time = tallyTime(record, zone);
  return tallies.map((tally) => ({ ...tally, time, sign }));
}

interface Known {
  readonly id: string;
  readonly key: number;
  readonly marks: string;
}

async function stageCalls(database: Database, prepared: readonly Prepared[]): Promise<void> {
  const state = await database.get<{ change: number; anonymised: number }>(
    "SELECT change, anonymised FROM call_state",
  );
  const known = await knownCalls(database, prepared);
  const keys = await keysOf(database, prepared, known);
  const calls = prepared.map((one, at) => {
    const key = keys.get(one.record.id) ?? 0;
    const isOld = key <= (state?.anonymised ?? 0);
    const kept = isOld ? { ...one, ...written(recordOf(anonymised(one.record.happenings))) } : one;
    return { ...kept, key, change: at + 1, before: known.get(one.record.id) };
  });
  const names = await namesOf(database, calls);
  await stage(database, {
    calls: calls.map((call) => ({
      ...{ key: call.key, id: call.record.id, change: call.change },
      ...columnsOf(call, names),
    })),
    stories: calls.map(({ key, record, story }) => storyRow(key, story, record.endedMs !== null)),
    ...marksToWrite(calls, names),
    ...sumsToWrite(calls, names),
  });
}

interface Call extends Prepared {
  readonly key: number;
  readonly change: number;
  readonly before: Known | undefined;
}

async function knownCalls(database: Database, prepared: readonly Prepared[]): Promise<Map<string, Known>> {
  const rows = await database.all<Known>(
    "SELECT calls.id, calls.key, calls.marks FROM json_each(?) AS asked CROSS JOIN calls ON calls.id = asked.value",
    [JSON.stringify(prepared.map(({ record }) => record.id))],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** The key of each call. A new one gets the first that is free in the millisecond it began in. */
async function keysOf(
  database: Database,
  prepared: readonly Prepared[],
  known: ReadonlyMap<string, Known>,
): Promise<Map<string, number>> {
  const keys = new Map([...known].map(([id, { key }]) => [id, key]));
  const fresh = prepared.filter(({ record }) => !known.has(record.id));
  const rows = await database.all<{ ms: number; last: number | null }>(
    `SELECT value AS ms, (SELECT max(key) FROM calls WHERE key >= value * ?2 AND key < (value + 1) * ?2) AS last
     FROM json_each(?1)`,
    [JSON.stringify([...new Set(fresh.map(({ record }) => record.beganMs))]), KEYS_A_MS],
  );
  const last = new Map(rows.map((row) => [row.ms, row.last ?? row.ms * KEYS_A_MS - 1]));
  for (const { record } of fresh) {
    const key = (last.get(record.beganMs) ?? 0) + 1;
    last.set(record.beganMs, key);
    keys.set(record.id, key);
  }
  return keys;
}

/** The ids of all names of these calls, by kind and name; names that are new are added. */
async function namesOf(database: Database, calls: readonly Call[]): Promise<NameIds> {
  const marks = new Map<string, Mark>();
  for (const { marks: all, counted } of calls)
    for (const { kind, name } of [...all, ...counted]) marks.set(nameKey({ kind, name }), { kind, name });
  const asked = JSON.stringify([...marks.values()]);
  await addNames(database, asked);
  const rows = await database.all<Mark & { readonly id: number }>(
    `SELECT n.id, n.kind, n.name FROM json_each(?) AS asked
     CROSS JOIN call_names AS n ON n.kind = asked.value ->> 'kind' AND n.name = asked.value ->> 'name'`,
    [asked],
  );
  const ids = new Map(rows.map((row) => [nameKey(row), row.id]));
  return (mark) => {
    const id = ids.get(nameKey(mark));
    if (id === undefined) throw new Error(`the name ${mark.kind} was not written`);
    return id;
  };
}

/** Adds those of some names that are new, and what numbers among them are found by. */
async function addNames(database: Database, asked: string): Promise<void> {
  const unknown = await database.all<{ value: string }>(
    `SELECT value FROM json_each(?) AS asked WHERE NOT EXISTS (SELECT 1 FROM call_names AS n
       WHERE n.kind = asked.value ->> 'kind' AND n.name = asked.value ->> 'name')`,
    [asked],
  );
  if (unknown.length === 0) return;
  await database.transaction(async () => {
    const last = await database.get<{ id: number | null }>("SELECT max(id) AS id FROM call_names");
    await database.run(
      `INSERT INTO call_names (kind, name)
       SELECT value ->> 'kind', value ->> 'name' FROM json_each(?) WHERE TRUE ON CONFLICT DO NOTHING`,
      [asked],
    );
    await database.run(ADD_GRAMS, [last?.id ?? 0]);
  });
}

type NameIds = (mark: Mark) => number;

function nameKey({ kind, name }: Mark): string {
  return `${kind}:${name}`;
}

/** The columns of `calls` after key, id and change, as in {@link COLUMNS}. */
function columnsOf({ record, marks, abouts }: Prepared, names: NameIds) {
  return {
    direction: record.direction,
    from_number: record.from,
    from_name: record.name,
    is_withheld: Number(record.isWithheld),
    user: record.user,
    device: record.device,
    called: record.called,
    revision: record.revision,
    carrier: record.carrier,
    sip_call_id: record.sipCallId,
    part_of: record.partOf,
    engines: JSON.stringify(record.engines),
    began_ms: record.beganMs,
    first_ring_ms: record.firstRingMs,
    connected_ms: record.connectedMs,
    ended_ms: record.endedMs,
    ending: record.ending === null ? null : JSON.stringify(record.ending),
    result: record.result,
    side: record.side,
    cause: record.cause,
    is_end_seen: Number(record.isEndSeen),
    answered_by: record.answeredBy,
    message_in: record.messageIn,
    is_emergency: Number(record.isEmergency),
    marks: JSON.stringify(marks.map(names)),
    abouts,
  };
}

/** A story as a row to stage; those of ended calls are deflated. */
export function storyRow(key: number, story: string, isOver: boolean): object {
  return isOver ? { key, hex: storyBytes(story).toString("hex") } : { key, text: story };
}

/** Only the marks that are new or gone: a call in progress is written several times, mostly with the same ones. */
function marksToWrite(calls: readonly Call[], names: NameIds): Pick<Staged, "gone" | "marks"> {
  const gone: Pair[] = [];
  const marks: Pair[] = [];
  for (const { key, marks: now, before } of calls) {
    const old = new Set(before === undefined ? [] : (JSON.parse(before.marks) as number[]));
    for (const id of now.map(names)) if (!old.delete(id)) marks.push([id, key]);
    for (const id of old) gone.push([id, key]);
  }
  return { gone, marks };
}

function sumsToWrite(calls: readonly Call[], names: NameIds): Pick<Staged, "sums" | "waits"> {
  const sums = new Map<string, number[]>();
  const waits = new Map<string, number[]>();
  for (const { counted } of calls)
    for (const one of counted) {
      const { day, hour } = one.time;
      const name = names(one);
      add(sums, [name, day, hour], sumsOf(one));
      const waitS = Math.floor((one.waitMs ?? 0) / 1_000);
      if (one.waitMs !== null) add(waits, [name, day, hour, Number(one.isAnswered), waitS], [one.sign]);
    }
  return { sums: changing(sums, SUM_KEYS.length), waits: changing(waits, WAIT_KEYS.length) };
}

/** What was taken back and counted again alike changes nothing. */
function changing(sums: ReadonlyMap<string, readonly number[]>, keys: number): (readonly number[])[] {
  return [...sums.values()].filter((row) => row.slice(keys).some((value) => value !== 0));
}

const SUM_KEYS = ["name", "day", "hour"] as const;
const WAIT_KEYS = ["name", "day", "hour", "is_answered", "wait_s"] as const;
const SUMS = ["calls", "answered", "missed", "messages", "refused", "wait_ms", "talk_ms"] as const;

/** In the order of {@link SUMS}. */
function sumsOf({ sign, isAnswered, isMissed, isMessage, isRefused, waitMs, talkMs }: Counted): number[] {
  const [answered, missed, messages, refused] = [isAnswered, isMissed, isMessage, isRefused].map(Number);
  const all = [1, answered, missed, messages, refused, isAnswered ? (waitMs ?? 0) : 0, talkMs];
  return all.map((value) => sign * (value ?? 0));
}

function add(into: Map<string, number[]>, key: readonly number[], values: readonly number[]): void {
  const at = key.join();
  const before = into.get(at);
  into.set(
    at,
    before === undefined ? [...key, ...values] : [...key, ...sum(before.slice(key.length), values)],
  );
}

function sum(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, at) => value + (b[at] ?? 0));
}

/** Adds rows that are staged to those of a table. */
function addUp(table: string, from: string, keys: readonly string[], columns: readonly string[]): string {
  const all = [...keys, ...columns];
  return `INSERT INTO ${table} (${all.join(", ")})
    SELECT ${all.map((_, at) => `value ->> ${at}`).join(", ")} FROM ${rowsOf(from)} WHERE TRUE
    ON CONFLICT (${keys.join(", ")}) DO UPDATE SET
    ${columns.map((column) => `${column} = ${column} + excluded.${column}`).join(", ")};`;
}

const COLUMNS = [
  ...["key", "id", "change", "direction", "from_number", "from_name", "is_withheld", "user", "device"],
  ...["called", "revision", "carrier", "sip_call_id", "part_of", "engines", "began_ms", "first_ring_ms"],
  ...["connected_ms", "ended_ms", "ending", "result", "side", "cause", "is_end_seen", "answered_by"],
  ...["message_in", "is_emergency", "marks", "abouts"],
] as const;

/** A change is counted on from the last one. */
const VALUES = COLUMNS.map((column) =>
  column === "change" ? "value ->> 'change' + call_state.change" : `value ->> '${column}'`,
);

const WRITE_CALLS = `
  INSERT INTO calls (${COLUMNS.join(", ")})
    SELECT ${VALUES.join(", ")} FROM ${rowsOf("calls")} CROSS JOIN call_state WHERE TRUE
    ON CONFLICT (key) DO UPDATE SET
    ${COLUMNS.slice(2)
      .map((column) => `${column} = excluded.${column}`)
      .join(", ")};
  UPDATE call_state SET change = change + (SELECT count(*) FROM ${rowsOf("calls")});
  ${WRITE_STORIES}
  ${REMOVE_MARKS}
  INSERT INTO call_marks (name, key)
    SELECT value ->> 0, value ->> 1 FROM ${rowsOf("marks")} WHERE TRUE ON CONFLICT DO NOTHING;
  ${addUp("call_sums", "sums", SUM_KEYS, SUMS)}
  ${addUp("call_waits", "waits", WAIT_KEYS, ["calls"])}
`;
