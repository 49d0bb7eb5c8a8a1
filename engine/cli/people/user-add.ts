/** `ringline user add`: adds one user from options, or all users of a table, as one revision. */
import { type Command, InvalidArgumentError } from "commander";
import type { Permission } from "../../../policy/office/permission-names.js";
import { isCountry } from "../../../policy/routing/country.js";
import {
  ADMIN_GROUPS,
  type AdminKind,
  AUTO,
  addUser,
  addUsersOfTable,
  type TableRefused,
} from "../../office/changes/users.js";
import type { TableProblem } from "../../office/files/import-table.js";
import { readTable } from "../../office/files/import-tables.js";
import {
  type ChangeOptions,
  changeOffice,
  changing,
  onOffice,
  sayChanged,
  sayRefused,
} from "../office/change.js";
import type { RegisterCommand } from "../shared/command.js";
import { columnMapping, tableProblemText } from "../shared/table-options.js";
import type { Terminal } from "../shared/terminal.js";
import { permission } from "./permission-option.js";

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

interface AddOptions extends ChangeOptions {
  readonly from?: string;
  readonly name?: string;
  readonly email?: string;
  readonly extension?: string;
  readonly outboundNumber?: string;
  readonly sip?: string;
  readonly phone?: string;
  readonly group: readonly string[];
  readonly admin: readonly AdminKind[];
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
      .option("--extension <digits>", "2 to 6 digits, or auto for the next free ones")
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
        await addOne(terminal, username ?? "", options);
        return;
      }
      await addTable(terminal, options.from, options);
    });
};

function addOne(terminal: Terminal, username: string, options: AddOptions): Promise<void> {
  const { name = "", email, extension, outboundNumber, sip, phone, permit, deny, admin } = options;
  const facts = { username, name, email, extension, outboundNumber, sip, phone, permit, deny, admin };
  return changeOffice(terminal, options, (deps, request) =>
    addUser(deps, request, { ...facts, groups: options.group }),
  );
}

async function addTable(terminal: Terminal, path: string, options: AddOptions): Promise<void> {
  const json = options.json ?? false;
  const { country, map: columns, extension } = options;
  const warnings = new Set<string>();
  const table = {
    text: await readTable(path),
    country,
    columns,
    autoExtension: extension === AUTO,
    warn: (problem: TableProblem) => warnings.add(tableProblemText(path, problem, terminal.paint, "warning")),
  };
  const ended = await onOffice(terminal, options, (deps, request) => addUsersOfTable(deps, request, table));
  for (const warning of warnings) terminal.err(warning);
  if (ended === undefined) return;
  switch (ended.outcome) {
    case "table_unreadable":
    case "table_faulty":
    case "table_of_numbers":
      sayRefused(terminal, { outcome: "refused", reason: whyNot(path, ended), faults: [] }, json);
      return;
    default:
      sayChanged(terminal, ended, json);
  }
}

function whyNot(path: string, refused: TableRefused): string {
  switch (refused.outcome) {
    case "table_unreadable":
      return `${path}: ${refused.reason}`;
    case "table_faulty":
      return `the table has faults\n${refused.problems
        .map((problem) => tableProblemText(path, problem))
        .join("")
        .trimEnd()}`;
    case "table_of_numbers":
      return `${path} is a table of numbers, not of users`;
  }
}

function repeated(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

function admin(text: string, before: readonly AdminKind[]): readonly AdminKind[] {
  if (!Object.hasOwn(ADMIN_GROUPS, text)) throw new InvalidArgumentError("Not billing or system.");
  return [...before, text as AdminKind];
}

function country(text: string): string {
  if (!isCountry(text)) throw new InvalidArgumentError("Not a country's two letters (ISO 3166), such as US.");
  return text;
}
