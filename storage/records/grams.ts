/**
 * Finds numbers by a part of them, without looking at every number: each stands in an index under the four characters from
 * each of its places on.
 */
import type { Database } from "../database.js";

const LENGTH = 4;
/** No number is longer, nor a caller's SIP name that anybody looks for by its end. */
const PLACES = Array.from({ length: 40 }, (_, place) => place + 1);

/**
 * Rows `gram`, `id` of the numbers among some names.
 * @param names a condition about `n`, the row of a name; the plus sign makes SQLite search by it, and not go through all
 * names of a kind
 */
function gramsOf(names: string): string {
  return `SELECT DISTINCT substr(n.name, place.value, ${LENGTH}) AS gram, n.id
    FROM call_names AS n CROSS JOIN json_each('${JSON.stringify(PLACES)}') AS place
    WHERE +n.kind IN ('from', 'called') AND place.value <= length(n.name) AND ${names}`;
}

/** Puts names that are new into the index; those with an id above `?`. */
export const ADD_GRAMS = `INSERT INTO call_grams (gram, name) ${gramsOf("n.id > ?")}`;

/** Takes numbers out of the index. @param names a condition about `n`, the row of a name */
export function removeGrams(names: string): string {
  return `DELETE FROM call_grams WHERE (gram, name) IN (${gramsOf(names)});`;
}

/** The ids of numbers that have one of these parts, so many at most. */
export async function numbersWith(
  database: Database,
  parts: readonly string[],
  max: number,
): Promise<number[]> {
  const either = parts.map(() => ONE_PART).join(" UNION ");
  const rows = await database.all<{ id: number }>(`${either} LIMIT ?`, [
    ...parts.flatMap((part) => {
      const gram = part.slice(0, LENGTH);
      return part.length < LENGTH ? [gram, `${gram}\u{10ffff}`, part] : [gram, `${gram}\u0000`, part];
    }),
    max,
  ]);
  return rows.map(({ id }) => id);
}

/** A short part is the beginning of grams. */
const ONE_PART = `SELECT n.id FROM call_grams AS g CROSS JOIN call_names AS n ON n.id = g.name
  WHERE g.gram >= ? AND g.gram < ? AND instr(n.name, ?) > 0`;
