/** Reads what was summed up about calls. */
import { dateOf, dayOf } from "../../policy/office/zone.js";
import type { Database, SqlValue } from "../database.js";
import type { SumQuery, SumRow, WaitRow } from "./filter.js";

export async function readSums(database: Database, query: SumQuery): Promise<SumRow[]> {
  const groups = groupsOf(query.by);
  const { sql, values } = among(query);
  const rows = await database.all<Omit<SumRow, "day"> & { readonly day: number | null }>(
    `SELECT ${groups.columns}, sum(s.calls) AS calls, sum(s.answered) AS answered, sum(s.missed) AS missed,
       sum(s.messages) AS messages, sum(s.refused) AS refused, sum(s.wait_ms) AS waitMs, sum(s.talk_ms) AS talkMs
     FROM call_names AS n CROSS JOIN call_sums AS s ON s.name = n.id WHERE ${sql}
     GROUP BY ${groups.by} HAVING sum(s.calls) > 0 ORDER BY ${groups.by}`,
    values,
  );
  return rows.map((row) => ({ ...row, day: dayText(row.day) }));
}

export async function readWaits(database: Database, query: SumQuery): Promise<WaitRow[]> {
  const groups = groupsOf(query.by);
  const { sql, values } = among(query);
  const rows = await database.all<{
    readonly name: string | null;
    readonly day: number | null;
    readonly hour: number | null;
    readonly isAnswered: number;
    readonly waitS: number;
    readonly calls: number;
  }>(
    `SELECT ${groups.columns}, s.is_answered AS isAnswered, s.wait_s AS waitS, sum(s.calls) AS calls
     FROM call_names AS n CROSS JOIN call_waits AS s ON s.name = n.id WHERE ${sql}
     GROUP BY ${groups.by}, s.wait_s, s.is_answered HAVING sum(s.calls) > 0
     ORDER BY ${groups.by}, s.wait_s, s.is_answered`,
    values,
  );
  return rows.map((row) => ({ ...row, day: dayText(row.day), isAnswered: row.isAnswered === 1 }));
}

function dayText(day: number | null): string | null {
  return day === null ? null : dateOf(day);
}

const COLUMNS = { name: "n.name", day: "s.day", hour: "s.hour" } as const;

function groupsOf(by: readonly ("name" | "day" | "hour")[]) {
  const one = (group: keyof typeof COLUMNS) => `${by.includes(group) ? COLUMNS[group] : "NULL"} AS ${group}`;
  return {
    columns: (["name", "day", "hour"] as const).map(one).join(", "),
    // Everything in one group.
    by: by.length === 0 ? "NULL" : by.map((group) => COLUMNS[group]).join(", "),
  };
}

function among({ kind, names, fromDay, untilDay }: Omit<SumQuery, "by">): {
  readonly sql: string;
  readonly values: readonly SqlValue[];
} {
  const named = names === undefined ? "" : " AND n.name IN (SELECT value FROM json_each(?))";
  return {
    sql: `n.kind = ?${named} AND s.day BETWEEN ? AND ?`,
    values: [
      kind,
      ...(names === undefined ? [] : [JSON.stringify(names)]),
      // A date that does not exist has no calls.
      dayOf(fromDay) ?? Number.MAX_SAFE_INTEGER,
      dayOf(untilDay) ?? -1,
    ],
  };
}
