/**
 * `ringline apply`: makes an office's files the live office, as a new revision, all or nothing.
 */
import type { Office } from "../../../policy/office/office.js";
import type { Store } from "../../../storage/store.js";
import { compareOffices } from "../../office/compare.js";
import { type OfficeReading, readOffice } from "../../office/read.js";
import { renderDiff } from "../../office/render-diff.js";
import { wholeNumber } from "../shared/arguments.js";
import { EXIT_FAILED, EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { withDatabase } from "../shared/database.js";
import { withProgress } from "../shared/progress.js";
import type { Terminal } from "../shared/terminal.js";
import { problemsJson, showProblems } from "./office-problems.js";
import { keptText, reconcile, sayFaults } from "./reconcile.js";
import { sayApplied } from "./say-applied.js";

const HELP = `
The files together are the whole office: what they do not mention is removed. A file with an error changes
nothing. A running engine takes up the new revision within a second; calls in progress end as they began.

What was changed by command since (user, group, device, rollback) is kept as it is, and said; when the files
come to say the same, it is theirs again. --overwrite makes everything as the files say.

Exit codes: 0 applied or nothing to do, 1 errors or refused; then nothing was changed.

Examples:
  ringline apply office.yaml --db ringline.db
  ringline apply office/ --db ringline.db --expect 41 --message "Bob joins sales"
  ringline apply office/ --db ringline.db --overwrite`;

/** Lines of the difference shown at most; `ringline diff` has all of it. */
const DIFFERENCE_LINES_MAX = 40;

interface ApplyOptions {
  readonly db: string;
  readonly expect?: number;
  readonly message: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** A command may change the office between reading and writing: then it is tried again on that, so often. */
const TRIES_MAX = 5;

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
    .option("--overwrite", "also overwrite what was changed by command")
    .option("--json", "print one JSON object: { ok, outcome, revision, summary, kept, errors, warnings }")
    .addHelpText("after", HELP)
    .action(async (paths: string[], options: ApplyOptions) => {
      const reading = await readOffice(paths, terminal.clock.nowMs());
      const json = options.json ?? false;
      const { office } = reading;
      if (!json) showProblems(terminal, reading);
      if (office === undefined) {
        if (json) terminal.out(`${JSON.stringify({ ok: false, ...problemsJson(reading) })}\n`);
        else terminal.err("nothing was changed\n");
        terminal.exit(EXIT_FAILED);
        return;
      }
      await withDatabase(terminal, { path: options.db, mustExist: false, json }, async (store) => {
        for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
          const isLast = tries === TRIES_MAX || options.expect !== undefined;
          if (await applyOnce(terminal, store, reading, office, options, isLast)) return;
        }
      });
    });
};

/** False: somebody else's revision came in between, nothing was said, and it is worth another try. */
async function applyOnce(
  terminal: Terminal,
  store: Store,
  reading: OfficeReading,
  office: Office,
  options: ApplyOptions,
  isLast: boolean,
): Promise<boolean> {
  const json = options.json ?? false;
  const before = json ? undefined : await store.loadOffice();
  const wanted = await reconcile(store, office, options.overwrite ?? false);
  if (wanted.faults.length > 0) {
    sayFaults(terminal, wanted.faults, json);
    return true;
  }
  const expect = options.expect ?? wanted.revision;
  const applied = await withProgress(terminal, "applying", (onProgress) =>
    store.applyOffice(wanted.office, {
      onProgress,
      author: terminal.author,
      message: options.message,
      sourceHash: reading.sourceHash,
      keeps: wanted.kept,
      expectRevision: expect,
      nowMs: terminal.clock.nowMs(),
    }),
  );
  const ok = applied.outcome !== "conflict";
  if (!ok && !isLast) return false;
  const kept = ok ? wanted.kept : [];
  if (json) terminal.out(`${JSON.stringify({ ok, ...applied, kept, ...problemsJson(reading) })}\n`);
  else {
    if (applied.outcome === "applied" && before !== undefined)
      showDifference(terminal, before, wanted.office);
    sayApplied(terminal, applied, expect);
    if (kept.length > 0) terminal.err(keptText(kept));
  }
  terminal.exit(ok ? EXIT_OK : EXIT_FAILED);
  return true;
}

/** A first apply adds everything, so only later ones are shown in full. */
function showDifference(terminal: Terminal, before: Office, after: Office): void {
  terminal.out(renderDiff(compareOffices(before, after), DIFFERENCE_LINES_MAX));
}
