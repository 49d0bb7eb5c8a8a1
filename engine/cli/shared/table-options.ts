/** What the commands that read tables share: how columns are mapped, which groups departments are, and how a table's faults are shown. */
import { InvalidArgumentError } from "commander";
import { type Paint, plainPaint } from "../../office/files/render.js";
import type { TableProblem } from "../../office/tables/problems.js";

/** Reads `HEADING=FIELD` and adds it to the mappings before it. */
export function columnMapping(
  text: string,
  before: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const equals = text.lastIndexOf("=");
  if (equals < 1 || equals === text.length - 1)
    throw new InvalidArgumentError("Not of the form HEADING=FIELD.");
  return new Map([...before, [text.slice(0, equals), text.slice(equals + 1)]]);
}

/** Reads `DEPARTMENT=GROUP` and adds it to what was said of departments before it. */
export function departmentGroup(
  text: string,
  before: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const equals = text.lastIndexOf("=");
  if (equals < 1 || equals === text.length - 1)
    throw new InvalidArgumentError("Not of the form DEPARTMENT=GROUP.");
  return new Map([...before, [text.slice(0, equals), text.slice(equals + 1)]]);
}

/** The lines of one fault, beginning with its rows and column. */
export function tableProblemText(
  file: string,
  problem: TableProblem,
  paint: Paint = plainPaint,
  severity: "error" | "warning" = "error",
): string {
  const column = problem.column === undefined ? "" : `, column ${problem.column}`;
  const lines = [`${file}: ${rowsText(problem)}${column}: ${paint[severity](severity)}: ${problem.message}`];
  const found = foundText(problem);
  if (found !== undefined) lines.push(`  found: ${found}`);
  if (problem.expected !== undefined) lines.push(`  expected: ${problem.expected}`);
  if (problem.suggestion !== undefined) lines.push(`  did you mean: ${problem.suggestion}`);
  return `${lines.join("\n")}\n`;
}

/** For example `row 2`, `rows 2 and 5`, or `rows 2, 3, 4 and 247 more`. */
function rowsText({ row, count = 1, examples = [] }: TableProblem): string {
  if (count === 1) return `row ${row}`;
  const shown = examples.map((example) => String(example.row));
  const last = count > shown.length ? `${count - shown.length} more` : shown.pop();
  return `rows ${shown.join(", ")} and ${last}`;
}

function foundText({ found, count = 1, examples = [] }: TableProblem): string | undefined {
  if (count === 1 || found === undefined) return found;
  const all = examples.map((example) => example.found);
  if (all.every((each) => each === found)) return `${found} in ${count} rows`;
  return examples.map((example) => `${example.found} (row ${example.row})`).join(", ");
}
