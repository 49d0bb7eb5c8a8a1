/**
 * Turns files of tables into one part of an office file, or names every fault of all of them.
 */
import {
  type Imported,
  type ImportOptions,
  importTable,
  refused,
  type TableProblem,
} from "./import-table.js";
import { type OfficeText, readOfficeTexts } from "./texts.js";
import { writeOfficeFile } from "./write.js";

/** A fault and its file. */
export interface FileProblem {
  readonly file: string;
  readonly problem: TableProblem;
}

export type TablesImported =
  | { readonly outcome: "imported"; readonly text: string; readonly warnings: readonly FileProblem[] }
  | { readonly outcome: "faulty"; readonly problems: readonly FileProblem[] };

/** Reads tables of users and of numbers; the columns of each table say which it is. */
export async function importTables(
  paths: readonly string[],
  options: ImportOptions,
): Promise<TablesImported> {
  const imported = (await readOfficeTexts(paths)).map(({ name, text, failure }) => ({
    file: name,
    result: failure === undefined ? importTable(text, options) : refused({ row: 1, message: failure.reason }),
  }));
  const problems = imported.flatMap(({ file, result }) =>
    result.problems.map((problem) => ({ file, problem })),
  );
  if (problems.length > 0) return { outcome: "faulty", problems };
  const warnings = imported.flatMap(({ file, result }) =>
    result.warnings.map((problem) => ({ file, problem })),
  );
  const text = writeOfficeFile(merge(imported.map(({ result }) => result.content)));
  return { outcome: "imported", text, warnings };
}

/** The text of one table, or why there is none. */
export async function readTable(path: string): Promise<OfficeText> {
  const [text] = await readOfficeTexts([path]);
  return text ?? { name: path, text: "", failure: { code: "no_files", reason: "nothing to read" } };
}

function merge(contents: readonly Imported["content"][]): Imported["content"] {
  const users = contents.flatMap((content) => content.users ?? []);
  const groups = contents.flatMap((content) => content.groups ?? []);
  const numbers = contents.flatMap((content) => content.numbers ?? []);
  return {
    ...(users.length === 0 ? {} : { users }),
    ...(groups.length === 0 ? {} : { groups }),
    ...(numbers.length === 0 ? {} : { numbers }),
  };
}
