/**
 * Lists calls by what people ask for, the newest first. Each condition that is a name is a list of keys in `call_marks`;
 * the shortest of these lists is walked, and each of its calls is looked up in the others. A part of a number first finds
 * the numbers with that part. What is asked costs about the same whether it is found at once or nowhere.
 */
import type { Mark } from "../../policy/record/marks.js";
import { markOf } from "../../policy/record/marks.js";
import type { Database, SqlValue } from "../database.js";
import type { CallFilter, CallPage, Page, Within } from "./filter.js";
import { numbersWith } from "./grams.js";
import { CALL_COLUMNS, callRow, KEYS_A_MS, type TableRow } from "./rows.js";

/** A list of keys longer than this is not counted to its end. */
const COUNTED_MAX = 20_000;
/** With more numbers than this, calls that have one of them are close together in time, and are walked. */
const NUMBERS_MAX = 5_000;

interface Wanted {
  /** Ids of names that each call must have. */
  readonly names: readonly number[];
  /** Ids of numbers of which each call must have one; null: there are too many; left out: no number was asked for. */
  readonly numbers?: readonly number[] | null;
}

export async function listCalls(database: Database, filter: CallFilter, page: Page): Promise<CallPage> {
  const rows =
    filter.within === undefined
      ? await select<TableRow>(database, CALL_COLUMNS, filter, page)
      : await selectWithin(database, filter, filter.within, page);
  const calls = rows.slice(0, page.limit).map(callRow);
  return { calls, next: rows.length > page.limit ? (calls.at(-1)?.key ?? null) : null };
}

/** One row more than the page has, if there are more. */
async function select<Row>(
  database: Database,
  columns: string,
  filter: CallFilter,
  page: Page,
  also: readonly Mark[] = [],
): Promise<Row[]> {
  const wanted = await wantedOf(database, filter, also);
  if (wanted === undefined) return [];
  const { sql, values } = await statement(database, columns, filter, wanted, page);
  return database.all<Row>(sql, values);
}

/** The newest calls of each user and group, and of all these the newest: what each has is found in the order of time. */
async function selectWithin(
  database: Database,
  filter: CallFilter,
  within: readonly Within[],
  page: Page,
): Promise<TableRow[]> {
  const keys = new Set<number>();
  for (const { kind, name, fromMs } of within) {
    const part = { ...filter, fromMs: Math.max(filter.fromMs ?? 0, fromMs) };
    const rows = await select<{ key: number }>(database, "calls.key", part, page, [{ kind, name }]);
    for (const { key } of rows) keys.add(key);
  }
  const newest = [...keys].sort((one, other) => other - one).slice(0, page.limit + 1);
  return database.all<TableRow>(
    `SELECT ${CALL_COLUMNS} FROM json_each(?) AS asked CROSS JOIN calls ON calls.key = asked.value
     ORDER BY calls.key DESC`,
    [JSON.stringify(newest)],
  );
}

/** Undefined: a name is asked for that no call has. */
async function wantedOf(
  database: Database,
  filter: CallFilter,
  also: readonly Mark[],
): Promise<Wanted | undefined> {
  const marks = marksIn(filter, also);
  const rows = await database.all<{ id: number }>(
    `SELECT n.id FROM json_each(?) AS asked
     CROSS JOIN call_names AS n ON n.kind = asked.value ->> 'kind' AND n.name = asked.value ->> 'name'`,
    [JSON.stringify(marks)],
  );
  if (rows.length < marks.length) return undefined;
  const names = rows.map(({ id }) => id);
  const parts = filter.number === undefined ? [] : partsOf(filter.number);
  if (parts.length === 0) return { names };
  const numbers = await numbersWith(database, parts, NUMBERS_MAX + 1);
  if (numbers.length === 0) return undefined;
  return { names, numbers: numbers.length > NUMBERS_MAX ? null : numbers };
}

function marksIn(filter: CallFilter, also: readonly Mark[]): Mark[] {
  const marks: Mark[] = [...also];
  if (filter.about !== undefined) marks.push(markOf(filter.about));
  for (const kind of ["called", "user", "group", "carrier", "direction", "result"] as const) {
    const name = filter[kind];
    if (name !== undefined && name !== "live") marks.push({ kind, name });
  }
  if (filter.isEmergency === true) marks.push({ kind: "emergency", name: "" });
  const once = new Map(marks.map((mark) => [`${mark.kind}:${mark.name}`, mark]));
  return [...once.values()];
}

/**
 * What to look for in numbers as they are kept. People write digits with signs between them; a leading zero may be the one
 * that is dialled inside a country and is not in the number. Something with letters is looked for as it is.
 */
export function partsOf(text: string): string[] {
  const trimmed = text.trim();
  if (/\p{L}/u.test(trimmed)) return [trimmed];
  const digits = trimmed.replaceAll(/\D/g, "");
  if (digits === "") return trimmed === "" ? [] : [trimmed];
  const national = digits.replace(/^0+/, "");
  return national === digits || national === "" ? [digits] : [digits, national];
}

interface Statement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

