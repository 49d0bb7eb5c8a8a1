/** `ringline group list`: lists every group, built-in ones first, one line each. */
import { type ListedGroup, listGroups } from "../../office/views/groups.js";
import { columns } from "../shared/columns.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { readingDatabase, sayNoOffice } from "../shared/use-case.js";

const HELP = `
Examples:
  ringline group list --db ringline.db
  ringline group list --json --db ringline.db`;

export const registerGroupList: RegisterCommand = (group, terminal) => {
  group
    .command("list")
    .summary("list the groups")
    .description("Lists the groups of the live office, the built-in ones first.")
    .requiredOption("--db <file>", "the database")
    .option("--json", "print one JSON object a line for each group")
    .addHelpText("after", HELP)
    .action(async (options: { db: string; json?: boolean }) => {
      const json = options.json ?? false;
      const ended = await readingDatabase(terminal, options, (deps) => listGroups(deps));
      switch (ended?.outcome) {
        case "no_office":
          sayNoOffice(terminal, json);
          return;
        case "listed":
          if (json) for (const group of ended.groups) terminal.out(`${JSON.stringify(group)}\n`);
          else terminal.out(columns(ended.groups.map(row)));
          terminal.exit(EXIT_OK);
      }
    });
};

function row({ id, name, extension, strategy, builtIn, members }: ListedGroup): string[] {
  const count = members.length === 1 ? "1 member" : `${members.length} members`;
  return [extension ?? "-", id, name, count, strategy, builtIn ? "built in" : ""];
}
