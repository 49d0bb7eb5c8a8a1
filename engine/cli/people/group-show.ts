/** `ringline group show`: shows everything about one group: members, their switches, and what leads to it. */
import type { MemberFile } from "../../../policy/office-file/schema.js";
import { stepsText } from "../../../policy/steps/words.js";
import { type AboutGroup, showGroup } from "../../office/views/groups.js";
import { columns } from "../shared/columns.js";
import type { RegisterCommand } from "../shared/command.js";
import { driftFacts } from "../shared/drift-facts.js";
import { showing } from "../shared/use-case.js";

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
      await showing(terminal, options, (deps) => showGroup(deps, id), {
        text: text,
        json: ({ outcome: _, flow: _flow, ...about }) => about,
      });
    });
};

function text({ group, flow, builtIn, ledFrom, drift }: AboutGroup): string {
  const { id, name = id, members = [], strategy = "simultaneous" } = group;
  const facts: [string, readonly string[]][] = [
    ["name", [builtIn ? `${name} (built in)` : name]],
    ["extension", [String(group.extension ?? "none")]],
    ["strategy", [strategy]],
    ["members", members.length === 0 ? ["none"] : members.map(memberText)],
    ["a call to it", [stepsText(flow)]],
    ["led to from", ledFrom.length === 0 ? ["nothing but its extension"] : ledFrom],
    ["drift", driftFacts(drift)],
  ];
  const rows = facts.flatMap(([title, values]) => values.map((value, at) => [at === 0 ? title : "", value]));
  return `${id}\n${columns(rows.map(([title = "", value = ""]) => [`  ${title}`, value]))}`;
}

function memberText({ user, delay = 0, ring, calls = true, voicemail = true }: MemberFile): string {
  const words = [
    calls ? "" : "no calls",
    voicemail ? "" : "no messages",
    delay === 0 ? "" : `after ${delay} s`,
    ring === undefined ? "" : `for ${ring} s`,
  ].filter((word) => word !== "");
  return words.length === 0 ? user : `${user} (${words.join(", ")})`;
}
