/** What the commands that read tables share: how columns are mapped, and how a table's faults are shown. */
import { InvalidArgumentError } from "commander";
import type { TableProblem } from "../../office/files/import-table.js";
import { type Paint, plainPaint } from "../../office/files/render.js";

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

/** The lines of one fault, beginning with its row and column. */
export function tableProblemText(
  file: string,
  problem: TableProblem,
  paint: Paint = plainPaint,
  severity: "error" | "warning" = "error",
): string {
  const column = problem.column === undefined ? "" : `, column ${problem.column}`;
  const lines = [`${file}: row ${problem.row}${column}: ${paint[severity](severity)}: ${problem.message}`];
  if (problem.found !== undefined) lines.push(`  found: ${problem.found}`);
  if (problem.expected !== undefined) lines.push(`  expected: ${problem.expected}`);
  if (problem.suggestion !== undefined) lines.push(`  did you mean: ${problem.suggestion}`);
  return `${lines.join("\n")}\n`;
}
