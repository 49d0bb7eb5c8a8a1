/** `ringline user show`: shows everything about one user: devices, groups, what leads to the user, permissions. */
import type { Reason } from "../../../policy/office/permission.js";
import { PERMISSION_NAMES, PERMISSIONS } from "../../../policy/office/permission-names.js";
import { stepsText } from "../../../policy/steps/words.js";
import { type AboutUser, showUser } from "../../office/views/users.js";
import { columns } from "../shared/columns.js";
import type { RegisterCommand } from "../shared/command.js";
import { driftFacts } from "../shared/drift-facts.js";
import { showing } from "../shared/use-case.js";

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
      await showing(terminal, options, (deps) => showUser(deps, username), {
        text: text,
        json: ({ outcome: _, flow: _flow, ...about }) => about,
      });
    });
};

function text({ user, flow, groups, ledFrom, permissions, drift }: AboutUser): string {
  const devices = (user.devices ?? []).map(({ id, sip, phone, location }) =>
    sip === undefined
      ? `${id}: outside phone ${phone}`
      : `${id}: SIP phone ${sip}${location === undefined ? "" : `, ${location}`}`,
  );
  const allowed = PERMISSION_NAMES.filter((name) => permissions[name]?.allowed);
  const facts: [string, readonly string[]][] = [
    ["name", [user.name]],
    ["state", user.suspended === true ? ["suspended"] : []],
    ["extension", [String(user.extension ?? "none")]],
    ["e-mail", user.email === undefined ? [] : [user.email]],
    ["outbound number", user.outbound_number === undefined ? [] : [user.outbound_number]],
    ["location", user.location === undefined ? [] : [user.location]],
    ["devices", devices.length === 0 ? ["none"] : devices],
    ["groups", ["all-users", ...groups]],
    ["a call to them", [stepsText(flow)]],
    ["led to from", ledFrom.length === 0 ? ["nothing but their extension"] : ledFrom],
    [
      "may",
      allowed.length === 0
        ? ["nothing special"]
        : allowed.map((name) => `${PERMISSIONS[name]} (${because(permissions[name]?.because)})`),
    ],
    ["drift", driftFacts(drift)],
  ];
  const rows = facts.flatMap(([title, values]) => values.map((value, at) => [at === 0 ? title : "", value]));
  return `${user.username}\n${columns(rows.map(([title = "", value = ""]) => [`  ${title}`, value]))}`;
}

function because(reason: Reason | undefined): string {
  return BECAUSE[reason ?? "default"];
}
