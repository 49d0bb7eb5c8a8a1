/**
 * `ringline user add`: one user by options, or as many as a table has, as one revision.
 */
import { type Command, InvalidArgumentError } from "commander";
import { type Edited, refused } from "../../../policy/change/edit.js";
import { addUsers, type NewUsers } from "../../../policy/change/users.js";
import { BILLING_ADMINS, SYSTEM_ADMINS } from "../../../policy/office/built-in.js";
import type { Office } from "../../../policy/office/office.js";
import { PERMISSION_NAMES, type Permission } from "../../../policy/office/permission-names.js";
import type { GroupFile, UserFile } from "../../../policy/office-file/export.js";
import { suggest } from "../../../policy/office-file/suggest.js";
import { isCountry } from "../../../policy/routing/number.js";
import { readOfficeTexts } from "../../office/files.js";
import { importTable } from "../../office/import-table.js";
import { type ChangeOptions, changeOffice, changing } from "../office/change.js";
import type { RegisterCommand } from "../shared/command.js";
import { columnMapping, tableProblemText } from "../shared/table-options.js";
import type { Terminal } from "../shared/terminal.js";

const HELP = `
A username has 5 to 30 of a-z, 0-9, dot, dash and underscore, and never changes. Extension, e-mail address and
SIP names are each given once in an office.

--extension auto gives the smallest free extension from 101 on, emergency numbers left out; with --from, to
everyone whose row has none. A table is read as by \`ringline import\`; all of it is one revision, or none.

Phones are added here by their names only; \`ringline device\` makes what they sign in with.

Examples:
  ringline user add dana.reed --name "Dana Reed" --email dana@example.com --extension 105 --db ringline.db
  ringline user add dana.reed --name "Dana Reed" --extension auto --group sales --admin billing --db ringline.db
  ringline user add dana.reed --name "Dana Reed" --phone "+1 917 555 0144" --deny outside_calls --db ringline.db
  ringline user add --from users.csv --extension auto --message "the new branch" --db ringline.db`;

const AUTO = "auto";
const ADMINS: Readonly<Record<string, string>> = { billing: BILLING_ADMINS, system: SYSTEM_ADMINS };

interface AddOptions extends ChangeOptions {
  readonly from?: string;
  readonly name?: string;
  readonly email?: string;
  readonly extension?: string;
  readonly outboundNumber?: string;
  readonly sip?: string;
  readonly phone?: string;
  readonly group: readonly string[];
  readonly admin: readonly string[];
  readonly permit: readonly Permission[];
  readonly deny: readonly Permission[];
  readonly country?: string;
  readonly map: ReadonlyMap<string, string>;
}

export const registerUserAdd: RegisterCommand = (user, terminal) => {
  changing(
    user
      .command("add")
      .summary("add a user, or all of a table")
      .description("Adds a user, or all the users of a table, as one new revision.")
      .argument("[username]", "the new user's name; left out with --from")
      .option("--from <table>", "add everybody in this CSV file")
      .option("--name <name>", "the person's name")
      .option("--email <address>", "an e-mail address")
      .option("--extension <digits>", "3 or 4 digits, or auto for the next free ones")
      .option("--outbound-number <number>", "the number of the office that outside parties see")
      .option("--sip <name>", "a SIP phone, by the name it signs in with")
      .option("--phone <number>", "an outside phone to ring, too")
      .option("--group <id>", "a group to join (repeat for more)", repeated, [])
      .option("--admin <kind>", "make them an administrator: billing or system (repeat for both)", admin, [])
      .option("--permit <permission>", "allow something by name (repeat for more)", permission, [])
      .option("--deny <permission>", "deny something by name (repeat for more)", permission, [])
      .option("--country <code>", "how the table's numbers without a country code are read", country)
      .option(
        "--map <heading=field>",
        "what a column of the table holds; - leaves it out",
        columnMapping,
        new Map(),
      ),
  )
    .addHelpText("after", HELP)
    .action(async (username: string | undefined, options: AddOptions, command: Command) => {
      if ((username === undefined) === (options.from === undefined)) {
        command.error("error: either a username, or --from with a table");
      }
      if (options.from === undefined) {
        if (options.name === undefined) command.error("error: required option '--name <name>' not specified");
        await changeOffice(terminal, options, `user add ${username}`, (office) =>
          addOne(office, username ?? "", options),
        );
        return;
      }
      await addTable(terminal, options.from, options);
    });
};

function addOne(office: Office, username: string, options: AddOptions): Edited {
  const unknown = options.group.find((id) => !office.groups.some((group) => group.id === id));
  if (unknown !== undefined) {
    const meant = suggest(
      unknown,
      office.groups.map(({ id }) => id),
    );
    return refused(
      `there is no group \`${unknown}\`${meant === undefined ? "" : `; did you mean ${meant}?`}`,
    );
  }
  const groups = [...options.group, ...options.admin];
  const added: NewUsers = {
    users: [userFile(username, options)],
    groups: groups.map((id): GroupFile => ({ id, members: [{ user: username }] })),
  };
  return addUsers(office, added, { autoExtension: options.extension === AUTO });
}

function userFile(username: string, options: AddOptions): UserFile {
  const { name = "", email, extension, outboundNumber, sip, phone, permit, deny } = options;
  const devices = [
    ...(sip === undefined ? [] : [{ id: "desk", sip }]),
    ...(phone === undefined ? [] : [{ id: "cell", phone }]),
  ];
  const permissions = Object.fromEntries([
    ...permit.map((word) => [word, true]),
    ...deny.map((word) => [word, false]),
  ]);
  return {
    username,
    name,
    ...(email === undefined ? {} : { email }),
    ...(extension === undefined || extension === AUTO ? {} : { extension }),
    ...(outboundNumber === undefined ? {} : { outbound_number: outboundNumber }),
    ...(permit.length + deny.length === 0 ? {} : { permissions }),
    ...(devices.length === 0 ? {} : { devices }),
  };
}

async function addTable(terminal: Terminal, path: string, options: AddOptions): Promise<void> {
  const [text] = await readOfficeTexts([path]);
  const name = path.split("/").at(-1) ?? path;
  await changeOffice(terminal, options, `user add --from ${name}`, (office) => {
    if (text === undefined || text.failure !== undefined) {
      return refused(`${path}: ${text?.failure?.reason ?? "nothing to read"}`);
    }
    const columns = options.map;
    const imported = importTable(text.text, { country: options.country ?? office.country, columns });
    if (imported.problems.length > 0) {
      const shown = imported.problems.map((problem) => tableProblemText(path, problem)).join("");
      return refused(`the table has faults\n${shown.trimEnd()}`);
    }
    if (imported.content.numbers !== undefined) return refused(`${path} is a table of numbers, not of users`);
    const { users = [], groups = [] } = imported.content;
    return addUsers(office, { users, groups }, { autoExtension: options.extension === AUTO });
  });
}

function repeated(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

function admin(text: string, before: readonly string[]): readonly string[] {
  const id = Object.hasOwn(ADMINS, text) ? ADMINS[text] : undefined;
  if (id === undefined) throw new InvalidArgumentError("Not billing or system.");
  return [...before, id];
}

function permission(text: string, before: readonly Permission[]): readonly Permission[] {
  const known = PERMISSION_NAMES.find((name) => name === text);
  if (known === undefined) throw new InvalidArgumentError(`Not one of ${PERMISSION_NAMES.join(", ")}.`);
  return [...before, known];
}

function country(text: string): string {
  if (!isCountry(text)) throw new InvalidArgumentError("Not a country's two letters (ISO 3166), such as US.");
  return text;
}
