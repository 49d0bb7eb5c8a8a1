/**
 * `ringline user list`: everybody of the office, one line each.
 */
import { ALL_USERS } from "../../../policy/office/built-in.js";
import type { Office, User } from "../../../policy/office/office.js";
import { withOffice } from "../office/office-shown.js";
import { columns } from "../shared/columns.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";

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
      await withOffice(terminal, options, async ({ office, table }) => {
        const { group: id, json = false } = options;
        const group = id === undefined ? undefined : table.group(id);
        if (id !== undefined && group === undefined) {
          failed(terminal, `there is no group \`${id}\``, json);
          return;
        }
        const members = group && new Set(group.members.map(({ username }) => username));
        const users = office.users.filter(({ username }) => members?.has(username) ?? true);
        const groups = groupsByUser(office);
        if (json) {
          for (const one of users) terminal.out(`${JSON.stringify(listed(one, groups))}\n`);
        } else {
          terminal.out(columns(users.map((one) => row(one, groups))));
          if (users.length === 0) terminal.err("nobody\n");
        }
        terminal.exit(EXIT_OK);
      });
    });
};

/** Made once: asking every group about every user would be squared in a large office. */
function groupsByUser(office: Office): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { id, members } of office.groups) {
    if (id === ALL_USERS) continue;
    for (const { username } of members) groups.set(username, [...(groups.get(username) ?? []), id]);
  }
  return groups;
}

function listed(user: User, groups: ReadonlyMap<string, readonly string[]>) {
  const { username, name, email, extension, outboundNumber, suspended, devices } = user;
  return {
    username,
    name,
    email: email ?? null,
    extension: extension ?? null,
    outboundNumber: outboundNumber ?? null,
    suspended: suspended ?? false,
    devices: devices.map(({ id }) => id),
    groups: groups.get(username) ?? [],
  };
}

function row(user: User, groups: ReadonlyMap<string, readonly string[]>): string[] {
  return [
    user.extension ?? "-",
    user.username,
    user.name,
    (groups.get(user.username) ?? []).join(", "),
    user.suspended === true ? "suspended" : "",
  ];
}
