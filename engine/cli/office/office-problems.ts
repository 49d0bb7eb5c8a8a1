/**
 * Shows what is wrong with an office's files, the same way in every command that reads them.
 */
import type { OfficeReading } from "../../office/files/read.js";
import { renderProblems } from "../../office/files/render.js";
import type { Terminal } from "../shared/terminal.js";

/** Problems as people read them, on the terminal's error side. */
export function showProblems(terminal: Terminal, { problems, omitted }: OfficeReading): void {
  if (problems.length > 0) terminal.err(renderProblems(problems, terminal.paint));
  if (omitted > 0) terminal.err(`… and ${omitted} more\n`);
}

/** Problems as programs read them: the same fields in every command's `--json`. */
export function problemsJson(reading: OfficeReading) {
  return {
    errors: reading.problems.filter(({ severity }) => severity === "error"),
    warnings: reading.problems.filter(({ severity }) => severity === "warning"),
  };
}
