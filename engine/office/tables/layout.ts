/**
 * Finds in a sheet the row of headings, the kind of the table and the field of each column. People write titles above the
 * headings, leave columns empty, and keep more of a person than an office has a place for.
 */
import { suggest } from "../../../policy/office-file/suggest.js";
import { columnLetters, type Grid, type GridRow } from "./grid.js";
import { fieldNames, fieldOf, IGNORED, isOther, type TableKind, weakFieldOf } from "./headings.js";
import type { ProblemList } from "./problems.js";

/** Titles and notes above the headings have no more rows. */
const HEADING_ROW_MAX = 60;

/** Fields that only a table of users has, or that say a person. */
const OF_PEOPLE = [
  "username",
  "first_name",
  "last_name",
  "email",
  "mobile",
  "extension",
  "groups",
  "sip",
  "devices",
  "admin",
  "permissions",
  "suspended",
] as const;
/** A person may be in more than one group, have more than one device, and so on: several columns may hold these. */
const MANY = new Set(["groups", "devices", "permissions"]);

export interface Column {
  /** Counts from 0. */
  readonly index: number;
  /** As it stands in the file; the letters of the column if it has none. */
  readonly heading: string;
  readonly field: string;
}

export interface Layout {
  readonly kind: TableKind;
  readonly columns: readonly Column[];
  /** The row of headings. */
  readonly row: number;
  /** The rows below it that are not empty. */
  readonly rows: readonly GridRow[];
  /** The number of columns that have a heading or a field. */
  readonly width: number;
  /** Headings of columns that an office has no place for. */
  readonly leftOut: readonly string[];
}

/** What operators say of headings: heading to field, or to {@link IGNORED}. */
export type Mapping = ReadonlyMap<string, string>;

/** How many headings of a table are in a row. */
export function countHeadings(cells: readonly string[], mapping: Mapping): number {
  const known = (kind: TableKind) =>
    cells.filter((cell) => cell !== "" && (mapping.has(cell) || fieldOf(kind, cell) !== undefined)).length;
  return Math.max(known("users"), known("numbers"));
}

/** Undefined: no row of the sheet has headings of users or of numbers. */
export function layoutOf(grid: Grid, mapping: Mapping, problems: ProblemList): Layout | undefined {
  const heading = headingRow(grid, mapping);
  if (heading === undefined) return undefined;
  const { row, cells } = heading;
  const kind = kindOf(cells, mapping);
  if (kind === undefined) return undefined;
  const below = grid.rows.filter(
    (each) => each.row > row && each.cells.some((cell) => cell !== "") && !isRepeated(each.cells, cells),
  );
  const fields = fieldsOf(cells, kind, mapping, below, row, problems);
  const columns = fields.flatMap((field, index) =>
    field === undefined ? [] : [{ index, heading: headingAt(cells, index), field }],
  );
  const leftOut = cells.filter(
    (cell, index) => cell !== "" && fields[index] === undefined && !mapping.has(cell) && isOther(cell),
  );
  return { kind, columns, row, rows: below, width: cells.length, leftOut };
}

/** Some programs print the headings again on each page. */
function isRepeated(cells: readonly string[], headings: readonly string[]): boolean {
  return cells.length === headings.length && cells.every((cell, index) => cell === headings[index]);
}

function headingAt(cells: readonly string[], index: number): string {
  const heading = (cells[index] ?? "").replaceAll(/\s+/g, " ");
  return heading === "" ? columnLetters(index) : heading;
}

function headingRow(grid: Grid, mapping: Mapping): GridRow | undefined {
  const candidates = grid.rows
    .filter(({ cells }) => cells.some((cell) => cell !== ""))
    .slice(0, HEADING_ROW_MAX);
  let best: GridRow | undefined;
  let most = 0;
  for (const candidate of candidates) {
    const found = countHeadings(candidate.cells, mapping);
    if (found > most) [best, most] = [candidate, found];
  }
  return best;
}

