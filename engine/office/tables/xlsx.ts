/**
 * Reads the sheets of an .xlsx file. The library `read-excel-file` understands the format; what it gets is unpacked and
 * looked through first, because it would fill a row up to the cell `XFD1`, and a sheet down to row 1,048,576, if a file says
 * that there is a value.
 */
import { crc32 } from "node:zlib";
import readWorkbook from "read-excel-file/universal";
import {
  COLUMNS_MAX,
  cleanText,
  type Damage,
  type Grid,
  type GridRow,
  type GridsRead,
  placeOf,
  ROWS_MAX,
} from "./grid.js";
import { unzip } from "./zip.js";

/** All sheets together; empty cells between others count. */
const CELLS_MAX = 12_000_000;
const SHEETS_MAX = 100;
/** A quantity with more digits is rounded by the spreadsheet. */
const EXACT_MAX = 1e15;

export async function readXlsx(bytes: Uint8Array): Promise<GridsRead> {
  const unzipped = unzip(bytes, (name) => /\.xml(?:\.rels)?$/.test(name));
  if (!unzipped.ok) return refusal(unzipped.reason);
  const { entries } = unzipped;
  if (!entries.has("xl/workbook.xml")) return refusal(otherFormat(entries), "an .xlsx or a CSV file");
  const checked = checkedEntries(entries);
  if ("reason" in checked) return checked;
  try {
    const sheets = await readWorkbook(stored(checked.entries), { parseNumber: (text) => new Quantity(text) });
    return { ok: true, grids: sheets.map(({ sheet, data }) => gridOf(sheet, data)) };
  } catch (error) {
    // The library throws whatever the content of a broken or hostile file makes it throw.
    return refusal(
      `the file cannot be read as .xlsx: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function refusal(reason: string, expected?: string) {
  return { ok: false, row: 1, reason, ...(expected === undefined ? {} : { expected }) } as const;
}

function otherFormat(entries: ReadonlyMap<string, Uint8Array>): string {
  if (entries.has("content.xml")) return "this is an OpenDocument file";
  return entries.has("word/document.xml") ? "this is a text document" : "this is no .xlsx file";
}

type Checked = { readonly entries: ReadonlyMap<string, Uint8Array> } | ReturnType<typeof refusal>;

/** The entries with their sheets made readable, or what is too much. */
function checkedEntries(entries: ReadonlyMap<string, Uint8Array>): Checked {
  const sheets = [...entries].filter(([name]) => /(?:^|\/)worksheets\/[^/]+\.xml$/.test(name));
  if (sheets.length > SHEETS_MAX) return refusal(`the file has more than ${SHEETS_MAX} sheets`);
  const checked = new Map(entries);
  let cells = 0;
  for (const [name, content] of sheets) {
    const xml = readable(new TextDecoder().decode(content));
    const size = sizeOf(xml);
    if (size === undefined) return refusal("a sheet has cells without a proper address");
    if (size.rows > ROWS_MAX) return refusal(`a sheet has values below row ${ROWS_MAX}`);
    if (size.columns > COLUMNS_MAX) return refusal(`a sheet has values in more than ${COLUMNS_MAX} columns`);
    cells += size.rows * size.columns;
    if (cells > CELLS_MAX) return refusal(`the sheets have more than ${CELLS_MAX} cells`);
    checked.set(name, new TextEncoder().encode(xml));
  }
  return { entries: checked };
}

/** Cells with a format and no value; spreadsheets write them to the last column. */
const EMPTY_CELL = /<(?:\w+:)?c\s[^<>]*\/>/g;
/** A row that has no cells any more; LibreOffice writes the last one that a sheet can have. */
const EMPTY_ROW = /<(\w+:)?row(?:\s[^<>]*)?(?:\/>|>\s*<\/\1row>)/g;
/** The library leaves out cells with an error; as texts they can be refused in words. */
const ERROR_CELL = /(<(?:\w+:)?c\s[^<>]*?)\bt="e"/g;
/** A formula that no spreadsheet has calculated yet. */
const FORMULA_CELL =
  /<((?:\w+:)?c)(\s[^<>]*?)(?:\st="\w*")?(\s[^<>]*?)?>\s*<((?:\w+:)?f)(?:\s[^<>]*)?(?:\/>|>([^<]*)<\/\4>)\s*(?:<(?:\w+:)?v\s*\/>)?\s*<\/\1>/g;

function readable(xml: string): string {
  return xml
    .replace(EMPTY_CELL, "")
    .replace(ERROR_CELL, '$1t="str"')
    .replace(
      FORMULA_CELL,
      (_all, cell: string, before: string, after: string | undefined, _f, formula: string | undefined) =>
        `<${cell}${before} t="str"${after ?? ""}><v>=${formula ?? ""}</v></${cell}>`,
    )
    .replace(EMPTY_ROW, "");
}

/** Each attribute that the library takes for an address, whatever stands before its name; `xmlns:r` is a name of another kind. */
const ADDRESS = /(?:["'\s]|(?<!xmlns):)r\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** How many rows and columns the library would make; undefined: an address is none. */
function sizeOf(xml: string): { readonly rows: number; readonly columns: number } | undefined {
  let rows = xml.match(/<(?:\w+:)?row[\s/>]/g)?.length ?? 0;
  let columns = 0;
  for (const [, quoted, apostrophed] of xml.matchAll(ADDRESS)) {
    const address = /^([A-Z]{0,3})(\d{1,7})$/.exec(quoted ?? apostrophed ?? "");
    if (address === null) return undefined;
    rows = Math.max(rows, Number(address[2]));
    columns = Math.max(columns, columnOf(address[1] ?? ""));
  }
  return { rows, columns };
}

function columnOf(letters: string): number {
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}

function gridOf(sheet: string, data: readonly (readonly unknown[])[]): Grid {
  const damaged = new Map<string, Damage>();
  const rows: GridRow[] = data.map((values, index) => ({
    row: index + 1,
    cells: values.map((value, column) => {
      if (value instanceof Date) {
        damaged.set(placeOf(index + 1, column), "date");
        return value.toISOString().slice(0, 10);
      }
      return cellText(value);
    }),
  }));
  return { sheet, rows, damaged };
}

/** A number as the file has it, which may be a phone number. */
class Quantity {
  constructor(readonly written: string) {}
}

/** A phone number that was typed as a quantity has all its digits, however the file writes it, unless there are too many. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (!(value instanceof Quantity)) return cleanText(String(value));
  const quantity = Number(value.written);
  if (!Number.isInteger(quantity)) return value.written;
  return Math.abs(quantity) < EXACT_MAX ? String(quantity) : quantity.toExponential();
}

const LOCAL_BYTES = 30;
const ENTRY_BYTES = 46;
const END_BYTES = 22;

/** The entries as an archive without compression, which is what the library reads. */
function stored(entries: ReadonlyMap<string, Uint8Array>): ArrayBuffer {
  const names = [...entries].map(([name, content]) => ({
    name: Buffer.from(name),
    content,
    crc: crc32(content),
  }));
  const length = names.reduce(
    (sum, { name, content }) => sum + LOCAL_BYTES + ENTRY_BYTES + 2 * name.length + content.length,
    END_BYTES,
  );
  const archive = new ArrayBuffer(length);
  const view = Buffer.from(archive);
  let at = 0;
  const places = names.map(({ name, content, crc }) => {
    const place = at;
    view.writeUInt32LE(0x04034b50, at);
    view.writeUInt32LE(crc, at + 14);
    view.writeUInt32LE(content.length, at + 18);
    view.writeUInt32LE(content.length, at + 22);
    view.writeUInt16LE(name.length, at + 26);
    view.set(name, at + LOCAL_BYTES);
    view.set(content, at + LOCAL_BYTES + name.length);
    at += LOCAL_BYTES + name.length + content.length;
    return place;
  });
  const directory = at;
  for (const [index, { name, content, crc }] of names.entries()) {
    view.writeUInt32LE(0x02014b50, at);
    view.writeUInt32LE(crc, at + 16);
    view.writeUInt32LE(content.length, at + 20);
    view.writeUInt32LE(content.length, at + 24);
    view.writeUInt16LE(name.length, at + 28);
    view.writeUInt32LE(places[index] ?? 0, at + 42);
    view.set(name, at + ENTRY_BYTES);
    at += ENTRY_BYTES + name.length;
  }
  view.writeUInt32LE(0x06054b50, at);
  view.writeUInt16LE(names.length, at + 8);
  view.writeUInt16LE(names.length, at + 10);
  view.writeUInt32LE(at - directory, at + 12);
  view.writeUInt32LE(directory, at + 16);
  return archive;
}
