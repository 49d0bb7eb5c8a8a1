/** Reads the file of a table, whatever program wrote it: CSV and text in the encodings of Excel, or .xlsx. */
import { readFile, stat } from "node:fs/promises";
import { readCsv } from "./csv.js";
import { decodeText } from "./decode-text.js";
import type { GridsRead } from "./grid.js";
import { readXlsx } from "./xlsx.js";

/** A table of 40,000 people has some 5 MB. */
const TABLE_MAX_BYTES = 32 * 1024 * 1024;

/** A table's file, or why it cannot be read. */
export interface TableFile {
  /** The path as it was given. */
  readonly name: string;
  readonly read: GridsRead | { readonly ok: false; readonly unreadable: string };
}

/** @param headings how many headings of a table are in a row */
export async function readTable(
  path: string,
  headings: (cells: readonly string[]) => number,
): Promise<TableFile> {
  try {
    const { size } = await stat(path);
    if (size > TABLE_MAX_BYTES) return unreadable(path, `more than ${TABLE_MAX_BYTES} bytes`);
    return { name: path, read: await gridsOf(await readFile(path), headings) };
  } catch (error) {
    return unreadable(path, reason(error));
  }
}

function unreadable(name: string, why: string): TableFile {
  return { name, read: { ok: false, unreadable: why } };
}

/** The beginnings of files that people take for tables. */
const OLD_OFFICE = [0xd0, 0xcf, 0x11, 0xe0];
const ARCHIVE = [0x50, 0x4b, 0x03, 0x04];

/** The tables in a file's bytes. */
export async function gridsOf(
  bytes: Uint8Array,
  headings: (cells: readonly string[]) => number,
): Promise<GridsRead> {
  const begins = (start: readonly number[]) => start.every((byte, index) => bytes[index] === byte);
  if (begins(ARCHIVE)) return readXlsx(bytes);
  if (begins(OLD_OFFICE)) {
    return no(
      "this is an .xls file of old, or one with a password",
      "the table saved as .xlsx or CSV, without a password",
    );
  }
  const text = decodeText(bytes);
  if (text === undefined || text.startsWith("%PDF-")) return no("this is no table", "an .xlsx or a CSV file");
  if (/^\s*<(?:!doctype|html|table|\?xml)\b/i.test(text)) {
    return no("this is a web page or XML, whatever its name says", "the table saved as .xlsx or CSV");
  }
  return readCsv(text, headings);
}

function no(reason: string, expected: string): GridsRead {
  return { ok: false, row: 1, reason, expected };
}

/** In words, without the path, which the message names already. */
function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return "there is no such file or folder";
  if (code === "EACCES" || code === "EPERM") return "no permission to read it";
  if (code === "EISDIR") return "it is a folder";
  return error instanceof Error ? error.message : String(error);
}
