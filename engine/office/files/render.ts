/**
 * Writes problems as lines for people. The first line of each has the form that compilers use, so that editors can jump
 * to the place.
 */
import type { OfficeProblem } from "./read.js";

/** How severities are coloured; does nothing without a terminal. */
export interface Paint {
  error(text: string): string;
  warning(text: string): string;
  faint(text: string): string;
}

export const plainPaint: Paint = { error: (text) => text, warning: (text) => text, faint: (text) => text };

/** A problem of an office's files, or of another text with lines, which may have codes of its own. */
export type ShownProblem = Omit<OfficeProblem, "code"> & { readonly code: string };

/** All problems and their count; an empty text when there are none. */
export function renderProblems(problems: readonly ShownProblem[], paint: Paint = plainPaint): string {
  if (problems.length === 0) return "";
  return `${problems.map((problem) => renderProblem(problem, paint)).join("\n")}\n${renderCount(problems)}\n`;
}

function renderProblem(problem: ShownProblem, paint: Paint): string {
  const word = paint[problem.severity](problem.severity);
  const lines = [`${place(problem)}: ${word}: ${problem.message}`];
  if (problem.found !== undefined) lines.push(`  found: ${problem.found}`);
  if (problem.expected !== undefined) lines.push(`  expected: ${problem.expected}`);
  // A flow without an ending lacks a line; every other suggestion replaces something mistyped.
  const label = problem.code === "no_ending" ? "add" : "did you mean";
  if (problem.suggestion !== undefined) lines.push(`  ${label}: ${problem.suggestion}`);
  for (const other of problem.others ?? []) lines.push(paint.faint(`  ${place(other)}: ${other.note}`));
  return lines.join("\n");
}

function place({ file, line, column }: { file: string; line: number; column: number }): string {
  return `${file}:${line}:${column}`;
}

function renderCount(problems: readonly ShownProblem[]): string {
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const warnings = problems.length - errors;
  const parts = [errors > 0 ? count(errors, "error") : "", warnings > 0 ? count(warnings, "warning") : ""];
  return parts.filter((part) => part !== "").join(", ");
}

function count(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? "" : "s"}`;
}
