/**
 * Reads a CSV file with the row numbers that a spreadsheet shows. The separator is found out: Excel writes commas or
 * semicolons depending on the country, and a tab into its "Unicode text".
 */
import { CsvError, parse } from "csv-parse/sync";
import { given } from "../../../policy/office/optional.js";
import { CELL_MAX_CHARS, COLUMNS_MAX, cleanText, type GridRow, type GridsRead, ROWS_MAX } from "./grid.js";

const DELIMITERS = [",", ";", "\t", "|"] as const;

/** Rows in which the separator is looked for: a heading may stand below titles. */
const SAMPLE_ROWS = 60;

/** The first line with which Excel is told the separator. It is shown as no row. */
const SEPARATOR_LINE = /^\ufeff?"?sep=(.)"?[;,\t]*(?:\r\n|\r|\n|$)/i;

/** @param headings how many headings of a table are in a row, which tells the right separator from the others */
export function readCsv(text: string, headings: (cells: readonly string[]) => number): GridsRead {
  const named = SEPARATOR_LINE.exec(text);
  const rest = named === null ? text : text.slice(named[0].length);
  try {
    const records = recordsOf(rest, named?.[1] ?? delimiterOf(rest, headings));
    return gridOf(records);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { ok: false, row: rowOf(error), reason: error.message };
  }
}

function recordsOf(text: string, delimiter: string, rows?: number): string[][] {
  return parse(text, {
    ...given({ to: rows }),
    bom: true,
    delimiter,
    max_record_size: CELL_MAX_CHARS,
    relax_column_count: true,
    // ="+49…" without quotes around it has quotes within.
    relax_quotes: true,
    trim: true,
  });
}

function gridOf(records: readonly string[][]): GridsRead {
  if (records.length > ROWS_MAX) {
    return { ok: false, row: ROWS_MAX + 1, reason: `the file has more than ${ROWS_MAX} rows` };
  }
  const wide = records.findIndex((cells) => cells.length > COLUMNS_MAX);
  if (wide >= 0) return { ok: false, row: wide + 1, reason: `a row has more than ${COLUMNS_MAX} cells` };
  const rows: GridRow[] = records.map((cells, index) => ({ row: index + 1, cells: cells.map(cellText) }));
  if (rows.every(({ cells }) => cells.every((cell) => cell === ""))) {
    return { ok: false, row: 1, reason: "the file is empty" };
  }
  return { ok: true, grids: [{ rows }] };
}

/** `="0172…"` and `'0172…` are how people keep a spreadsheet from making a quantity of a number. */
function cellText(cell: string): string {
  const text = cleanText(cell);
  const quoted = /^="(.*)"$/s.exec(text)?.[1];
  if (quoted !== undefined) return cleanText(quoted.replaceAll('""', '"'));
  return /^'[+\d(]/.test(text) ? text.slice(1) : text;
}

/** The separator with which most headings are found in a row; then the one that most rows have equally often. */
function delimiterOf(text: string, headings: (cells: readonly string[]) => number): string {
  const [best] = DELIMITERS.map((delimiter) => {
    const rows = sampleRows(text, delimiter);
    const found = rows.map((cells) => headings(cells.map(cellText)));
    return { delimiter, found: Math.max(0, ...found), rows: mostAlike(rows) };
  }).sort((a, b) => b.found - a.found || b.rows - a.rows);
  return best?.delimiter ?? ",";
}

function sampleRows(text: string, delimiter: string): readonly string[][] {
  try {
    return recordsOf(text, delimiter, SAMPLE_ROWS);
  } catch {
    // What is wrong is said when the whole file is read.
    return [(text.split(/\r\n|\r|\n/, 1)[0] ?? "").split(delimiter)];
  }
}

/** How many rows have the same number of cells, of those with more than one. */
function mostAlike(rows: readonly string[][]): number {
  const counts = new Map<number, number>();
  for (const { length } of rows) if (length > 1) counts.set(length, (counts.get(length) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

function rowOf(error: CsvError): number {
  return typeof error["records"] === "number" ? error["records"] + 1 : 1;
}
