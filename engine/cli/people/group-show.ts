/**
 * `ringline group show`: everything the office says of one group: its members and their switches, what leads there.
 */

import { mentionsOf, noSuch } from "../../../policy/change/mentions.js";
import { isBuiltIn } from "../../../policy/office/built-in.js";
import type { Group, Member } from "../../../policy/office/office.js";
import { exportGroup } from "../../../policy/office-file/export.js";
import { stepsText } from "../../../policy/steps/words.js";
import { type Shown, withOffice } from "../office/office-shown.js";
import { columns } from "../shared/columns.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";

const HELP = `
Examples:
  ringline group show sales --db ringline.db
  ringline group show all-users --json --db ringline.db`;

export const registerGroupShow: RegisterCommand = (group, terminal) => {
  group
    .command("show")
    .summary("show all about a group")
    .description("Shows all the live office says of a group: members and their switches, what leads there.")
    .argument("<id>", "the group's id")
    .requiredOption("--db <file>", "the database")
    .option("--json", "print one JSON object: { ok, group, builtIn, ledFrom, drift }")
    .addHelpText("after", HELP)
    .action(async (id: string, options: { db: string; json?: boolean }) => {
      await withOffice(terminal, options, async (shown) => {
        const found = shown.table.group(id);
        if (found === undefined) {
          failed(terminal, noSuch(shown.office, "group", id), options.json ?? false);
          return;
        }
        const about = aboutGroup(found, shown);
        terminal.out(options.json ? `${JSON.stringify({ ok: true, ...about })}\n` : text(found, about));
        terminal.exit(EXIT_OK);
      });
    });
};

function aboutGroup(group: Group, { office, drift }: Shown) {
  const { id, extension } = group;
  return {
    group: exportGroup(group),
    builtIn: isBuiltIn(id),
    ledFrom: mentionsOf(office, { kind: "group", id, extension }),
    drift: drift.find(({ kind, key }) => kind === "groups" && key === id) ?? null,
  };
}

function text(group: Group, { builtIn, ledFrom, drift }: ReturnType<typeof aboutGroup>): string {
  const facts: [string, readonly string[]][] = [
    ["name", [builtIn ? `${group.name} (built in)` : group.name]],
    ["extension", [group.extension ?? "none"]],
    ["strategy", [group.strategy]],
    ["members", group.members.length === 0 ? ["none"] : group.members.map(memberText)],
    ["a call to it", [stepsText(group.flow)]],
    ["led to from", ledFrom.length === 0 ? ["nothing but its extension"] : ledFrom],
    [
      "drift",
      drift === null
        ? []
        : [`changed by command in revision ${drift.revision}, ${drift.author}: ${drift.message}`],
    ],
  ];
  const rows = facts.flatMap(([title, values]) => values.map((value, at) => [at === 0 ? title : "", value]));
  return `${group.id}\n${columns(rows.map(([title = "", value = ""]) => [`  ${title}`, value]))}`;
}

function memberText({ username, delayMs, ringMs, calls, voicemail }: Member): string {
  const words = [
    calls ? "" : "no calls",
    voicemail ? "" : "no messages",
    delayMs === 0 ? "" : `after ${delayMs / 1000} s`,
    ringMs === null ? "" : `for ${ringMs / 1000} s`,
  ].filter((word) => word !== "");
  return words.length === 0 ? username : `${username} (${words.join(", ")})`;
}
