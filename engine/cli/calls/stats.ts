/** `ringline stats`: how many calls came, what became of them, and how long callers waited. */
import { InvalidArgumentError, Option } from "commander";
import { DIRECTIONS, STATS_BY, type StatsBy, showStats } from "../../records/stats.js";
import { statsCsv } from "../../records/stats-csv.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { readingDatabase, sayNoOffice } from "../shared/use-case.js";
import { showsUtf8 } from "./plot.js";
import { DAY_EXPECTED, type DaysOptions, daysOf } from "./stats-days.js";
import { statsJson, statsPlot, statsTable } from "./stats-text.js";

const HELP = `
Days and hours are those of the office's clock. Lines by number, user, group, schedule or flow have calls from outside and
within the office; with --direction out, --by user has the users who called outside. Wait is the time until somebody had the
call. The last column is the service level: of all calls that were offered, how many were answered in less than --within
seconds. Offered are calls that were answered, missed, or taken by a mailbox; refused calls are not, and of a user or group
neither are calls that somebody else took. docs/statistics.md says more.

Examples:
  ringline stats --db ringline.db
  ringline stats --by user --month 2026-11 --db ringline.db
  ringline stats --by hour --group sales --since 7d --plot --db ringline.db
  ringline stats --by day --within 30 --csv --db ringline.db > days.csv`;

const WITHIN_DEFAULT_S = 20;
const WITHIN_MAX_S = 3_600;

interface Options extends DaysOptions {
  readonly db: string;
  readonly by?: StatsBy;
  readonly within: number;
  readonly number?: string;
  readonly user?: string;
  readonly group?: string;
  readonly direction?: (typeof DIRECTIONS)[number];
  readonly plot?: boolean;
  readonly json?: boolean;
  readonly csv?: boolean;
}

export const registerStats: RegisterCommand = (program, terminal) => {
  program
    .command("stats")
    .summary("how many calls came, what became of them, how long callers waited")
    .description("Shows statistics of calls: counts, waits, and how many were answered in time.")
    .requiredOption("--db <file>", "the database")
    .addOption(new Option("--by <what>", "a line for each").choices(STATS_BY))
    .option("--day <day>", "calls of one day: 2026-11-30, today or yesterday")
    .option("--month <month>", "calls of one month, such as 2026-11")
    .option("--since <day>", `calls from this day on: ${DAY_EXPECTED}; left out: 30 days`)
    .option("--until <day>", "calls up to this day; left out: today")
    .option(
      "--within <seconds>",
      "an answer in less than so many seconds is in time",
      within,
      WITHIN_DEFAULT_S,
    )
    .option("--number <number>", "only calls to this number of the office")
    .option("--user <username>", "only calls to this user")
    .option("--group <id>", "only calls to this group")
    .addOption(
      new Option("--direction <word>", "calls from outside, to outside, or within").choices(DIRECTIONS),
    )
    .option("--plot", "draw bars instead of the table")
    .option("--csv", "print a table for spreadsheets")
    .option("--json", "print one JSON object: { ok, timezone, fromDay, untilDay, withinS, rows, total }")
    .addHelpText("after", HELP)
    .action((options: Options) => stats(terminal, options));
};

function within(text: string): number {
  const seconds = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > WITHIN_MAX_S)
    throw new InvalidArgumentError(`Not whole seconds from 1 to ${WITHIN_MAX_S}.`);
  return seconds;
}

async function stats(terminal: Terminal, options: Options): Promise<void> {
  const {
    json = false,
    csv = false,
    plot = false,
    within: withinS,
    by,
    number,
    user,
    group,
    direction,
  } = options;
  if ([json, csv, plot].filter(Boolean).length > 1)
    return failed(terminal, "give one of --json, --csv and --plot", json);
  const ended = await readingDatabase(terminal, options, (deps) =>
    showStats(deps, { by, withinS, number, user, group, direction }, (timezone) =>
      daysOf(options, timezone, terminal.clock.nowMs()),
    ),
  );
  switch (ended?.outcome) {
    case "no_office":
      return sayNoOffice(terminal, json);
    case "wrong":
    case "not_found":
      return failed(terminal, ended.reason, json);
    case "stats": {
      const isUtf8 = showsUtf8(terminal.env);
      if (json) terminal.out(`${JSON.stringify(statsJson(ended))}\n`);
      else if (csv) terminal.out(statsCsv(ended));
      else
        terminal.out(
          plot
            ? statsPlot(ended, { columns: terminal.columns, isUtf8 })
            : statsTable(ended, terminal.columns),
        );
      terminal.exit(EXIT_OK);
    }
  }
}
