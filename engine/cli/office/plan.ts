/** `ringline plan`: shows what applying an office's files would change, without changing anything. */
import type { Command } from "commander";
import type { Rename } from "../../../policy/change/renaming.js";
import { printable } from "../../../policy/text.js";
import type { CallsOfRevision } from "../../../storage/live-calls.js";
import { readOffice } from "../../office/files/read.js";
import { type Plan, planFiles, planFirstFiles, type SetByHandNow } from "../../office/views/plan.js";
import { EXIT_CHANGES, EXIT_FAILED, EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { zonedTime } from "../shared/until.js";
import { readingDatabase } from "../shared/use-case.js";
import { PLANNED, renderDiff } from "./diff-text.js";
import { type DriftOptions, driftRequest, pathsOf, withDriftOptions } from "./drift-options.js";
import { driftText, sayFaults } from "./drift-text.js";
import { problemsJson, showProblems } from "./office-problems.js";
import {
  choicesOf,
  type RemovalOptions,
  refusalJson,
  refusalText,
  removesText,
  removing,
} from "./removal-options.js";

const HELP = `
Shows users, groups, flows and numbers that would be added (+), removed (-) or changed (~), field by field,
and the numbers that would ring somebody else, in the order their phones would ring; then how many calls are in
progress now and would end as they began (a running engine counts them every second). What was changed by
command and is not in the files is shown apart, as drift, each field with its change: apply keeps it unless told
to --overwrite. Both options name what apply would be told: user:bob.stone.extension, group:sales. What is set by
hand now, such as a schedule that was closed until six, is named too; no apply changes it.

What would be removed and has messages, greetings, a PIN, phone passwords or calls is named with all that, and
what apply would refuse, with the option that allows it. The phones of a number are those that ring, in their
order, when nobody answers: at this moment, by schedules, suspensions and permissions. --json prints what
\`ringline schema --plan\` describes (docs/plan.schema.json).

Exit codes: 0 the live office is as the files say, 2 there are changes or drift, 1 errors.

Examples:
  ringline plan office/ --db ringline.db
  ringline plan office/ --db ringline.db --overwrite
  ringline plan office/ --db ringline.db --json`;

interface PlanOptions extends DriftOptions, RemovalOptions {
  readonly db: string;
  readonly json?: boolean;
}

export const registerPlan: RegisterCommand = (program, terminal) => {
  removing(
    withDriftOptions(
      program
        .command("plan")
        .summary("show what applying an office's files would change")
        .description(
          "Shows what applying an office's files would change against the live office. Changes nothing.",
        )
        .usage("[options] <path...>")
        .argument("[path...]", "the office's files, or folders of them")
        .requiredOption("--db <file>", "the database; one that is not there is an empty office"),
    ),
  )
    .option(
      "--json",
      "print one JSON object: { ok, revision, timezone, renames, changes, reach, removes, refusals, drift, renamedByCommand, liveCalls, byHand, errors, warnings }",
    )
    .addHelpText("after", HELP)
    .action(async (paths: string[], options: PlanOptions, command: Command) => {
      const json = options.json ?? false;
      const reading = await readOffice(pathsOf(paths, options, command), terminal.clock.nowMs());
      if (!json) showProblems(terminal, reading);
      const { office } = reading;
      if (office === undefined) {
        if (json) terminal.out(`${JSON.stringify({ ok: false, ...problemsJson(reading) })}\n`);
        terminal.exit(EXIT_FAILED);
        return;
      }
      const ended = await readingDatabase(
        terminal,
        options,
        (deps) =>
          planFiles(
            deps,
            { office, renames: reading.renames },
            { ...driftRequest(options), author: terminal.author, choices: choicesOf(options) },
          ),
        () => planFirstFiles({ office }, terminal.clock.nowMs()),
      );
      if (ended?.outcome === "files_do_not_fit") sayFaults(terminal, ended.faults, json);
      else if (ended?.outcome === "unknown_name") failed(terminal, ended.reason, json);
      else if (ended !== undefined) sayPlan(terminal, ended, problemsJson(reading), json);
    });
};

/** @param problems what a check of the files says, for `json` */
export function sayPlan(terminal: Terminal, plan: Plan, problems: object, json: boolean): void {
  if (json) terminal.out(`${JSON.stringify({ ok: true, ...planJson(plan), ...problems })}\n`);
  else terminal.out(planText(plan));
  const isSame = plan.difference.changes.length === 0 && plan.drift.length === 0;
  terminal.exit(isSame ? EXIT_OK : EXIT_CHANGES);
}

/** What `docs/plan.schema.json` describes. */
function planJson({ outcome: _outcome, difference, refusals, liveCalls, ...plan }: Plan): object {
  return {
    ...plan,
    ...difference,
    refusals: refusals.map(refusalJson),
    liveCalls: liveCalls.map(([began, calls]) => ({ revision: began, calls })),
  };
}

function planText({
  revision,
  timezone,
  difference,
  removes,
  refusals,
  drift,
  renamedByCommand,
  liveCalls,
  byHand,
}: Plan): string {
  return [
    difference.changes.length === 0
      ? `revision ${revision}: nothing to change\n`
      : `${renderDiff(difference, PLANNED)}${liveCallsLine(liveCalls)}`,
    removesText(removes, "would be removed with all that is kept about them"),
    ...refusals.map((refusal) => `apply would refuse: ${refusalText(refusal)}\n`),
    driftText(drift, timezone),
    ...renamedByCommand.map(renamedLine),
    ...byHand.map((set) => byHandLine(set)),
  ].join("");
}

/** What the operator can do about what a command renamed and the files call as before. */
function renamedLine(rename: Rename): string {
  const of = rename.kind === "device" ? ` of ${rename.username}` : "";
  return `renamed by command: the ${rename.kind} ${rename.from}${of} is ${rename.to} now; what the files say of \`${rename.from}\` counts for it until they say \`${rename.to}\`, which \`ringline writeback\` writes\n`;
}

/** For example `by hand: the schedule practice is closed until Mon 2026-11-30 18:30 (America/Chicago), set by ann`. */
function byHandLine({ kind, id, state, untilMs, author, timezone, isInFiles }: SetByHandNow): string {
  const until =
    untilMs === null ? "until it is reset" : `until ${zonedTime(untilMs, timezone)} (${timezone})`;
  const inFiles = isInFiles ? "" : "; the files have no such entry";
  return `by hand: the ${kind} ${id} is ${state} ${until}, set by ${printable(author)}${inFiles}\n`;
}

/** For example `12 live calls go on as they began (10 with revision 41, 2 with 40)`. */
function liveCallsLine(calls: readonly CallsOfRevision[]): string {
  const total = calls.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return "";
  const parts = [...calls].reverse().map(([revision, count]) => `${count} with revision ${revision}`);
  const [calling, go] = total === 1 ? ["call", "goes on as it"] : ["calls", "go on as they"];
  return `${total} live ${calling} ${go} began (${parts.join(", ")})\n`;
}
