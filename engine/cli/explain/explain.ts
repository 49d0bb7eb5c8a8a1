/** `ringline explain`: shows the timeline of one call without ringing a phone. */
import { InvalidArgumentError } from "commander";
import type { Office } from "../../../policy/office/office.js";
import { readOffice } from "../../office/files/read.js";
import { problemsJson, showProblems } from "../office/office-problems.js";
import { wholeNumber } from "../shared/arguments.js";
import { EXIT_FAILED, EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed, withDatabase } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { playCall } from "./run.js";
import { type OfficeAt, readScript, type ScriptProblem, type Written } from "./script.js";
import { playedJson, renderPlayed } from "./words.js";

const HELP = `
The call is carried by the engine itself, on a simulated switch, on a clock that does not wait. Unless told
otherwise every phone is signed in and rings until it is told to stop, and the caller has patience.

A phone is named by its user (alice.wong: all of hers), by user and device (alice.wong/cell), by its SIP name, or
by its number. Who answers with a digit presses it 3 s later; a phone outside must press 1 to get the call.

Exit codes: 0 the call was played, 1 errors.

Examples:
  ringline explain "(212) 555-0100" office.yaml
  ringline explain +12125550105 office/ --busy alice.wong --answer bob.stone@24:1
  ringline explain 200 --db ringline.db --from 101 --json`;

interface ExplainOptions {
  readonly db?: string;
  readonly from?: string;
  readonly at?: string;
  readonly registered?: readonly string[];
  readonly busy?: readonly string[];
  readonly dnd?: readonly string[];
  readonly answer?: readonly string[];
  readonly giveUp?: number;
  readonly json?: boolean;
}

const OPTION_NAMES: Readonly<Record<keyof Written, string>> = {
  number: "NUMBER",
  from: "--from",
  at: "--at",
  registered: "--registered",
  busy: "--busy",
  dnd: "--dnd",
  answer: "--answer",
  giveUp: "--give-up",
};

export const registerExplain: RegisterCommand = (program, terminal) => {
  program
    .command("explain")
    .summary("show what will happen to a call, second by second")
    .description(
      "Shows what happens to a call, second by second: who rings, who does not and why, the ending.",
    )
    .argument("<number>", "the number as it is dialled; from inside also an extension")
    .argument("[path...]", "the office's files, or folders of them")
    .option("--db <file>", "the live office of this database, in the place of files")
    .option(
      "--from <caller>",
      "a number outside, `withheld`, or a user, extension or SIP phone of the office",
    )
    .option("--at <time>", "when, for example 2026-03-02T09:00, in the office's time zone (now)")
    .option("--registered <phones>", "only these phones are signed in, with commas; none: nobody", phoneList)
    .option("--busy <phones>", "these are busy", nameList)
    .option("--dnd <phones>", "these are set to do not disturb", nameList)
    .option(
      "--answer <user@seconds[:digit]>",
      "who picks up, when, and what they press; several with commas",
      nameList,
    )
    .option("--give-up <seconds>", "the caller hangs up then, if nobody has answered", positive)
    .option("--json", "print one JSON object: { called, from, at, timeline, steps, rings, notRung, ending }")
    .addHelpText("after", HELP)
    .action((number: string, paths: string[], options: ExplainOptions) =>
      explain(number, paths, options, terminal),
    );
};

/** Comma-separated; the option may also be given several times. */
function nameList(text: string, before: readonly string[] = []): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.some((name) => name === ""))
    throw new InvalidArgumentError("Expected names with commas between.");
  return [...before, ...names];
}

function phoneList(text: string, before: readonly string[] = []): readonly string[] {
  return text === "none" ? before : nameList(text, before);
}

function positive(text: string): number {
  const seconds = wholeNumber(text);
  if (seconds < 1 || seconds > 3_600) throw new InvalidArgumentError("Expected 1 to 3600 seconds.");
  return seconds;
}

async function explain(
  number: string,
  paths: readonly string[],
  options: ExplainOptions,
  terminal: Terminal,
): Promise<void> {
  const json = options.json ?? false;
  if ((paths.length === 0) === (options.db === undefined)) {
    failed(terminal, "give either the office's files or --db", json);
    return;
  }
  const { db } = options;
  if (db === undefined) {
    const office = await officeOf(paths, json, terminal);
    if (office !== undefined) await show({ office, revision: 0, memory: [] }, number, options, terminal);
    return;
  }
  await withDatabase(terminal, { path: db, mustExist: true, json, mayMigrate: false }, async (store) => {
    const revision = await store.currentRevision();
    const office = await store.loadOffice(revision);
    if (office === undefined) failed(terminal, "nothing was applied yet", json);
    else
      await show(
        { office, revision, memory: await store.readMemory(), byHand: await store.readByHand() },
        number,
        options,
        terminal,
      );
  });
}

async function officeOf(
  paths: readonly string[],
  json: boolean,
  terminal: Terminal,
): Promise<Office | undefined> {
  const reading = await readOffice(paths);
  if (reading.office !== undefined) return reading.office;
  if (json) terminal.out(`${JSON.stringify({ ok: false, ...problemsJson(reading) })}\n`);
  else showProblems(terminal, reading);
  terminal.exit(EXIT_FAILED);
  return undefined;
}

async function show(
  at: OfficeAt,
  number: string,
  options: ExplainOptions,
  terminal: Terminal,
): Promise<void> {
  const json = options.json ?? false;
  const read = readScript({ ...options, number }, at, terminal.clock.nowMs());
  if (!read.ok) {
    if (json) terminal.out(`${JSON.stringify({ ok: false, problems: read.problems })}\n`);
    else for (const problem of read.problems) sayProblem(terminal, problem);
    terminal.exit(EXIT_FAILED);
    return;
  }
  const played = await playCall(read.script);
  terminal.out(
    json
      ? `${JSON.stringify({ ok: true, ...playedJson(played) })}\n`
      : renderPlayed(played, at.office.timezone),
  );
  terminal.exit(EXIT_OK);
}

function sayProblem(terminal: Terminal, { field, message }: ScriptProblem): void {
  terminal.err(`${terminal.paint.error("error")}: ${OPTION_NAMES[field]}: ${message}\n`);
}
