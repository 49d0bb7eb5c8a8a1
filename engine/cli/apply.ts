/**
 * `ringline apply`: makes an office's files the live office, as a new revision, all or nothing.
 */
import { InvalidArgumentError } from "commander";
import type { Applied } from "../../storage/apply.js";
import { readOffice } from "../office/read.js";
import { EXIT_FAILED, EXIT_OK, type RegisterCommand } from "./command.js";
import { withDatabase } from "./database.js";
import { problemsJson, showProblems } from "./office-problems.js";
import { summaryLine } from "./summary.js";
import type { Terminal } from "./terminal.js";

const HELP = `
The files together are the whole office: what they do not mention is removed. A file with an error changes
nothing. A running engine takes up the new revision within a second; calls in progress end as they began.

Exit codes: 0 applied or nothing to do, 1 errors or refused; then nothing was changed.

Examples:
  ringline apply office.yaml --db ringline.db
  ringline apply office/ --db ringline.db --expect 41 --message "Bob joins sales"`;

interface ApplyOptions {
  readonly db: string;
  readonly expect?: number;
  readonly message: string;
  readonly json?: boolean;
}

export const registerApply: RegisterCommand = (program, terminal) => {
  program
    .command("apply")
    .summary("make an office's files the live office")
    .description(
      "Checks an office's files and makes them the live office, as a new revision, in one transaction.",
    )
    .argument("<path...>", "the office's files, or folders of them")
    .requiredOption("--db <file>", "the database; made when it is not there")
    .option("--expect <revision>", "refuse when another revision than this is live", wholeNumber)
    .option("--message <text>", "why, for the history", "")
    .option("--json", "print one JSON object: { ok, outcome, revision, summary, errors, warnings }")
    .addHelpText("after", HELP)
    .action(async (paths: string[], options: ApplyOptions) => {
      const reading = await readOffice(paths);
      const json = options.json ?? false;
      const { office } = reading;
      if (!json) showProblems(terminal, reading.problems);
      if (office === undefined) {
        if (json) terminal.out(`${JSON.stringify({ ok: false, ...problemsJson(reading) })}\n`);
        else terminal.err("nothing was changed\n");
        terminal.exit(EXIT_FAILED);
        return;
      }
      await withDatabase(terminal, { path: options.db, mustExist: false, json }, async (store) => {
        const applied = await store.applyOffice(office, {
          author: terminal.author,
          message: options.message,
          sourceHash: reading.sourceHash,
          nowMs: terminal.clock.nowMs(),
          ...(options.expect === undefined ? {} : { expectRevision: options.expect }),
        });
        const ok = applied.outcome !== "conflict";
        if (json) terminal.out(`${JSON.stringify({ ok, ...applied, ...problemsJson(reading) })}\n`);
        else sayApplied(terminal, applied, options.expect);
        terminal.exit(ok ? EXIT_OK : EXIT_FAILED);
      });
    });
};

/** Tells people how an apply ended. */
export function sayApplied(terminal: Terminal, applied: Applied, expected: number | undefined): void {
  switch (applied.outcome) {
    case "applied":
      terminal.out(`revision ${applied.revision}: ${summaryLine(applied.summary)}\n`);
      return;
    case "unchanged":
      terminal.out(`revision ${applied.revision}: nothing to change\n`);
      return;
    case "conflict":
      terminal.err(
        `${terminal.paint.error("error")}: revision ${applied.revision} is live, not ${expected}: somebody applied in between; nothing was changed\n`,
      );
  }
}

/** A revision as an argument. */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number))
    throw new InvalidArgumentError("not a whole number.");
  return number;
}
