/**
 * `ringline group list`: every group, the built-in ones first, one line each.
 */
import { BUILT_IN_GROUPS, isBuiltIn } from "../../../policy/office/built-in.js";
import type { Group } from "../../../policy/office/office.js";
import { type Shown, withOffice } from "../office/office-shown.js";
import { columns } from "../shared/columns.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";

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
      await withOffice(terminal, options, async (shown) => {
        const groups = allGroups(shown);
        if (options.json) for (const one of groups) terminal.out(`${JSON.stringify(listed(one))}\n`);
        else terminal.out(columns(groups.map(row)));
        terminal.exit(EXIT_OK);
      });
    });
};

function allGroups({ office, table }: Shown): Group[] {
  const own = office.groups.filter(({ id }) => !isBuiltIn(id)).map(({ id }) => id);
  return [...BUILT_IN_GROUPS, ...own].flatMap((id) => table.group(id) ?? []);
}

function listed({ id, name, extension, strategy, members }: Group) {
  return {
    id,
    name,
    extension: extension ?? null,
    strategy,
    builtIn: isBuiltIn(id),
    members: members.map(({ username }) => username),
  };
}

function row({ id, name, extension, strategy, members }: Group): string[] {
  const count = members.length === 1 ? "1 member" : `${members.length} members`;
  return [extension ?? "-", id, name, count, strategy, isBuiltIn(id) ? "built in" : ""];
}
