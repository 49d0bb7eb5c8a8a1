/** `ringline writeback`: writes what commands have changed into the operator's own files. */
import { stat } from "node:fs/promises";
import { systemIds } from "../../ids.js";
import { planWriteBack, type WriteBackPlanned } from "../../office/changes/write-back.js";
import { unifiedDiff } from "../../office/files/line-diff.js";
import { readOfficeFrom } from "../../office/files/read.js";
import { type ChangedFile, replaceFiles } from "../../office/files/replace.js";
import { readOfficeTexts } from "../../office/files/texts.js";
import type { Left } from "../../office/writeback/entities.js";
import { leftText } from "../../office/writeback/write-back.js";
import { EXIT_CHANGES, EXIT_FAILED, EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { readingDatabase, sayNoOffice } from "../shared/use-case.js";
import { sayFaults } from "./drift-text.js";
import { problemsJson, showProblems } from "./office-problems.js";

const HELP = `
What commands have changed is drift from the files (\`ringline plan\` shows it). Writing back puts it into the files
where it stands: comments, order, quotes and all other lines stay as they are. New entries go to the file where
their kind stands, or to a new file from-commands.yaml; removed ones are taken out with their own comments. The
difference is shown first; on a terminal you are asked, elsewhere --yes writes. A file that changed meanwhile is not
touched. What cannot be written where it stands, such as a flow that several entries share by an alias, is named and
left. The database is not changed: the next apply finds nothing to do, and the drift is over.

Exit codes: 0 everything is written or there is nothing to write, 2 something is to be written by --yes or was left,
1 errors; then nothing was changed.

Examples:
  ringline writeback office/ --db ringline.db
  ringline writeback office/ --db ringline.db --yes && git commit -a -m "as changed by command"`;

interface WritebackOptions {
  readonly db: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export const registerWriteback: RegisterCommand = (program, terminal) => {
  program
    .command("writeback")
    .summary("write what commands changed into the office's files")
    .description("Writes what commands have changed into the office's own files, in place.")
    .argument("<path...>", "the office's files, or folders of them")
    .requiredOption("--db <file>", "the database")
    .option("--yes", "write the files without asking")
    .option("--json", "print one JSON object: { ok, written, files, left, errors, warnings }")
    .addHelpText("after", HELP)
    .action(async (paths: string[], options: WritebackOptions) => {
      const json = options.json ?? false;
      const texts = await readOfficeTexts(paths);
      const reading = readOfficeFrom(texts, terminal.clock.nowMs());
      const { office } = reading;
      if (office === undefined) {
        if (json) terminal.out(`${JSON.stringify({ ok: false, ...problemsJson(reading) })}\n`);
        else showProblems(terminal, reading);
        terminal.exit(EXIT_FAILED);
        return;
      }
      const folder = await firstFolder(paths);
      const ended = await readingDatabase(terminal, options, (deps) =>
        planWriteBack(deps, { texts, office, renames: reading.renames, folder }),
      );
      if (ended?.outcome === "no_office") sayNoOffice(terminal, json);
      else if (ended?.outcome === "files_do_not_fit") sayFaults(terminal, ended.faults, json);
      else if (ended !== undefined) await carryOut(terminal, ended, options);
    });
};

async function firstFolder(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if ((await stat(path)).isDirectory()) return path;
  return undefined;
}

async function carryOut(
  terminal: Terminal,
  planned: WriteBackPlanned,
  options: WritebackOptions,
): Promise<void> {
  const json = options.json ?? false;
  if (!planned.ok) {
    sayCannot(terminal, planned, json);
    return;
  }
  const { files, left } = planned;
  if (!json) {
    for (const file of files) terminal.out(unifiedDiff(file.name, file.before, file.after));
    for (const each of left) terminal.err(`${terminal.paint.warning("left as it is")}: ${leftText(each)}\n`);
    if (files.length + left.length === 0) terminal.out("nothing to write: the files say what is live\n");
  }
  const mayWrite =
    files.length > 0 && (options.yes === true || (!json && (await terminal.confirm(question(files)))));
  const written = mayWrite ? await replaceFiles(files, systemIds) : undefined;
  if (written?.ok === false) {
    const replaced =
      written.replaced.length === 0 ? "nothing was written" : `written: ${written.replaced.join(", ")}`;
    failed(terminal, `${written.reason}; ${replaced}`, json);
    return;
  }
  if (json) sayJson(terminal, files, left, mayWrite);
  else if (mayWrite) terminal.out(`written: ${files.map(({ name }) => name).join(", ")}\n`);
  else if (files.length > 0) terminal.err("nothing was written; --yes writes it\n");
  terminal.exit(left.length > 0 || (files.length > 0 && !mayWrite) ? EXIT_CHANGES : EXIT_OK);
}

function question(files: readonly ChangedFile[]): string {
  return files.length === 1 ? `Write ${files[0]?.name}?` : `Write these ${files.length} files?`;
}

function sayJson(
  terminal: Terminal,
  files: readonly ChangedFile[],
  left: readonly Left[],
  written: boolean,
): void {
  const shown = files.map((file) => ({
    file: file.name,
    isNew: file.before === null,
    diff: unifiedDiff(file.name, file.before, file.after),
  }));
  const kept = left.map(({ ref, why }) => ({ kind: ref.kind, key: ref.key, field: ref.field, why }));
  const answer = { ok: true, written, files: shown, left: kept, errors: [], warnings: [] };
  terminal.out(`${JSON.stringify(answer)}\n`);
}

function sayCannot(
  terminal: Terminal,
  { left, problems }: Extract<WriteBackPlanned, { readonly ok: false }>,
  json: boolean,
): void {
  const said =
    "what commands changed cannot be written into these files: the rest alone would be another office";
  if (json) {
    const why = left.map(({ ref, why: reason }) => ({
      kind: ref.kind,
      key: ref.key,
      field: ref.field,
      why: reason,
    }));
    terminal.out(
      `${JSON.stringify({ ok: false, message: said, left: why, errors: problems, warnings: [] })}\n`,
    );
  } else {
    terminal.err(`${terminal.paint.error("error")}: ${said}\n`);
    for (const each of left) terminal.err(`  ${leftText(each)}\n`);
    showProblems(terminal, { problems, omitted: 0 });
    terminal.err("nothing was written\n");
  }
  terminal.exit(EXIT_FAILED);
}
