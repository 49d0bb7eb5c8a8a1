/** `ringline calls`: the calls that are kept, by what people ask for, once or as they come. */
import { InvalidArgumentError } from "commander";
import { given } from "../../../policy/office/optional.js";
import type { CallFilter, CallRow } from "../../../storage/records/filter.js";
import { counted } from "../../counted.js";
import { callsCsvHeading, callsCsvRows } from "../../records/calls-csv.js";
import { eachCall, followCalls, listCalls } from "../../records/list.js";
import { unknownName } from "../../records/slips.js";
import type { Deps } from "../../use-case.js";
import { wholeNumber } from "../shared/arguments.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { readingDatabase } from "../shared/use-case.js";
import { type FilterOptions, filterOptions, readFilter } from "./call-filters.js";
import { CallsTable, callJson, ID_SHOWN } from "./calls-text.js";

const HELP = `
Times are those of the office's zone, which is named; so are those that are given. Wait is the time until somebody had the
call, or a mailbox took it, or it was over; talk is the conversation. \`ringline call ID\` tells the whole story of a
call; the first characters of its id are enough.
A part of a number may be written as people write it: "(917) 555" finds +19175550144.
The table has 20 calls, and says how to go on; --json and --csv have all, unless --limit is given. --csv is safe to open in
a spreadsheet: no cell is a formula.
--follow shows each call when it is over, until Ctrl-C; with --live, when it begins.

Examples:
  ringline calls --db ringline.db
  ringline calls --missed --since yesterday --group sales --db ringline.db
  ringline calls --number 5550144 --day 2026-11-30 --db ringline.db
  ringline calls --day yesterday --csv --db ringline.db > calls.csv
  ringline calls --follow --json --db ringline.db`;

/** How many calls the table has unless the option says otherwise. */
const TABLE_CALLS = 20;

/** The recorder writes about five times a second. */
const FOLLOW_MS = 500;

interface CallsOptions extends FilterOptions {
  readonly db: string;
  readonly limit?: number;
  readonly after?: string;
  readonly follow?: boolean;
  readonly json?: boolean;
  readonly csv?: boolean;
}

export const registerCalls: RegisterCommand = (program, terminal) => {
  const command = program
    .command("calls")
    .summary("the calls that came and went: who called, who answered")
    .description("Lists the calls that are kept, the newest first: who called whom, and what became of it.")
    .requiredOption("--db <file>", "the database");
  filterOptions(command, "--called")
    .option("--limit <count>", "how many at most", countOfCalls)
    .option("--after <call>", "only calls before this one, by its id: the next page")
    .option("--follow", "show calls as they come, until Ctrl-C")
    .option("--json", "print one JSON object a line for each call")
    .option("--csv", "print a table for spreadsheets")
    .addHelpText("after", HELP)
    .action((options: CallsOptions) => calls(terminal, options));
};

function countOfCalls(text: string): number {
  const count = wholeNumber(text);
  if (count === 0) throw new InvalidArgumentError("At least one call is listed.");
  return count;
}

async function calls(terminal: Terminal, options: CallsOptions): Promise<void> {
  const { json = false, csv = false } = options;
  const wrong = wrongTogether(options);
  if (wrong !== null) return failed(terminal, wrong, json);
  const ended = await readingDatabase(terminal, options, async (deps) => {
    const timezone = (await deps.store.settings())?.timezone ?? "UTC";
    const read = readFilter(options, timezone, terminal.clock.nowMs());
    if (!read.ok) return { outcome: "not_found", reason: read.why } as const;
    const writer = writerOf(terminal, timezone, { json, csv });
    return options.follow === true
      ? follow(terminal, deps, read.filter, writer)
      : once(terminal, deps, read.filter, options, writer);
  });
  if (ended?.outcome === "not_found") failed(terminal, ended.reason, json);
  else if (ended !== undefined) terminal.exit(EXIT_OK);
}

function wrongTogether({ json, csv, follow, after, until, day, limit }: CallsOptions): string | null {
  if (json && csv) return "give one of --json and --csv";
  if (after?.trim() === "") return "--after: nothing is given";
  if (follow && (after !== undefined || until !== undefined || day !== undefined || limit !== undefined))
    return "--follow shows what comes: leave out --after, --until, --day and --limit";
  return null;
}

/** Writes calls one page after the other. */
interface Writer {
  readonly isTable: boolean;
  /** A table for spreadsheets has its heading though there are no calls. @returns whether anybody still reads */
  write(calls: readonly CallRow[]): Promise<boolean>;
}

function writerOf(
  terminal: Terminal,
  timezone: string,
  { json, csv }: { readonly json: boolean; readonly csv: boolean },
): Writer {
  const table = new CallsTable({ timezone, columns: terminal.columns, hasColours: terminal.hasColours });
  let isRead = true;
  let isFirst = true;
  void terminal.outClosed.then(() => {
    isRead = false;
  });
  const textOf = (calls: readonly CallRow[]): string => {
    if (json) return calls.map((call) => `${JSON.stringify(callJson(call))}\n`).join("");
    return csv ? callsCsvRows(calls, timezone) : table.text(calls);
  };
  return {
    isTable: !json && !csv,
    write: async (calls) => {
      if (csv && isFirst) terminal.out(callsCsvHeading());
      isFirst = false;
      const text = calls.length === 0 ? "" : textOf(calls);
      if (text !== "") terminal.out(text);
      // A million calls do not wait in memory for whoever reads slowly.
      await terminal.outWritten();
      return isRead;
    },
  };
}

async function once(
  terminal: Terminal,
  deps: Deps,
  filter: CallFilter,
  { limit, after }: CallsOptions,
  writer: Writer,
) {
  const page = given({ after });
  if (!writer.isTable) {
    const asked = { filter, ...page, limit: limit ?? Number.POSITIVE_INFINITY };
    const ended = await eachCall(deps, asked, writer.write);
    if (ended.outcome === "done" && ended.why !== undefined) terminal.err(noCalls(ended.why));
    return ended;
  }
  const ended = await listCalls(deps, { filter, ...page, limit: limit ?? TABLE_CALLS });
  if (ended.outcome === "not_found") return ended;
  await writer.write(ended.calls);
  const last = ended.calls.at(-1);
  if (last === undefined) terminal.err(noCalls(ended.why));
  else if (ended.hasMore)
    terminal.err(
      `${counted(ended.calls.length, "call")}; older ones with --after ${last.id.slice(0, ID_SHOWN)}\n`,
    );
  return ended;
}

function noCalls(why: string | undefined): string {
  return why === undefined ? "no calls\n" : `no calls: ${why}\n`;
}

async function follow(terminal: Terminal, deps: Deps, filter: CallFilter, writer: Writer) {
  let isOver = false;
  const over = Promise.race([terminal.stopSignal(), terminal.outClosed]).then(() => {
    isOver = true;
  });
  await terminal.outIsLeft();
  await writer.write([]);
  const unknown = await unknownName(deps.store, filter);
  if (unknown !== undefined) terminal.err(`${unknown}\n`);
  return followCalls(deps, filter, writer.write, async () => {
    await new Promise<void>((resolve) => {
      const timer = terminal.clock.after(FOLLOW_MS, resolve);
      void over.then(() => {
        terminal.clock.cancel(timer);
        resolve();
      });
    });
    return !isOver && !(await terminal.outIsLeft());
  });
}
