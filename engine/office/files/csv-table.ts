/** Reads a CSV file as rows of cells, with the row numbers that a spreadsheet shows. */
import { CsvError, parse } from "csv-parse/sync";

/** One row; `row` counts from 1, and row 1 is the header. */
export interface CsvRow {
  readonly row: number;
  readonly cells: readonly string[];
}

export type CsvTable =
  | { readonly ok: true; readonly header: readonly string[]; readonly rows: readonly CsvRow[] }
  | { readonly ok: false; readonly row: number; readonly reason: string };

/**
 * No name or number is longer: a longer cell means that a quote was not closed and the rest of the file is in the cell.
 */
const CELL_MAX_CHARS = 10_000;

const DELIMITERS = [",", ";", "\t"] as const;

/**
 * Reads a CSV text. The separator is a comma, semicolon or tab, whichever occurs most in the header. Cells are trimmed.
 */
export function parseCsv(text: string): CsvTable {
  try {
    const records: string[][] = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      max_record_size: CELL_MAX_CHARS,
      relax_column_count: true,
      trim: true,
    });
    const rows = records.map((cells, index) => ({ row: index + 1, cells }));
    const [header, ...rest] = rows;
    if (header === undefined) return { ok: false, row: 1, reason: "the file is empty" };
    return {
      ok: true,
      header: header.cells,
      rows: rest.filter(({ cells }) => cells.some((cell) => cell !== "")),
    };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { ok: false, row: lineOf(error), reason: error.message };
  }
}

function delimiterOf(text: string): string {
  const header = text.split(/\r?\n/, 1)[0] ?? "";
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ",";
}

function lineOf(error: CsvError): number {
  return typeof error["lines"] === "number" ? error["lines"] : 1;
}
