/** `ringline apply`: makes an office's files the live office, as a new revision, all or nothing. */
import type { Command } from "commander";
import type { ApplyRefusal } from "../../../policy/change/removal-choices.js";
import {
  type MissingSecret,
  missingSecrets,
  missingSecretText,
  secretReader,
} from "../../carriers/secrets.js";
import { applyFiles, type FilesApplied, type FilesWritten } from "../../office/changes/apply-files.js";
import { type OfficeReading, readOffice } from "../../office/files/read.js";
import type { DatabaseFailed } from "../../use-case.js";
import { wholeNumber } from "../shared/arguments.js";
import { EXIT_FAILED, EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import { withProgress } from "../shared/progress.js";
import type { Terminal } from "../shared/terminal.js";
import { onDatabase } from "../shared/use-case.js";
import { DIFFERENCE_LINES_MAX, withoutExpected } from "./change.js";
import { MADE, renderDiff } from "./diff-text.js";
import { type DriftOptions, driftRequest, pathsOf, withDriftOptions } from "./drift-options.js";
import { keptText, sayFaults } from "./drift-text.js";
import { problemsJson, showProblems } from "./office-problems.js";
import { choicesOf, type RemovalOptions, refusalJson, refusalText, removing } from "./removal-options.js";
import { sayApplied } from "./say-applied.js";

const HELP = `
The files together are the whole office: what they do not mention is removed. A file with an error changes
nothing. A running engine takes up the new revision within a second; calls in progress end as they began.

Nothing is lost by a slip. What the files leave out and what has messages, greetings, a PIN, phone passwords or
calls is removed only when it is named (--remove) or handed over (--replace); more than a tenth of the users or
of the numbers, and three at least, only with --remove-many; the last System Admin only with --without-admin.
A group, a flow or a device that has another id is no removal if the file says so (renamed_from: OLD).

What was changed by command since (user, group, device, rollback) is kept field by field, and said; when the
files come to say the same, it is theirs again. --overwrite makes everything as the files say, or only what it
names. --keep leaves what it names as it is live, although the files say otherwise. Both can be given several
times, with the names that are said; where both name a field, --keep counts.

Exit codes: 0 applied or nothing to do, 1 errors or refused; then nothing was changed.

Examples:
  ringline apply office.yaml --db ringline.db
  ringline apply office/ --db ringline.db --expect 41 --message "Bob joins sales"
  ringline apply office/ --db ringline.db --overwrite
  ringline apply office/ --db ringline.db --overwrite user:bob.stone.extension
  ringline apply office/ --db ringline.db --keep group:sales.members.alice.wong
  ringline apply office/ --db ringline.db --remove user:dana.reed
  ringline apply office/ --db ringline.db --replace user:dana.reed=bob.stone`;

interface ApplyOptions extends DriftOptions, RemovalOptions {
  readonly db: string;
  readonly expect?: number;
  readonly message: string;
  readonly json?: boolean;
}

export const registerApply: RegisterCommand = (program, terminal) => {
  removing(
    withDriftOptions(
      program
        .command("apply")
        .summary("make an office's files the live office")
        .description(
          "Checks an office's files and makes them the live office, as a new revision, in one transaction.",
        )
        .usage("[options] <path...>")
        .argument("[path...]", "the office's files, or folders of them")
        .requiredOption("--db <file>", "the database; made when it is not there")
        .option("--expect <revision>", "refuse when another revision than this is live", wholeNumber)
        .option("--message <text>", "why, for the history", ""),
    ),
  )
    .option(
      "--json",
      "print one JSON object: { ok, outcome, revision, summary, kept, errors, warnings, missingSecrets }",
    )
    .addHelpText("after", HELP)
    .action(async (paths: string[], options: ApplyOptions, command: Command) => {
      const reading = await readOffice(pathsOf(paths, options, command), terminal.clock.nowMs());
      const json = options.json ?? false;
      const { office } = reading;
      if (!json) showProblems(terminal, reading);
      if (office === undefined) {
        if (json) terminal.out(`${JSON.stringify({ ok: false, ...problemsJson(reading) })}\n`);
        else terminal.err("nothing was changed\n");
        terminal.exit(EXIT_FAILED);
        return;
      }
      const { message, expect } = options;
      const request = { author: terminal.author, message, expect, ...driftRequest(options) };
      const ended = await onDatabase(
        terminal,
        options,
        (deps) =>
          withProgress(terminal, "applying", (onProgress) =>
            applyFiles(
              deps,
              {
                ...request,
                compare: !json,
                choices: choicesOf(options),
                onProgress,
              },
              { office, renames: reading.renames, sourceHash: reading.sourceHash },
            ),
          ),
        "make",
      );
      if (ended === undefined) return;
      const missing = await missingSecrets(office, secretReader(terminal.env));
      say(terminal, ended, { ...reading, missing }, json);
    });
};

function say(
  terminal: Terminal,
  ended: Exclude<FilesApplied, DatabaseFailed>,
  reading: OfficeReading & { readonly missing: readonly MissingSecret[] },
  json: boolean,
): void {
  if (ended.outcome === "files_do_not_fit") {
    sayFaults(terminal, ended.faults, json);
    return;
  }
  if (ended.outcome === "removal_refused") {
    sayRefusals(terminal, ended.refusals, json);
    return;
  }
  if (ended.outcome === "unknown_name") {
    failed(terminal, ended.reason, json);
    return;
  }
  const ok = ended.outcome !== "conflict";
  if (json) {
    const answer = ok ? forPrograms(ended) : { ...withoutExpected(ended), kept: [] };
    const said = { ok, ...answer, ...problemsJson(reading), missingSecrets: reading.missing };
    terminal.out(`${JSON.stringify(said)}\n`);
  } else {
    if (ok && ended.difference !== null)
      terminal.out(renderDiff(ended.difference, MADE, DIFFERENCE_LINES_MAX));
    sayApplied(terminal, ended);
    if (ok && ended.kept.length > 0) terminal.err(keptText(ended.kept));
    if (ok) for (const secret of reading.missing) terminal.err(missingText(terminal, secret));
  }
  terminal.exit(ok ? EXIT_OK : EXIT_FAILED);
}

function sayRefusals(terminal: Terminal, refusals: readonly ApplyRefusal[], json: boolean): void {
  if (json) {
    const message = "the files would remove more than was said";
    const said = { ok: false, outcome: "removal_refused", message, refusals: refusals.map(refusalJson) };
    terminal.out(`${JSON.stringify(said)}\n`);
  } else {
    const error = terminal.paint.error("error");
    for (const refusal of refusals) terminal.err(`${error}: ${refusalText(refusal)}\n`);
    terminal.err("nothing was changed\n");
  }
  terminal.exit(EXIT_FAILED);
}

/** The engine may run in another environment, as another user. */
function missingText({ paint }: Terminal, secret: MissingSecret): string {
  return `${paint.warning("warning")}: ${missingSecretText(secret)} here; the engine needs it where it runs\n`;
}

function forPrograms({ outcome, revision, summary, kept }: FilesWritten): object {
  return { outcome, revision, summary, kept: kept.map(({ word: _word, ...field }) => field) };
}
