/** `ringline user list`: lists the users of the office, one line each. */
import { type ListedUser, listUsers } from "../../office/views/users.js";
import { columns } from "../shared/columns.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import { readingDatabase, sayNoOffice } from "../shared/use-case.js";

const HELP = `
Examples:
  ringline user list --db ringline.db
  ringline user list --group sales --json --db ringline.db`;

interface ListOptions {
  readonly db: string;
  readonly group?: string;
  readonly json?: boolean;
}

export const registerUserList: RegisterCommand = (user, terminal) => {
  user
    .command("list")
    .summary("list everybody")
    .description("Lists the users of the live office.")
    .requiredOption("--db <file>", "the database")
    .option("--group <id>", "only the members of this group")
    .option("--json", "print one JSON object a line for each user")
    .addHelpText("after", HELP)
    .action(async (options: ListOptions) => {
      const json = options.json ?? false;
      const ended = await readingDatabase(terminal, options, (deps) => listUsers(deps, options.group));
      switch (ended?.outcome) {
        case "no_office":
          sayNoOffice(terminal, json);
          return;
        case "not_found":
          failed(terminal, ended.reason, json);
          return;
        case "listed":
          if (json) for (const user of ended.users) terminal.out(`${JSON.stringify(user)}\n`);
          else terminal.out(columns(ended.users.map(row)));
          if (ended.users.length === 0 && !json) terminal.err("nobody\n");
          terminal.exit(EXIT_OK);
      }
    });
};

function row({ extension, username, name, groups, suspended }: ListedUser): string[] {
  return [extension ?? "-", username, name, groups.join(", "), suspended ? "suspended" : ""];
}
