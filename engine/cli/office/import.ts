/** `ringline import`: turns tables of users and numbers into an office file. */
import { InvalidArgumentError } from "commander";
import type { Office } from "../../../policy/office/office.js";
import { isCountry } from "../../../policy/routing/country.js";
import { readOffice } from "../../office/files/read.js";
import { importTables } from "../../office/tables/import-tables.js";
import { EXIT_FAILED, EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { columnMapping, departmentGroup, tableProblemText } from "../shared/table-options.js";
import type { Terminal } from "../shared/terminal.js";
import { showProblems } from "./office-problems.js";

const HELP = `
CSV in any of Excel's ways of writing it, or .xlsx. Headings are found, in English or German and by their usual
words; docs/tables.md has them all. A username that is missing is made of the name. With --office, people who
are there keep their usernames, and departments become the groups that are there.

A number that rings a user or a group takes a message when nobody answers. A number may be a block, such as
+12125550100..99, or any. Digits that may be two numbers get a warning.

The result is part of an office: put it in a folder beside a file with the \`office\` section.

Exit codes: 0 written, 1 something is wrong with a table; then nothing is written.

Examples:
  ringline import users.xlsx numbers.csv > office/people.yaml
  ringline import staff.csv --office office/ --country DE > people.yaml
  ringline import staff.csv --map "Login name=username" --map "Room=-" --group "Sales Dept=sales"`;

interface ImportCommandOptions {
  readonly country?: string;
  readonly sheet?: string;
  readonly map: ReadonlyMap<string, string>;
  readonly group: ReadonlyMap<string, string>;
  readonly office: readonly string[];
}

export const registerImport: RegisterCommand = (program, terminal) => {
  program
    .command("import")
    .summary("turn tables of users and numbers into an office file")
    .description("Turns tables of users and of numbers, CSV or .xlsx, into an office file.")
    .argument("<table...>", "CSV or .xlsx files; the columns say what each holds")
    .option("--country <code>", "how numbers without a country code are read (US)", country)
    .option("--sheet <name>", "the sheet of an .xlsx file to read")
    .option(
      "--map <heading=field>",
      "what a column holds; - leaves it out (repeat for more)",
      columnMapping,
      new Map(),
    )
    .option(
      "--group <department=id>",
      "the group that a department is; - for none (repeat for more)",
      departmentGroup,
      new Map(),
    )
    .option("--office <path>", "the office's files as they are (repeat for more)", repeated, [])
    .addHelpText("after", HELP)
    .action(async (paths: string[], options: ImportCommandOptions) => {
      const known = await knownOffice(terminal, options.office);
      if (known === "faulty") return;
      const { country, sheet, map: columns, group: departments } = options;
      const ended = await importTables(paths, { country, sheet, columns, departments, office: known });
      if (ended.outcome === "imported") {
        for (const { file, problem } of ended.warnings)
          terminal.err(tableProblemText(file, problem, terminal.paint, "warning"));
        terminal.out(ended.text);
        terminal.exit(EXIT_OK);
        return;
      }
      for (const { file, problem } of ended.problems)
        terminal.err(tableProblemText(file, problem, terminal.paint));
      terminal.exit(EXIT_FAILED);
    });
};

/** The office whose files are named; undefined: none are. */
async function knownOffice(
  terminal: Terminal,
  paths: readonly string[],
): Promise<Office | undefined | "faulty"> {
  if (paths.length === 0) return undefined;
  const reading = await readOffice(paths);
  if (reading.office !== undefined) return reading.office;
  showProblems(terminal, reading);
  terminal.exit(EXIT_FAILED);
  return "faulty";
}

function repeated(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

function country(text: string): string {
  if (!isCountry(text)) throw new InvalidArgumentError("Not a country's two letters (ISO 3166), such as US.");
  return text;
}
