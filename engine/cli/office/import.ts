/** `ringline import`: turns tables of users and numbers into an office file. */
import { InvalidArgumentError } from "commander";
import { isCountry } from "../../../policy/routing/country.js";
import { importTables } from "../../office/files/import-tables.js";
import { EXIT_FAILED, EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { columnMapping, tableProblemText } from "../shared/table-options.js";

const HELP = `
A table of users has a column username, and any of name (or first_name and last_name), email, extension,
outbound_number, sip, phone, groups. A table of numbers has a column number, and any of label,
caller_id_prefix, flow, target (user:NAME, group:ID, extension:101, flow:ID), timeout. Common other headings
are known, too. Comma, semicolon and tab all do.

A number may be a block, such as +12125550100..99, or any. Digits that may be two numbers get a warning.

The result is part of an office: put it in a folder beside a file with the \`office\` section.

Exit codes: 0 written, 1 something is wrong with a table; then nothing is written.

Examples:
  ringline import users.csv numbers.csv > office/people.yaml
  ringline import staff.csv --map "Login name=username" --map "Room=-"`;

interface ImportCommandOptions {
  readonly country: string;
  readonly map: ReadonlyMap<string, string>;
}

export const registerImport: RegisterCommand = (program, terminal) => {
  program
    .command("import")
    .summary("turn tables of users and numbers into an office file")
    .description("Turns CSV tables of users and of numbers into an office file.")
    .argument("<table...>", "CSV files; the columns say what each holds")
    .option("--country <code>", "how numbers without a country code are read", country, "US")
    .option(
      "--map <heading=field>",
      "what a column holds; - leaves it out (repeat for more)",
      columnMapping,
      new Map(),
    )
    .addHelpText("after", HELP)
    .action(async (paths: string[], options: ImportCommandOptions) => {
      const ended = await importTables(paths, { country: options.country, columns: options.map });
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

function country(text: string): string {
  if (!isCountry(text)) throw new InvalidArgumentError("Not a country's two letters (ISO 3166), such as US.");
  return text;
}
