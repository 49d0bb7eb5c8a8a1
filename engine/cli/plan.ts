/**
 * `ringline plan`: what applying an office's files would change, without changing anything.
 */
import type { Office } from "../../policy/office.js";
import { describeFailure, openStore } from "../../storage/store.js";
import { compareOffices } from "../office/compare.js";
import { readOffice } from "../office/read.js";
import { renderDiff } from "../office/render-diff.js";
import { EXIT_CHANGES, EXIT_FAILED, EXIT_OK, type RegisterCommand } from "./command.js";
import { failed } from "./database.js";
import { problemsJson, showProblems } from "./office-problems.js";
import type { Terminal } from "./terminal.js";

const HELP = `
Shows users, groups, flows and numbers that would be added (+), removed (-) or changed (~), field by field,
and the numbers that would ring somebody else, in the order their phones would ring.

Exit codes: 0 nothing to do, 2 there are changes, 1 errors.

Examples:
  ringline plan office/ --db ringline.db
  ringline plan office/ --db ringline.db --json`;

interface Live {
  readonly revision: number;
  readonly office: Office | undefined;
}

export const registerPlan: RegisterCommand = (program, terminal) => {
  program
    .command("plan")
    .summary("show what applying an office's files would change")
    .description(
      "Shows what applying an office's files would change against the live office. Changes nothing.",
    )
    .argument("<path...>", "the office's files, or folders of them")
    .requiredOption("--db <file>", "the database; one that is not there is an empty office")
    .option("--json", "print one JSON object: { ok, revision, changes, reach, errors, warnings }")
    .addHelpText("after", HELP)
    .action(async (paths: string[], options: { db: string; json?: boolean }) => {
      const json = options.json ?? false;
      const reading = await readOffice(paths);
      if (!json) showProblems(terminal, reading);
      if (reading.office === undefined) {
        if (json) terminal.out(`${JSON.stringify({ ok: false, ...problemsJson(reading) })}\n`);
        terminal.exit(EXIT_FAILED);
        return;
      }
      const live = await readLive(terminal, options.db, json);
      if (live === undefined) return;
      const difference = compareOffices(live.office, reading.office);
      if (json) {
        const { revision } = live;
        terminal.out(`${JSON.stringify({ ok: true, revision, ...difference, ...problemsJson(reading) })}\n`);
      } else {
        terminal.out(
          difference.changes.length === 0
            ? `revision ${live.revision}: nothing to change\n`
            : renderDiff(difference),
        );
      }
      terminal.exit(difference.changes.length === 0 ? EXIT_OK : EXIT_CHANGES);
    });
};

async function readLive(terminal: Terminal, path: string, json: boolean): Promise<Live | undefined> {
  const opened = await openStore(path, { mustExist: true });
  if (!opened.ok) {
    if (opened.failure.reason === "missing") return { revision: 0, office: undefined };
    failed(terminal, describeFailure(path, opened.failure), json);
    return undefined;
  }
  try {
    const revision = await opened.store.currentRevision();
    return { revision, office: await opened.store.loadOffice(revision) };
  } finally {
    await opened.store.close();
  }
}
