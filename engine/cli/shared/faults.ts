/**
 * Writes the faults of an office that was changed by command as lines for people. There is no file to point into, so
 * each place is described in words.
 */
import type { Fault } from "../../../policy/change/edit.js";

/** At most this many faults are shown; a table of a thousand users may have one in each row. */
const FAULTS_MAX = 50;

/** One or more lines for each fault; empty when there is none. */
export function faultLines(faults: readonly Fault[]): string {
  const lines = faults.slice(0, FAULTS_MAX).flatMap(linesOf);
  if (faults.length > FAULTS_MAX) lines.push(`  … and ${faults.length - FAULTS_MAX} more`);
  return lines.map((line) => `${line}\n`).join("");
}

function linesOf({ where, message, found, expected, suggestion }: Fault): string[] {
  return [
    `  ${where === "" ? "" : `${where}: `}${message}`,
    ...(found === undefined ? [] : [`      found: ${found}`]),
    ...(expected === undefined ? [] : [`      expected: ${expected}`]),
    ...(suggestion === undefined ? [] : [`      did you mean: ${suggestion}`]),
  ];
}

/** The same for programs. The words of the place are enough, since a command has no form with fields. */
export function faultsJson<F extends Fault>(faults: readonly F[]): readonly Omit<F, "at">[] {
  return faults.map(({ at: _at, ...fault }) => fault);
}