function kindOf(cells: readonly string[], mapping: Mapping): TableKind | undefined {
  const has = (kind: TableKind, field: string) =>
    cells.some((cell) => (mapping.get(cell) ?? fieldOf(kind, cell)) === field);
  const people = OF_PEOPLE.filter((field) => has("users", field));
  const isNumbers = has("numbers", "number");
  if (has("users", "username")) return "users";
  // `Number, Name` is a table of numbers with labels; `Name, Phone number, E-mail` is one of people.
  if (isNumbers && (people.length === 0 || has("numbers", "target") || has("numbers", "flow")))
    return "numbers";
  const isNamed =
    has("users", "name") || has("users", "last_name") || has("users", "first_name") || has("users", "email");
  if (isNamed && (people.length > 0 || has("users", "phone") || !isNumbers)) return "users";
  return isNumbers ? "numbers" : undefined;
}

function fieldsOf(
  cells: readonly string[],
  kind: TableKind,
  mapping: Mapping,
  below: readonly GridRow[],
  row: number,
  problems: ProblemList,
): readonly (string | undefined)[] {
  const isEmpty = (index: number) => below.every((each) => (each.cells[index] ?? "") === "");
  const fields = cells.map((heading, index) => {
    const mapped = mapping.get(heading === "" ? columnLetters(index) : heading);
    if (mapped !== undefined) return mappedField(kind, mapped, heading, row, problems);
    const field = heading === "" ? undefined : fieldOf(kind, heading);
    if (field !== undefined || isEmpty(index) || (heading !== "" && isOther(heading))) return field;
    if (heading === "") noHeading(index, below, problems);
    else unknown(heading, kind, row, problems);
    return undefined;
  });
  const whole = withWeakFields(fields, cells, kind, mapping);
  const used = whole.map((field, index) =>
    field !== undefined && isDouble(whole, index) && isEmpty(index) ? undefined : field,
  );
  for (const [index, field] of used.entries()) {
    if (field === undefined || MANY.has(field) || used.indexOf(field) === index) continue;
    problems.add({
      row,
      column: headingAt(cells, index),
      message: "two columns hold the same field",
      found: `${headingAt(cells, used.indexOf(field))} and ${headingAt(cells, index)} are both ${field}`,
      expected: `one column; --map '${headingAt(cells, index)}=${IGNORED}' leaves the second out`,
    });
  }
  return used;
}

function isDouble(fields: readonly (string | undefined)[], index: number): boolean {
  return fields.some((field, other) => other !== index && field === fields[index]);
}

function mappedField(
  kind: TableKind,
  mapped: string,
  heading: string,
  row: number,
  problems: ProblemList,
): string | undefined {
  if (mapped === IGNORED) return undefined;
  const field = fieldOf(kind, mapped);
  if (field !== undefined) return field;
  unknown(mapped, kind, row, problems, heading);
  return undefined;
}

/** A column such as User principal name counts as the address where no other column does. */
function withWeakFields(
  fields: readonly (string | undefined)[],
  cells: readonly string[],
  kind: TableKind,
  mapping: Mapping,
): readonly (string | undefined)[] {
  const taken = new Set(fields);
  return fields.map((field, index) => {
    const heading = cells[index] ?? "";
    const weak = field === undefined && !mapping.has(heading) ? weakFieldOf(kind, heading) : undefined;
    if (weak === undefined || taken.has(weak)) return field;
    taken.add(weak);
    return weak;
  });
}

function noHeading(index: number, below: readonly GridRow[], problems: ProblemList): void {
  for (const { row, cells } of below) {
    const found = cells[index] ?? "";
    if (found === "") continue;
    problems.add({
      row,
      column: columnLetters(index),
      message: "there are values below no heading",
      found,
      expected: "a heading above the column, or an empty column",
    });
  }
}

/** @param heading of the column, if a mapping names the field that nobody knows */
function unknown(said: string, kind: TableKind, row: number, problems: ProblemList, heading = said): void {
  const known = fieldNames(kind);
  const suggestion = suggest(said.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_"), known);
  problems.add({
    row,
    column: heading,
    message: said === heading ? "nobody knows this column" : `there is no field ${said}`,
    expected: `one of ${known.join(", ")}; --map '${heading}=FIELD', or --map '${heading}=${IGNORED}' to leave it out`,
    ...(suggestion === undefined ? {} : { suggestion }),
  });
}
