/** Writes tables for spreadsheets (RFC 4180). */

/**
 * A spreadsheet carries out a cell that begins like a formula; an apostrophe makes it text (OWASP, CSV Injection; the
 * wide signs of East Asian keyboards count, too). Names come from people.
 */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** @returns the table, each line ended by CR and LF */
export function csvText(rows: ReadonlyArray<readonly string[]>): string {
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function cell(value: string): string {
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n']|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
