/** `ringline number list`: lists the office's numbers and what a call to each does, one line each. */
import { type ListedNumber, listNumbers, type NumberFilter } from "../../office/views/numbers.js";
import { columns } from "../shared/columns.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import { readingDatabase, sayNoOffice } from "../shared/use-case.js";

const HELP = `
A text finds numbers by their digits, label, flow, or what a call to them does.
--to also finds numbers that lead there by way of other flows.

Examples:
  ringline number list --db r.db
  ringline number list "(212) 555" --db r.db
  ringline number list --to user:bob.stone --db r.db
  ringline number list --unused --json --db r.db`;

interface ListOptions extends Omit<NumberFilter, "unused" | "text"> {
  readonly db: string;
  readonly unused?: boolean;
  readonly json?: boolean;
}

export const registerNumberList: RegisterCommand = (number, terminal) => {
  number
    .command("list")
    .summary("list the numbers, and where they lead")
    .description("Lists the numbers of the live office, and what a call to each does.")
    .argument("[text]", "only those with this text")
    .requiredOption("--db <file>", "the database")
    .option("--to <destination>", "only those that lead to this user, group, flow or outside number")
    .option("--unused", "only those that lead nowhere yet")
    .option("--json", "print one JSON object a line for each number")
    .addHelpText("after", HELP)
    .action(async (text: string | undefined, { to, unused = false, ...options }: ListOptions) => {
      const json = options.json ?? false;
      const ended = await readingDatabase(terminal, options, (deps) =>
        listNumbers(deps, { to, unused, text }),
      );
      switch (ended?.outcome) {
        case "no_office":
          sayNoOffice(terminal, json);
          return;
        case "not_found":
          failed(terminal, ended.reason, json);
          return;
        case "listed":
          if (json) for (const each of ended.numbers) terminal.out(`${JSON.stringify(each)}\n`);
          else terminal.out(columns(ended.numbers.map(row)));
          if (ended.numbers.length === 0 && !json) terminal.err("no number\n");
          terminal.exit(EXIT_OK);
      }
    });
};

function row({ number, label, flow, does }: ListedNumber): string[] {
  const leads = flow === null ? (does ?? "nowhere yet") : `flow ${flow}: ${does}`;
  return [number, label ?? "-", leads];
}
