/** Turns files of tables into one part of an office file, or names every fault of all of them. */
import { BUILT_IN_GROUPS, builtInGroup } from "../../../policy/office/built-in.js";
import type { Office } from "../../../policy/office/office.js";
import { RoutingTable } from "../../../policy/routing/table.js";
import { writeOfficeFile } from "../files/write.js";
import { questionProblem } from "./departments.js";
import {
  contentOf,
  headingsWith,
  type Imported,
  type ImportOptions,
  importTable,
  refused,
} from "./import-table.js";
import type { Mapping } from "./layout.js";
import type { TableProblem } from "./problems.js";
import { readTable, type TableFile } from "./read-table.js";

/** A fault and its file. */
export interface FileProblem {
  readonly file: string;
  readonly problem: TableProblem;
}

export type TablesImported =
  | { readonly outcome: "imported"; readonly text: string; readonly warnings: readonly FileProblem[] }
  | { readonly outcome: "faulty"; readonly problems: readonly FileProblem[] };

export interface TablesOptions {
  /** Left out: the country of the office, or US. */
  readonly country?: string | undefined;
  readonly columns: Mapping;
  readonly sheet?: string | undefined;
  readonly departments?: ReadonlyMap<string, string> | undefined;
  /** The office as it is: its users keep their usernames, and its groups are joined. */
  readonly office?: Office | undefined;
}

/** Reads tables of users and of numbers; the columns of each table say which it is. */
export async function importTables(
  paths: readonly string[],
  options: TablesOptions,
): Promise<TablesImported> {
  const files: TableFile[] = [];
  for (const path of paths) files.push(await readTable(path, headingsWith(options.columns)));
  const imported = importFiles(files, options);
  const problems = imported.flatMap(({ file, result }) =>
    [...result.problems, ...result.questions.map(questionProblem)].map((problem) => ({ file, problem })),
  );
  if (problems.length > 0) return { outcome: "faulty", problems };
  const warnings = imported.flatMap(({ file, result }) =>
    result.warnings.map((problem) => ({ file, problem })),
  );
  const text = writeOfficeFile(contentOf(imported.map(({ result }) => result)));
  return { outcome: "imported", text, warnings };
}

/** Numbers come first: a person's own number is one of them. */
function importFiles(
  files: readonly TableFile[],
  { country, columns, sheet, departments, office }: TablesOptions,
): readonly { readonly file: string; readonly result: Imported }[] {
  const known = office === undefined ? undefined : RoutingTable.of(office, 0);
  const options: ImportOptions = {
    country: country ?? office?.country ?? "US",
    columns,
    sheet,
    departments,
    users: office?.users,
    groups: groupsOf(office),
    owns: (number) => known?.number(number) !== undefined,
  };
  const first = files.map((file) => importFile(file, options));
  const own = new Set(first.flatMap(({ numbers }) => numbers.map(({ number }) => number)));
  const owns = (number: string) => own.has(number) || options.owns?.(number) === true;
  return files.map((file, index) => {
    const result = first[index];
    const isOfNumbers = result === undefined || result.kind !== "users" || own.size === 0;
    return {
      file: file.name,
      result: isOfNumbers ? (result ?? importFile(file, options)) : importFile(file, { ...options, owns }),
    };
  });
}

export function importFile({ read }: TableFile, options: ImportOptions): Imported {
  if ("unreadable" in read) return refused({ row: 1, message: read.unreadable });
  return importTable(read, options);
}

/** The groups of an office by their names, built-in ones included. */
export function groupsOf(
  office: Office | undefined,
): readonly { readonly id: string; readonly name: string }[] {
  const groups = office?.groups ?? [];
  const builtIn = BUILT_IN_GROUPS.filter((id) => !groups.some((group) => group.id === id));
  return [...groups, ...builtIn.flatMap((id) => builtInGroup(id) ?? [])];
}
