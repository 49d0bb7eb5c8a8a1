/** `ringline usage`: what the calls outside of a month come to, by the plans of the numbers that they showed. */
import { Option } from "commander";
import type { RatedCall } from "../../../policy/usage/summary.js";
import { showUsage, USAGE_BY, type UsageBy, type UsageHead } from "../../records/usage.js";
import { usageCallCsv, usageCsv, usageCsvHeading } from "../../records/usage-csv.js";
import { wholeNumber } from "../shared/arguments.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { readingDatabase, sayNoOffice } from "../shared/use-case.js";
import { callJson, callLine, usageJson, usageText } from "./usage-text.js";

const HELP = `
A call counts from its answer to its end, by the second, in the month in which it was answered by the office's clock, and
to the number that it showed; calls between users are free. Which number is on which plan, and the prices, are those of
the live office for all of the month; --revision reckons by those of another revision. Tables round to the currency's
decimals; --csv and --json have all digits. How it is reckoned is in docs/statistics.md.

Examples:
  ringline usage --db ringline.db
  ringline usage --month 2026-11 --by user --db ringline.db
  ringline usage --month 2026-11 --by call --csv --db ringline.db > calls.csv
  ringline plans list --db ringline.db`;

interface Options {
  readonly db: string;
  readonly month?: string;
  readonly by: UsageBy;
  readonly revision?: number;
  readonly json?: boolean;
  readonly csv?: boolean;
}

export const registerUsage: RegisterCommand = (program, terminal) => {
  program
    .command("usage")
    .summary("what calls outside of a month come to, by plan, number and user")
    .description("Reckons the calls outside of a month by the plans of the numbers that they showed.")
    .requiredOption("--db <file>", "the database")
    .option("--month <month>", "such as 2026-11; left out: this month")
    .addOption(new Option("--by <what>", "a line for each").choices(USAGE_BY).default("plan"))
    .option("--revision <revision>", "by the plans of this revision of the office", wholeNumber)
    .option("--csv", "print a table for spreadsheets")
    .option(
      "--json",
      "print one JSON object: { ok, month, rows, withoutPlan, totals, … }; calls before it, one a line",
    )
    .addHelpText("after", HELP)
    .action((options: Options) => reckon(terminal, options));
};

async function reckon(terminal: Terminal, options: Options): Promise<void> {
  const { by, json = false, csv = false, month, revision } = options;
  if (json && csv) return failed(terminal, "give one of --json and --csv", json);
  const oneLine = json
    ? (call: RatedCall) => `${JSON.stringify(callJson(call))}\n`
    : csv
      ? (call: RatedCall, head: UsageHead) => usageCallCsv(call, head)
      : callLine;
  let hasHeading = false;
  const writeHeading = () => {
    if (csv && !hasHeading) terminal.out(usageCsvHeading(by));
    hasHeading = true;
  };
  const onCall = (call: RatedCall, head: UsageHead) => {
    if (by !== "call") return;
    writeHeading();
    terminal.out(oneLine(call, head));
  };
  const ended = await readingDatabase(terminal, options, (deps) =>
    showUsage(deps, { month, revision, onCall }),
  );
  switch (ended?.outcome) {
    case "no_office":
      return sayNoOffice(terminal, json);
    case "no_revision":
      return failed(terminal, `there is no revision ${ended.revision}`, json);
    case "no_month":
      return failed(terminal, `--month ${ended.month}: expected a month such as 2026-11`, json);
    case "usage":
      writeHeading();
      if (json) terminal.out(`${JSON.stringify(usageJson(ended, by))}\n`);
      else terminal.out(csv ? usageCsv(ended, by) : usageText(ended, by, terminal.columns));
      terminal.exit(EXIT_OK);
  }
}
