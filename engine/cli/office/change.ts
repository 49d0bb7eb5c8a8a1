/** What all commands that change the live office share: their options, and how they report the result. */
import type { Command } from "commander";
import type { Edit } from "../../../policy/change/edits/types.js";
import type {
  Changed,
  ChangeRequest,
  Conflict,
  HasMessages,
  OfficeChanged,
  Refused,
} from "../../office/changes/change.js";
import { editOfficeBy } from "../../office/changes/edits.js";
import type { EditsOf } from "../../office/changes/part.js";
import type { DatabaseFailed, Deps } from "../../use-case.js";
import { wholeNumber } from "../shared/arguments.js";
import { EXIT_FAILED, EXIT_OK } from "../shared/command.js";
import { faultLines, faultsJson } from "../shared/faults.js";
import type { Terminal } from "../shared/terminal.js";
import {
  type DatabaseOptions,
  type Ended,
  onDatabase,
  readingDatabase,
  sayNoOffice,
} from "../shared/use-case.js";
import { MADE, renderDiff } from "./diff-text.js";
import { sayPlan } from "./plan.js";
import { sayApplied } from "./say-applied.js";

/** The options of every command that changes the office. */
export interface ChangeOptions extends DatabaseOptions {
  readonly message?: string;
  readonly expect?: number;
  readonly dryRun?: boolean;
}

/** Lines of the difference shown at most; `ringline diff` has all of it. */
export const DIFFERENCE_LINES_MAX = 40;

/** Adds the options of {@link ChangeOptions} to a command. */
export function changing(command: Command): Command {
  return changeOptions(command.requiredOption("--db <file>", "the database")).option(
    "--json",
    "print one JSON object: { ok, outcome, revision, summary, changes, reach }; or a plan's",
  );
}

/** The same for a command that has options of its own for the database and for programs. */
export function changeOptions(command: Command): Command {
  return command
    .option("--message <text>", "why, for the history")
    .option("--expect <revision>", "refuse when another revision than this is live", wholeNumber)
    .option("--dry-run", "only show the plan: what would change; exit code 2 if anything would");
}

/** The author of a command's change, and its conditions. */
function requestOf(terminal: Terminal, { message, expect, dryRun }: ChangeOptions): ChangeRequest {
  return { author: terminal.author, message, expect, dryRun };
}

/** Runs a use case that changes the office, or that would: then nothing is written to the database. */
export function onOffice<Result extends { readonly outcome: string }>(
  terminal: Terminal,
  options: ChangeOptions,
  useCase: (deps: Deps, request: ChangeRequest) => Promise<Result>,
): Promise<Ended<Result> | undefined> {
  const request = requestOf(terminal, options);
  const run = options.dryRun === true ? readingDatabase : onDatabase;
  return run(terminal, options, (deps) => useCase(deps, request));
}

/** Runs a use case that changes the office, and reports the result. */
export async function changeOffice(
  terminal: Terminal,
  options: ChangeOptions,
  useCase: (deps: Deps, request: ChangeRequest) => Promise<OfficeChanged>,
): Promise<void> {
  const ended = await onOffice(terminal, options, useCase);
  if (ended !== undefined) sayChanged(terminal, ended, options.json ?? false);
}

/** Runs edits of the live office, and reports the result. */
export function editByCommand(
  terminal: Terminal,
  options: ChangeOptions,
  edits: readonly Edit[] | EditsOf,
): Promise<void> {
  return changeOffice(terminal, options, (deps, request) => editOfficeBy(deps, request, edits));
}

export function sayChanged(
  terminal: Terminal,
  ended: Exclude<OfficeChanged, DatabaseFailed>,
  json: boolean,
): void {
  switch (ended.outcome) {
    case "no_office":
      sayNoOffice(terminal, json);
      return;
    case "refused":
      sayRefused(terminal, ended, json);
      return;
    case "planned":
      sayPlan(terminal, ended, { errors: [], warnings: [] }, json);
      return;
    default:
      sayWritten(terminal, ended, json);
  }
}

function sayWritten(terminal: Terminal, ended: Changed | Conflict | HasMessages, json: boolean): void {
  const ok = ended.outcome === "applied" || ended.outcome === "unchanged";
  if (json) terminal.out(`${JSON.stringify({ ok, ...forPrograms(ended) })}\n`);
  else {
    if (ended.outcome === "applied") terminal.out(renderDiff(ended.difference, MADE, DIFFERENCE_LINES_MAX));
    sayApplied(terminal, ended);
  }
  terminal.exit(ok ? EXIT_OK : EXIT_FAILED);
}

function forPrograms(ended: Changed | Conflict | HasMessages): object {
  switch (ended.outcome) {
    case "applied":
    case "unchanged": {
      const { difference, ...written } = ended;
      return { ...written, ...difference };
    }
    case "conflict":
      return withoutExpected(ended);
    case "has_messages":
      return ended;
  }
}

/** A conflict as the JSON output has always had it: programs know the revision they expected. */
export function withoutExpected({ expected: _expected, ...conflict }: Conflict): Omit<Conflict, "expected"> {
  return conflict;
}

/** Reports that an edit was refused. */
export function sayRefused(
  terminal: Terminal,
  { reason, faults }: Omit<Refused, "cause">,
  json: boolean,
): void {
  if (json) terminal.out(`${JSON.stringify({ ok: false, message: reason, errors: faultsJson(faults) })}\n`);
  else {
    terminal.err(`${terminal.paint.error("error")}: ${reason}\n${faultLines(faults)}nothing was changed\n`);
  }
  terminal.exit(EXIT_FAILED);
}
