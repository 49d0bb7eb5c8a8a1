/** `ringline flow list`: lists the named flows of the office, one line each. */
import { counted } from "../../counted.js";
import { type ListedFlow, listFlows } from "../../office/views/flows.js";
import { columns } from "../shared/columns.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { readingDatabase, sayNoOffice } from "../shared/use-case.js";

const HELP = `
Examples:
  ringline flow list --db r.db
  ringline flow list voicemail --db r.db
  ringline flow list --unused --json --db r.db`;

interface ListOptions {
  readonly db: string;
  readonly unused?: boolean;
  readonly json?: boolean;
}

export const registerFlowList: RegisterCommand = (flow, terminal) => {
  flow
    .command("list")
    .summary("list the flows")
    .description("Lists the named flows of the live office, and from how many places calls come there.")
    .argument("[text]", "only those with this text in their id or steps")
    .requiredOption("--db <file>", "the database")
    .option("--unused", "only those that nothing leads to")
    .option("--json", "print one JSON object a line for each flow")
    .addHelpText("after", HELP)
    .action(async (text: string | undefined, options: ListOptions) => {
      const json = options.json ?? false;
      const unused = options.unused ?? false;
      const ended = await readingDatabase(terminal, options, (deps) => listFlows(deps, { unused, text }));
      switch (ended?.outcome) {
        case "no_office":
          sayNoOffice(terminal, json);
          return;
        case "listed":
          if (json) for (const each of ended.flows) terminal.out(`${JSON.stringify(each)}\n`);
          else terminal.out(columns(ended.flows.map(row)));
          if (ended.flows.length === 0 && !json) terminal.err("no flow\n");
          terminal.exit(EXIT_OK);
      }
    });
};

function row({ id, does, ledFrom }: ListedFlow): string[] {
  return [id, ledFrom.length === 0 ? "unused" : `from ${counted(ledFrom.length, "place")}`, does];
}
