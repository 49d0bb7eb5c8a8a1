/**
 * Reads a table of users or of numbers, because most offices keep them in a spreadsheet before they begin. Every fault is named
 * by row and column; of a table with a fault nothing is taken.
 */
import type { KnownGroup } from "../../../policy/change/departments.js";
import { peopleContent } from "../../../policy/change/people-content.js";
import type { People } from "../../../policy/change/person.js";
import { given } from "../../../policy/office/optional.js";
import type { NumberFile, OfficeFileContent } from "../../../policy/office-file/export.js";
import { type Ambiguous, ambiguousWarning, type CellRules } from "./cells.js";
import type { Grid, GridsRead } from "./grid.js";
import type { TableKind } from "./headings.js";
import { countHeadings, type Layout, layoutOf, type Mapping } from "./layout.js";
import { type FindTarget, NumbersReader } from "./numbers.js";
import { type DepartmentQuestion, type KnownUser, PeopleReader } from "./people.js";
import { ProblemList, type TableProblem } from "./problems.js";

export interface ImportOptions {
  /** The country by which numbers without a country code are read. */
  readonly country: string;
  /** Headings to fields, or to `-`; beats what the heading itself would mean. */
  readonly columns: Mapping;
  /** The sheet to read, by its name; left out: the only one that is a table of users or numbers. */
  readonly sheet?: string | undefined;
  /** Whether a number is one of the office to which the table is added; left out: the office is not known. */
  readonly owns?: ((number: string) => boolean) | undefined;
  /** The users and groups that the office has already. */
  readonly users?: readonly KnownUser[] | undefined;
  readonly groups?: readonly KnownGroup[] | undefined;
  /** Finds the user or group that a table of numbers names in its own words. */
  readonly findTarget?: FindTarget | undefined;
  /** What was said of departments: title to group id, or to `-`. */
  readonly departments?: ReadonlyMap<string, string> | undefined;
}

export interface Imported {
  /** Undefined: the file has no table. */
  readonly kind: TableKind | undefined;
  readonly people: People;
  readonly numbers: readonly NumberFile[];
  readonly problems: readonly TableProblem[];
  /** What was read in one of several ways, and columns that were left out. */
  readonly warnings: readonly TableProblem[];
  /** Departments that may be groups of the office. While there are any, nothing is to be taken. */
  readonly questions: readonly DepartmentQuestion[];
}

const NOBODY: People = { people: [], groups: [] };
const NOTHING = { kind: undefined, people: NOBODY, numbers: [], warnings: [], questions: [] } as const;

/** Reads one file. Its columns say whether it lists users or numbers. */
export function importTable(read: GridsRead, options: ImportOptions): Imported {
  if (!read.ok) {
    const { row, reason, found, expected } = read;
    return refused({ row, message: reason, ...given({ found, expected }) });
  }
  const chosen = chosenGrid(read.grids, options);
  return "problem" in chosen ? refused(chosen.problem) : importGrid(chosen.grid, options, chosen.others);
}

/** A table of which nothing was read. */
export function refused(problem: TableProblem): Imported {
  return { ...NOTHING, problems: [problem] };
}

/** What a table of users and of numbers says in the words of an office file. */
export function contentOf(
  tables: readonly Imported[],
): Pick<OfficeFileContent, "users" | "groups" | "numbers"> {
  const people = {
    people: tables.flatMap((table) => table.people.people),
    groups: tables.flatMap((table) => table.people.groups),
  };
  const { users, groups } = peopleContent(people);
  const numbers = tables.flatMap((table) => table.numbers);
  return {
    ...(users.length === 0 ? {} : { users: [...users] }),
    ...(groups.length === 0 ? {} : { groups: [...groups] }),
    ...(numbers.length === 0 ? {} : { numbers }),
  };
}

type Chosen =
  | { readonly grid: Grid; readonly others: readonly string[] }
  | { readonly problem: TableProblem };

