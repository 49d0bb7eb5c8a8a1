/** Keeps the answered legs to the public network by the time of their answer, so that a month of them is found at once. */
import { type Charge, chargesOf } from "../../policy/usage/charges.js";
import type { OutsideCall } from "../../policy/usage/rate.js";
import type { Database } from "../database.js";
import type { RecordChange } from "./change.js";

/** Writes what has changed, in the transaction that writes the records, and after them. */
export async function writeCharges(database: Database, changes: readonly RecordChange[]): Promise<void> {
  const changed = changes.flatMap(({ before, after }) => {
    const [was, is] = [before === undefined ? [] : chargesOf(before), chargesOf(after)];
    return JSON.stringify(was) === JSON.stringify(is) ? [] : [{ id: after.id, wasThere: was.length > 0, is }];
  });
  if (changed.length === 0) return;
  const gone = changed.flatMap(({ id, wasThere }) => (wasThere ? [id] : []));
  if (gone.length > 0)
    await database.run(
      `DELETE FROM call_charges
       WHERE key IN (SELECT calls.key FROM json_each(?) AS gone JOIN calls ON calls.id = gone.value)`,
      [JSON.stringify(gone)],
    );
  await database.run(
    `INSERT INTO call_charges (key, place, answered_ms, ended_ms, is_end_seen, dialled, shown, user)
     SELECT calls.key, value ->> 'place', value ->> 'answeredMs', value ->> 'endedMs', value ->> 'isEndSeen',
       value ->> 'dialled', value ->> 'shown', value ->> 'user'
     FROM json_each(?) AS charge JOIN calls ON calls.id = charge.value ->> 'id'`,
    [JSON.stringify(changed.flatMap(({ id, is }) => is.map((charge) => rowOf(id, charge))))],
  );
}

function rowOf(id: string, charge: Charge) {
  return { ...charge, id, isEndSeen: charge.isEndSeen ? 1 : 0 };
}

/** Where a page ends. */
interface ChargeKey {
  readonly answeredMs: number;
  readonly key: number;
  readonly place: number;
}

interface ChargeRow extends ChargeKey {
  readonly call: string;
  readonly endedMs: number | null;
  readonly isEndSeen: number;
  readonly dialled: string;
  readonly shown: string | null;
  readonly called: string | null;
  readonly user: string | null;
}

/** Large enough for few statements, and small enough for few megabytes. */
const PAGE_ROWS = 5_000;

/** Calls outside that were answered from one instant until before another, in the order of their answers. */
export async function* readCharges(
  database: Database,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
  pageRows: number = PAGE_ROWS,
): AsyncGenerator<OutsideCall> {
  let after: ChargeKey = { answeredMs: fromMs, key: -1, place: -1 };
  for (;;) {
    const rows = await database.all<ChargeRow>(
      `SELECT c.answered_ms AS answeredMs, c.key, c.place, c.ended_ms AS endedMs, c.is_end_seen AS isEndSeen,
         c.dialled, c.shown, c.user, calls.id AS call,
         CASE calls.direction WHEN 'in' THEN calls.called END AS called
       FROM call_charges AS c CROSS JOIN calls ON calls.key = c.key
       WHERE (c.answered_ms, c.key, c.place) > (?, ?, ?) AND c.answered_ms < ?
       ORDER BY c.answered_ms, c.key, c.place LIMIT ?`,
      [after.answeredMs, after.key, after.place, untilMs, pageRows],
    );
    for (const { key: _key, place: _place, isEndSeen, dialled, ...row } of rows)
      yield { ...row, to: dialled, isEndSeen: isEndSeen === 1 };
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRows) return;
    after = last;
  }
}

/** The last digits of the numbers that were called are not kept for these calls; the first ones say what a call costs. */
export async function anonymiseCharges(database: Database, keys: readonly number[]): Promise<void> {
  await database.run(
    `UPDATE call_charges SET dialled = substr(dialled, 1, max(2, length(dialled) - length(?))) || ?
     WHERE key IN (SELECT value FROM json_each(?)) AND dialled LIKE '+%' AND dialled NOT LIKE '%' || ?`,
    [HIDDEN_DIGITS, HIDDEN_DIGITS, JSON.stringify(keys), HIDDEN_DIGITS],
  );
}

const HIDDEN_DIGITS = "xxxx";