async function statement(
  database: Database,
  columns: string,
  filter: CallFilter,
  { names, numbers }: Wanted,
  page: Page,
): Promise<Statement> {
  const limit = page.limit + 1;
  const range = keysBetween(filter, page);
  const [rarest, ...others] = await rarestFirst(database, names, range);
  const isByNumber =
    numbers !== undefined && numbers !== null && (await areRarer(database, numbers, rarest, range));
  const wheres: string[] = [];
  const values: SqlValue[] = [];
  for (const name of others) {
    wheres.push("EXISTS (SELECT 1 FROM call_marks AS o WHERE o.name = ? AND o.key = calls.key)");
    values.push(name);
  }
  if (filter.result === "live") wheres.push("calls.ended_ms IS NULL");
  if (filter.isEmergency === false) wheres.push("calls.is_emergency = 0");
  const conditions = wheres.length === 0 ? "" : ` AND ${wheres.join(" AND ")}`;
  const from = `SELECT ${columns} FROM`;
  const order = "ORDER BY calls.key DESC LIMIT ?";
  if (isByNumber) return byNumbers(from, numbers, range, { rarest, conditions, values, order, limit });
  const part = numbers !== undefined ? numberCondition(filter.number ?? "") : { sql: "", values: [] };
  if (rarest === undefined)
    return {
      sql: `${from} calls WHERE calls.key >= ? AND calls.key < ?${conditions}${part.sql} ${order}`,
      values: [...range, ...values, ...part.values, limit],
    };
  return {
    sql: `${from} call_marks AS m CROSS JOIN calls ON calls.key = m.key
      WHERE m.name = ? AND m.key >= ? AND m.key < ?${conditions}${part.sql} ORDER BY m.key DESC LIMIT ?`,
    values: [rarest, ...range, ...values, ...part.values, limit],
  };
}

interface Rest {
  readonly rarest: number | undefined;
  readonly conditions: string;
  readonly values: readonly SqlValue[];
  readonly order: string;
  readonly limit: number;
}

/** Of each number its newest calls, of all these the newest. With other conditions every call of each number is looked at. */
function byNumbers(
  select: string,
  numbers: readonly number[],
  range: readonly [number, number],
  { rarest, conditions, values, order, limit }: Rest,
): Statement {
  const also =
    rarest === undefined
      ? ""
      : " AND EXISTS (SELECT 1 FROM call_marks AS o WHERE o.name = ? AND o.key = calls.key)";
  const isAlone = also === "" && conditions === "";
  const newest = isAlone
    ? "m.key IN (SELECT key FROM call_marks WHERE name = asked.value AND key >= ?2 AND key < ?3 ORDER BY key DESC LIMIT ?4)"
    : "m.key >= ?2 AND m.key < ?3";
  const keys = `SELECT DISTINCT m.key FROM json_each(?1) AS asked CROSS JOIN call_marks AS m
    ON m.name = asked.value AND ${newest}`;
  return {
    sql: `${select} (${keys}) AS found CROSS JOIN calls ON calls.key = found.key
      WHERE TRUE${numbered(also + conditions, 5)} ${order.replace("?", "?4")}`,
    values: [JSON.stringify(numbers), ...range, limit, ...(rarest === undefined ? [] : [rarest]), ...values],
  };
}

/** Gives placeholders without a number the numbers from `first` on. */
function numbered(sql: string, first: number): string {
  let next = first;
  return sql.replaceAll("?", () => {
    const placeholder = `?${next}`;
    next += 1;
    return placeholder;
  });
}

function numberCondition(number: string): Statement {
  const parts = partsOf(number);
  const either = parts
    .map(() => "instr(calls.from_number, ?) > 0 OR instr(calls.called, ?) > 0")
    .join(" OR ");
  return { sql: ` AND (${either})`, values: parts.flatMap((part) => [part, part]) };
}

/** From and until, as keys; the second is not included. */
function keysBetween({ fromMs = 0, untilMs }: CallFilter, { after }: Page): readonly [number, number] {
  const until = untilMs === undefined ? Number.MAX_SAFE_INTEGER : untilMs * KEYS_A_MS;
  return [fromMs * KEYS_A_MS, Math.min(until, after ?? Number.MAX_SAFE_INTEGER)];
}

/** Whether fewer calls have one of some numbers than have a name, or there is no name to go by. */
async function areRarer(
  database: Database,
  numbers: readonly number[],
  name: number | undefined,
  [from, until]: readonly [number, number],
): Promise<boolean> {
  if (name === undefined) return true;
  const row = await database.get<{ named: number; numbered: number }>(
    `SELECT (SELECT count(*) FROM (SELECT 1 FROM call_marks WHERE name = ?1 AND key >= ?2 AND key < ?3 LIMIT ?4)) AS named,
       (SELECT count(*) FROM (SELECT 1 FROM json_each(?5) AS asked CROSS JOIN call_marks AS m ON m.name = asked.value
         WHERE m.key >= ?2 AND m.key < ?3 LIMIT ?4)) AS numbered`,
    [name, from, until, COUNTED_MAX, JSON.stringify(numbers)],
  );
  return (row?.numbered ?? 0) < (row?.named ?? 0);
}

/** The names by how many calls they have in a time. */
async function rarestFirst(
  database: Database,
  names: readonly number[],
  [from, until]: readonly [number, number],
): Promise<readonly number[]> {
  if (names.length < 2) return names;
  const counted: { name: number; n: number }[] = [];
  for (const name of names) {
    const row = await database.get<{ n: number }>(
      "SELECT count(*) AS n FROM (SELECT 1 FROM call_marks WHERE name = ? AND key >= ? AND key < ? LIMIT ?)",
      [name, from, until, COUNTED_MAX],
    );
    counted.push({ name, n: row?.n ?? 0 });
  }
  return counted.sort((a, b) => a.n - b.n).map(({ name }) => name);
}
