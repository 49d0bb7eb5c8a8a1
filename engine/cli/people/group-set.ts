/** `ringline group set` and `rename`: change what the office says of a group, field by field, and its id. */
import { type Command, Option } from "commander";
import type { Edit, EditFields } from "../../../policy/change/edits/types.js";
import { given } from "../../../policy/office/optional.js";
import { type ChangeOptions, changing, editByCommand } from "../office/change.js";
import type { RegisterCommand } from "../shared/command.js";
import { orNull, type SharedSetOptions, setEdits, sharedFields, sharedOptions } from "./set-options.js";
import { STRATEGIES } from "./strategies.js";

const SET_HELP = `
Only what is named changes. "none" takes a name, an extension or a prefix away.
\`ringline group member set\` changes the delays and switches of its members.

--ring, --accept and --then change how the group rings in what happens to a call
for it, and what comes then. If it does not begin with the group, --steps says all
of it.

Examples:
  ringline group set sales --name Sales --extension 200 --db ringline.db
  ringline group set sales --strategy in_order --order bob.stone,alice.wong --db r.db
  ringline group set sales --ring 30 --then voicemail --dry-run --db ringline.db`;

const RENAME_HELP = `
What leads to the group leads to it under its new id, and its messages, greetings
and members stay with it. Its name, for people, is changed by \`group set --name\`.

Examples:
  ringline group rename sales support --message "one team" --db ringline.db`;

interface SetOptions extends ChangeOptions, SharedSetOptions {
  readonly name?: string;
  readonly strategy?: string;
  readonly callerIdPrefix?: string;
  readonly order: readonly string[];
}

export const registerGroupSet: RegisterCommand = (group, terminal) => {
  const command: Command = group
    .command("set")
    .summary("change a group")
    .description("Changes what the office says of a group: what is named, and nothing else.")
    .argument("<id>", "the group's id")
    .option("--name <name>", "its name for people, or none: the id")
    .addOption(new Option("--strategy <strategy>", "in which order members ring").choices(STRATEGIES))
    .option("--order <username,…>", "who comes first, second, …; all others after them", listed, [])
    .option("--caller-id-prefix <text>", "put before the caller's name on SIP phones, or none");
  changing(sharedOptions(command))
    .addHelpText("after", SET_HELP)
    .action(async (id: string, options: SetOptions, self: Command) => {
      const { ring, accept, then, order } = options;
      const parts = order.map((username, index): Edit => {
        return { verb: "set", kind: "member", id: `${id}/${username}`, fields: { place: index + 1 } };
      });
      const edits = setEdits("group", [id], { fields: fieldsOf(options), parts, ring, accept, then });
      if (edits === undefined) self.error("error: nothing to change was named");
      else await editByCommand(terminal, options, edits);
    });
  changing(
    group
      .command("rename")
      .summary("give a group another id")
      .description("Gives a group another id; all that belongs to it goes with it.")
      .argument("<id>", "the group's id")
      .argument("<new-id>", "its id from now on"),
  )
    .addHelpText("after", RENAME_HELP)
    .action((id: string, to: string, options: ChangeOptions) =>
      editByCommand(terminal, options, [{ verb: "rename", kind: "group", id, to }]),
    );
};

function fieldsOf(options: SetOptions): EditFields {
  const { name, strategy, callerIdPrefix } = options;
  return {
    ...given({ name: orNull(name), strategy, caller_id_prefix: orNull(callerIdPrefix) }),
    ...sharedFields(options),
  };
}

function listed(text: string, before: readonly string[]): readonly string[] {
  return [...before, ...text.split(",")];
}
