/**
 * `ringline user show`: everything the office says of one user: devices, groups, what leads to them, what they may.
 */

import { membershipsOf, mentionsOf, noSuch } from "../../../policy/change/mentions.js";
import type { User } from "../../../policy/office/office.js";
import { decide, type Reason } from "../../../policy/office/permission.js";
import { PERMISSION_NAMES, PERMISSIONS } from "../../../policy/office/permission-names.js";
import { exportUser } from "../../../policy/office-file/export.js";
import { stepsText } from "../../../policy/steps/words.js";
import { type Shown, withOffice } from "../office/office-shown.js";
import { columns } from "../shared/columns.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";

const HELP = `
Examples:
  ringline user show alice.wong --db ringline.db
  ringline user show alice.wong --json --db ringline.db`;

const BECAUSE: Readonly<Record<Reason, string>> = {
  suspended: "suspended",
  own: "by name",
  system_admin: "a System Admin",
  billing_admin: "a Billing Admin",
  has_number: "has a number to show",
  default: "not given",
};

export const registerUserShow: RegisterCommand = (user, terminal) => {
  user
    .command("show")
    .summary("show all about a user")
    .description("Shows all the live office says of a user: devices, groups, what leads there, permissions.")
    .argument("<username>", "who")
    .requiredOption("--db <file>", "the database")
    .option("--json", "print one JSON object: { ok, user, groups, ledFrom, permissions, drift }")
    .addHelpText("after", HELP)
    .action(async (username: string, options: { db: string; json?: boolean }) => {
      await withOffice(terminal, options, async (shown) => {
        const found = shown.office.users.find((each) => each.username === username);
        if (found === undefined) {
          failed(terminal, noSuch(shown.office, "user", username), options.json ?? false);
          return;
        }
        const about = aboutUser(found, shown);
        terminal.out(options.json ? `${JSON.stringify({ ok: true, ...about })}\n` : text(found, about));
        terminal.exit(EXIT_OK);
      });
    });
};

type About = ReturnType<typeof aboutUser>;

function aboutUser(user: User, { office, table, drift }: Shown) {
  const { username, extension } = user;
  return {
    user: exportUser(user),
    groups: membershipsOf(office, username),
    ledFrom: mentionsOf(office, { kind: "user", id: username, extension }),
    permissions: Object.fromEntries(PERMISSION_NAMES.map((name) => [name, decide(user, name, table)])),
    drift: drift.find(({ kind, key }) => kind === "users" && key === username) ?? null,
  };
}

function text(user: User, { groups, ledFrom, permissions, drift }: About): string {
  const devices = user.devices.map(({ id, at }) =>
    at.kind === "sip" ? `${id}: SIP phone ${at.name}` : `${id}: outside phone ${at.number}`,
  );
  const allowed = PERMISSION_NAMES.filter((name) => permissions[name]?.allowed);
  const facts: [string, readonly string[]][] = [
    ["name", [user.name]],
    ["state", user.suspended === true ? ["suspended"] : []],
    ["extension", [user.extension ?? "none"]],
    ["e-mail", user.email === undefined ? [] : [user.email]],
    ["outbound number", user.outboundNumber === undefined ? [] : [user.outboundNumber]],
    ["devices", devices.length === 0 ? ["none"] : devices],
    ["groups", ["all-users", ...groups]],
    ["a call to them", [stepsText(user.flow)]],
    ["led to from", ledFrom.length === 0 ? ["nothing but their extension"] : ledFrom],
    [
      "may",
      allowed.length === 0
        ? ["nothing special"]
        : allowed.map((name) => `${PERMISSIONS[name]} (${because(permissions[name]?.because)})`),
    ],
    [
      "drift",
      drift === null
        ? []
        : [`changed by command in revision ${drift.revision}, ${drift.author}: ${drift.message}`],
    ],
  ];
  const rows = facts.flatMap(([title, values]) => values.map((value, at) => [at === 0 ? title : "", value]));
  return `${user.username}\n${columns(rows.map(([title = "", value = ""]) => [`  ${title}`, value]))}`;
}

function because(reason: Reason | undefined): string {
  return BECAUSE[reason ?? "default"];
}
