/** `ringline user add`: adds one user from options, or all users of a table, as one revision. */
import { type Command, InvalidArgumentError } from "commander";
import { ADMIN_GROUPS } from "../../../policy/change/people-content.js";
import type { AdminKind } from "../../../policy/change/person.js";
import type { Permission } from "../../../policy/office/permission-names.js";
import { isCountry } from "../../../policy/routing/country.js";
import { AUTO, addUser } from "../../office/changes/users.js";
import { type ChangeOptions, changeOffice, changing } from "../office/change.js";
import { wholeNumber } from "../shared/arguments.js";
import type { RegisterCommand } from "../shared/command.js";
import { columnMapping, departmentGroup } from "../shared/table-options.js";
import type { Terminal } from "../shared/terminal.js";
import { permission } from "./permission-option.js";
import { addTable } from "./user-table.js";

const HELP = `
A username has 5 to 30 of a-z, 0-9, dot, dash and underscore, and never changes. Extension, e-mail address and
SIP names are each given once in an office.

--extension auto gives the smallest free extension from 101 on, emergency numbers left out; with --from, to
everyone new whose row has none.

A table, CSV or .xlsx, is read as by \`ringline import\`; all of it is one revision, or none. With --update it
also changes who is there, found by username, e-mail address or name: what a cell says, and nothing where it is
empty; - in a cell takes away. With --remove-missing users who are not in it go, a tenth at most unless a
number is given. The plan is shown and asked about first, or --yes applies it.

Phones are added here by their names only; \`ringline device\` makes what they sign in with.

Examples:
  ringline user add dana.reed --name "Dana Reed" --email dana@example.com --extension 105 --db ringline.db
  ringline user add dana.reed --name "Dana Reed" --extension auto --group sales --admin billing --db ringline.db
  ringline user add dana.reed --name "Dana Reed" --phone "+1 917 555 0144" --deny outside_calls --db ringline.db
  ringline user add --from users.csv --extension auto --message "the new branch" --db ringline.db
  ringline user add --from staff.xlsx --update --remove-missing --dry-run --db ringline.db
  ringline user add --from staff.xlsx --update --yes --group "Sales Dept=sales" --db ringline.db`;

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
  readonly sheet?: string;
  readonly map: ReadonlyMap<string, string>;
  readonly update?: boolean;
  readonly removeMissing?: true | number;
  readonly yes?: boolean;
}

export const registerUserAdd: RegisterCommand = (user, terminal) => {
  changing(
    user
      .command("add")
      .summary("add a user, or all of a table")
      .description("Adds a user, or all the users of a table, as one new revision.")
      .argument("[username]", "the new user's name; left out with --from")
      .option("--from <table>", "add everybody in this table, CSV or .xlsx")
      .option("--name <name>", "the person's name")
      .option("--email <address>", "an e-mail address")
      .option("--extension <digits>", "2 to 6 digits, or auto for the next free ones")
      .option("--outbound-number <number>", "the number of the office that outside parties see")
      .option("--sip <name>", "a SIP phone, by the name it signs in with")
      .option("--phone <number>", "an outside phone to ring, too")
      .option("--group <id>", "a group to join; with --from: DEPARTMENT=ID (repeat)", repeated, [])
      .option("--admin <kind>", "make them an administrator: billing or system (repeat for both)", admin, [])
      .option("--permit <permission>", "allow something by name (repeat for more)", permission, [])
      .option("--deny <permission>", "deny something by name (repeat for more)", permission, [])
      .option("--country <code>", "how the table's numbers without a country code are read", country)
      .option(
        "--map <heading=field>",
        "what a column of the table holds; - leaves it out",
        columnMapping,
        new Map(),
      )
      .option("--sheet <name>", "the sheet of an .xlsx table to read")
      .option("--update", "with --from: also change users who are there")
      .option("--remove-missing [most]", "with --update: remove users who are not in the table", wholeNumber)
      .option("--yes", "with --update: apply without asking"),
  )
    .addHelpText("after", HELP)
    .action(async (username: string | undefined, options: AddOptions, command: Command) => {
      if ((username === undefined) === (options.from === undefined)) {
        command.error("error: either a username, or --from with a table");
      }
      const wrong = wrongTogether(options);
      if (wrong !== undefined) command.error(`error: ${wrong}`);
      if (options.from === undefined) {
        if (options.name === undefined) command.error("error: required option '--name <name>' not specified");
        await addOne(terminal, username ?? "", options);
        return;
      }
      const departments = new Map(options.group.flatMap((text) => [...departmentGroup(text, new Map())]));
      await addTable(terminal, options.from, {
        ...options,
        departments,
        autoExtension: options.extension === AUTO,
      });
    });
};

/** Options that mean nothing without others would be taken for granted. */
function wrongTogether(options: AddOptions): string | undefined {
  const { from, update, removeMissing, yes, sheet, group } = options;
  if (removeMissing !== undefined && update !== true) return "--remove-missing needs --update";
  if (yes === true && update !== true) return "--yes needs --update";
  if (from !== undefined)
    return group.every((text) => /.=./.test(text)) ? undefined : "--group with --from is DEPARTMENT=ID";
  return update === true || sheet !== undefined ? "--update and --sheet need --from with a table" : undefined;
}

function addOne(terminal: Terminal, username: string, options: AddOptions): Promise<void> {
  const { name = "", email, extension, outboundNumber, sip, phone, permit, deny, admin } = options;
  const facts = { username, name, email, extension, outboundNumber, sip, phone, permit, deny, admin };
  return changeOffice(terminal, options, (deps, request) =>
    addUser(deps, request, { ...facts, groups: options.group }),
  );
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
