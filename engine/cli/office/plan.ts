/**
 * `ringline plan`: what applying an office's files would change, without changing anything.
 */
import type { Office } from "../../../policy/office/office.js";
import { SqlError } from "../../../storage/database.js";
import type { CallsOfRevision } from "../../../storage/live-calls.js";
import { describeFailure, openStore, useFailure } from "../../../storage/store.js";
import { compareOffices } from "../../office/compare.js";
import { readOffice } from "../../office/read.js";
import { renderDiff } from "../../office/render-diff.js";
import { sumCalls } from "../../watch/live-calls.js";
import { EXIT_CHANGES, EXIT_FAILED, EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { problemsJson, showProblems } from "./office-problems.js";
import { driftText, type Reconciliation, reconcile, sayFaults, shownDrift } from "./reconcile.js";

const HELP = `
Shows users, groups, flows and numbers that would be added (+), removed (-) or changed (~), field by field,
and the numbers that would ring somebody else, in the order their phones would ring; then how many calls are in
progress now and would end as they began (a running engine counts them every second). What was changed by
command and is not in the files is shown apart, as drift: apply keeps it unless told to --overwrite.

Exit codes: 0 the live office is as the files say, 2 there are changes or drift, 1 errors.

Examples:
  ringline plan office/ --db ringline.db
  ringline plan office/ --db ringline.db --overwrite
  ringline plan office/ --db ringline.db --json`;

interface PlanOptions {
  readonly db: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

interface Live {
  readonly revision: number;
  readonly office: Office | undefined;
  readonly wanted: Reconciliation;
  readonly calls: readonly CallsOfRevision[];
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
    .option("--overwrite", "what applying with --overwrite would change")
    .option(
      "--json",
      "print one JSON object: { ok, revision, changes, reach, drift, liveCalls, errors, warnings }",
    )
    .addHelpText("after", HELP)
    .action(async (paths: string[], options: PlanOptions) => {
      const json = options.json ?? false;
      const reading = await readOffice(paths, terminal.clock.nowMs());
      if (!json) showProblems(terminal, reading);
      if (reading.office === undefined) {
        if (json) terminal.out(`${JSON.stringify({ ok: false, ...problemsJson(reading) })}\n`);
        terminal.exit(EXIT_FAILED);
        return;
      }
      const live = await readLive(terminal, options, reading.office);
      if (live === undefined) return;
      if (live.wanted.faults.length > 0) {
        sayFaults(terminal, live.wanted.faults, json);
        return;
      }
      const drift = shownDrift(reading.office, live.wanted);
      const difference = compareOffices(live.office, live.wanted.office);
      const isSame = difference.changes.length === 0 && drift.length === 0;
      if (json) {
        const { revision } = live;
        const liveCalls = live.calls.map(([began, calls]) => ({ revision: began, calls }));
        const answer = { ok: true, revision, ...difference, drift, liveCalls, ...problemsJson(reading) };
        terminal.out(`${JSON.stringify(answer)}\n`);
      } else {
        terminal.out(
          difference.changes.length === 0
            ? `revision ${live.revision}: nothing to change\n`
            : `${renderDiff(difference)}${liveCallsLine(live.calls)}`,
        );
        terminal.out(driftText(drift));
      }
      terminal.exit(isSame ? EXIT_OK : EXIT_CHANGES);
    });
};

/** For example `12 live calls go on as they began (10 with revision 41, 2 with 40)`. */
function liveCallsLine(calls: readonly CallsOfRevision[]): string {
  const total = calls.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return "";
  const parts = [...calls].reverse().map(([revision, count]) => `${count} with revision ${revision}`);
  const [calling, go] = total === 1 ? ["call", "goes on as it"] : ["calls", "go on as they"];
  return `${total} live ${calling} ${go} began (${parts.join(", ")})\n`;
}

async function readLive(
  terminal: Terminal,
  { db: path, json = false, overwrite = false }: PlanOptions,
  files: Office,
): Promise<Live | undefined> {
  const opened = await openStore(path, { mustExist: true });
  if (!opened.ok) {
    if (opened.failure.reason === "missing") {
      const wanted = { revision: 0, office: files, kept: [], faults: [] };
      return { revision: 0, office: undefined, wanted, calls: [] };
    }
    failed(terminal, describeFailure(path, opened.failure), json);
    return undefined;
  }
  try {
    const wanted = await reconcile(opened.store, files, overwrite);
    const { revision } = wanted;
    const calls = sumCalls(await opened.store.readLiveCalls(), terminal.clock.nowMs());
    return { revision, office: await opened.store.loadOffice(revision), wanted, calls };
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    failed(terminal, describeFailure(path, useFailure(error)), json);
    return undefined;
  } finally {
    await opened.store.close();
  }
}
