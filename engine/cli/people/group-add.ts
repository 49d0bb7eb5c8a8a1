/** `ringline group add`: makes a group with members. */
import { type Command, Option } from "commander";
import type { Strategy } from "../../../policy/office/office.js";
import { addGroup } from "../../office/changes/groups.js";
import { type ChangeOptions, changeOffice, changing } from "../office/change.js";
import type { RegisterCommand } from "../shared/command.js";
import { STRATEGIES } from "./strategies.js";

const HELP = `
A group needs a member who takes its calls.

Examples:
  ringline group add sales --name Sales --extension 200 --member alice.wong --member bob.stone --db ringline.db
  ringline group add support --member carol.diaz --strategy in_order --db ringline.db`;

interface AddOptions extends ChangeOptions {
  readonly name?: string;
  readonly extension?: string;
  readonly strategy?: Strategy;
  readonly member: readonly string[];
}

export const registerGroupAdd: RegisterCommand = (group, terminal) => {
  const command: Command = group
    .command("add")
    .summary("make a group")
    .description("Makes a group of some members.")
    .argument("<id>", "the group's id, as in group:ID")
    .option("--name <name>", "its name; the id unless given")
    .option("--extension <digits>", "2 to 6 digits that reach it from inside")
    .addOption(new Option("--strategy <strategy>", "in which order members ring").choices(STRATEGIES))
    .option(
      "--member <username>",
      "who is in it (repeat for more)",
      (one: string, more: readonly string[]) => [...more, one],
      [],
    );
  changing(command)
    .addHelpText("after", HELP)
    .action(async (id: string, options: AddOptions) => {
      const { name, extension, strategy, member: members } = options;
      await changeOffice(terminal, options, (deps, request) =>
        addGroup(deps, request, { id, name, extension, strategy, members }),
      );
    });
};
