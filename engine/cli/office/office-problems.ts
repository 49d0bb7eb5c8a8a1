/** Shows the problems of an office's files, the same way in every command that reads them. */
import type { OfficeReading } from "../../office/files/read.js";
import { renderProblems } from "../../office/files/render.js";
import type { Terminal } from "../shared/terminal.js";

/** Problems for people, on standard error. */
export function showProblems(
  terminal: Terminal,
  { problems, omitted }: Pick<OfficeReading, "problems" | "omitted">,
): void {
  if (problems.length > 0) terminal.err(renderProblems(problems, terminal.paint));
  if (omitted > 0) terminal.err(`… and ${omitted} more\n`);
}

/** Problems for programs: the same fields in every command's `--json`. */
export function problemsJson(reading: OfficeReading) {
  return {
    errors: reading.problems.filter(({ severity }) => severity === "error"),
    warnings: reading.problems.filter(({ severity }) => severity === "warning"),
  };
}