function chosenGrid(grids: readonly Grid[], { sheet, columns }: ImportOptions): Chosen {
  const names = grids.flatMap((grid) => (grid.sheet === undefined ? [] : [grid.sheet]));
  if (sheet !== undefined) {
    const grid =
      grids.find((each) => each.sheet === sheet) ?? grids.find((each) => isSame(each.sheet, sheet));
    if (grid !== undefined) return { grid, others: [] };
    return {
      problem: {
        row: 1,
        message: `there is no sheet ${sheet}`,
        expected: names.length === 0 ? "no --sheet: this file has no sheets" : `one of ${names.join(", ")}`,
      },
    };
  }
  const [first, ...more] = grids.filter((grid) => isTable(grid, columns));
  if (first === undefined) return { problem: noTable(grids) };
  if (more.length === 0) return { grid: first, others: names.filter((name) => name !== first.sheet) };
  const tables = [first, ...more].map((grid) => grid.sheet).join(", ");
  return {
    problem: {
      row: 1,
      message: "more than one sheet is a table of users or numbers",
      found: tables,
      expected: `--sheet NAME with one of them`,
    },
  };
}

function isSame(name: string | undefined, sheet: string): boolean {
  return name?.trim().toLowerCase() === sheet.trim().toLowerCase();
}

function isTable(grid: Grid, mapping: Mapping): boolean {
  return layoutOf(grid, mapping, new ProblemList()) !== undefined;
}

function noTable(grids: readonly Grid[]): TableProblem {
  if (grids.every(({ rows }) => rows.every(({ cells }) => cells.every((cell) => cell === "")))) {
    return { row: 1, message: "the file is empty" };
  }
  return {
    row: 1,
    message: "this is no table of users or numbers",
    expected:
      "a column username, name, or first and last name (a table of users), or number (a table of numbers); see --map",
  };
}

function importGrid(grid: Grid, options: ImportOptions, others: readonly string[]): Imported {
  const problems = new ProblemList();
  const layout = layoutOf(grid, options.columns, problems);
  if (layout === undefined) return refused(noTable([grid]));
  const ambiguous = new Map<string, Ambiguous>();
  const { country, owns = () => false } = options;
  const rules: CellRules = { layout, grid, country, owns, problems, ambiguous };
  const read = layout.kind === "users" ? readPeople(rules, options) : readNumbers(rules, options);
  const warnings = [...[...ambiguous.values()].map(ambiguousWarning), ...leftOut(layout, others)];
  if (problems.hasAny) {
    const questions = "questions" in read ? read.questions : [];
    return { ...NOTHING, kind: layout.kind, problems: problems.all(), warnings, questions };
  }
  return { ...NOTHING, kind: layout.kind, problems: [], warnings, ...read };
}

function readPeople(rules: CellRules, options: ImportOptions): Pick<Imported, "people" | "questions"> {
  const { users = [], groups = [], departments = new Map() } = options;
  const reader = new PeopleReader(rules, { users, groups, departments });
  eachRow(rules, (row, cells) => reader.read(row, cells));
  return reader.finish();
}

function readNumbers(rules: CellRules, { findTarget }: ImportOptions): Pick<Imported, "numbers"> {
  const reader = new NumbersReader(rules, findTarget ?? (() => undefined));
  eachRow(rules, (row, cells) => reader.read(row, cells));
  return { numbers: reader.finish() };
}

function eachRow(
  { layout, problems }: CellRules,
  read: (row: number, cells: readonly string[]) => void,
): void {
  for (const { row, cells } of layout.rows) {
    const width = cells.findLastIndex((cell) => cell !== "") + 1;
    if (width <= layout.width) {
      read(row, cells);
      continue;
    }
    problems.add({
      row,
      message: "the row has more cells than the header",
      found: `${width} cells`,
      expected: `${layout.width}; quotes around cells that hold a comma`,
    });
  }
}

function leftOut({ row, leftOut: headings }: Layout, sheets: readonly string[]): TableProblem[] {
  const columns = headings.map((heading) => heading.replaceAll(/\s+/g, " ")).join(", ");
  return [
    ...(headings.length === 0
      ? []
      : [
          {
            row,
            message: `an office has no place for ${columns}; left out`,
            expected: "--map 'HEADING=FIELD' to take a column as something else",
          },
        ]),
    ...(sheets.length === 0
      ? []
      : [
          {
            row,
            message: `other sheets were not read: ${sheets.join(", ")}`,
            expected: "--sheet NAME to read another",
          },
        ]),
  ];
}

/** How many headings of a table are in a row of cells, for telling separators apart. */
export function headingsWith(mapping: Mapping): (cells: readonly string[]) => number {
  return (cells) => countHeadings(cells, mapping);
}
