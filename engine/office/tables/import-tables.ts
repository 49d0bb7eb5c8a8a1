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
import type { FindTarget } from "./numbers.js";
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

/** Tables of one import know each other: a person's own number is in one of numbers, and a number rings a person. */
function importFiles(
  files: readonly TableFile[],
  { country, columns, sheet, departments, office }: TablesOptions,
): readonly { readonly file: string; readonly result: Imported }[] {
  const known = office === undefined ? undefined : RoutingTable.of(office, 0);
  const alone: ImportOptions = {
    country: country ?? office?.country ?? "US",
    columns,
    sheet,
    departments,
    users: office?.users,
    groups: groupsOf(office),
    owns: (number) => known?.number(number) !== undefined,
  };
  const first = files.map((file) => importFile(file, alone));
  const kinds = new Set(first.map(({ kind }) => kind));
  if (!kinds.has("numbers"))
    return files.map(({ name }, index) => ({ file: name, result: at(first, index) }));
  const own = new Set(first.flatMap(({ numbers }) => numbers.map(({ number }) => number)));
  const owns = (number: string) => own.has(number) || alone.owns?.(number) === true;
  const people = files.map((file, index) =>
    at(first, index).kind === "users" ? importFile(file, { ...alone, owns }) : at(first, index),
  );
  const findTarget = targetFinder(people, office);
  return files.map((file, index) => {
    const result = at(people, index);
    const isOfNumbers = result.kind === "numbers";
    return { file: file.name, result: isOfNumbers ? importFile(file, { ...alone, findTarget }) : result };
  });
}

function at(list: readonly Imported[], index: number): Imported {
  const imported = list[index];
  if (imported === undefined) throw new Error("a file that was not read");
  return imported;
}

/** Users and groups by what people call them: username or id, name, e-mail address. A name of two is nobody's. */
export function targetFinder(tables: readonly Imported[], office: Office | undefined): FindTarget {
  const targets = new Map<string, string | undefined>();
  const add = (name: string | undefined, target: string) => {
    const key = name?.trim().toLowerCase();
    if (key === undefined) return;
    const before = targets.has(key) ? targets.get(key) : target;
    targets.set(key, before === target ? target : undefined);
  };
  const users = [...(office?.users ?? []), ...tables.flatMap(({ people }) => people.people)];
  const groups = [...(office?.groups ?? []), ...tables.flatMap(({ people }) => people.groups)];
  for (const { username, name, email } of users)
    for (const each of new Set([username, name, email])) add(each, `user:${username}`);
  for (const { id, name } of groups) for (const each of new Set([id, name])) add(each, `group:${id}`);
  return (written) => targets.get(written.trim().toLowerCase());
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
