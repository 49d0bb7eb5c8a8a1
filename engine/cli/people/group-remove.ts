/** `ringline group remove`: removes a group from the office; its members stay. */
import { removeGroup } from "../../office/changes/removals.js";
import { type ChangeOptions, changing } from "../office/change.js";
import {
  REMOVED_MESSAGES_HELP,
  type RemovedMessagesOptions,
  removeByCommand,
  withRemovedMessages,
} from "../office/removed-messages.js";
import type { RegisterCommand } from "../shared/command.js";

const HELP = `
If a number, a flow, or somebody's no_answer still leads to the group, the removal is refused and says where;
--replace-by puts another group there. The built-in groups cannot be removed.
${REMOVED_MESSAGES_HELP}

Examples:
  ringline group remove sales --db ringline.db
  ringline group remove sales --replace-by reception --message "one team now" --db ringline.db`;

interface RemoveOptions extends ChangeOptions, RemovedMessagesOptions {}

export const registerGroupRemove: RegisterCommand = (group, terminal) => {
  withRemovedMessages(
    changing(
      group
        .command("remove")
        .summary("remove a group")
        .description("Removes a group; what leads to it goes to the group named with --replace-by.")
        .argument("<id>", "the group's id")
        .option("--replace-by <id>", "which group gets its calls"),
    ),
  )
    .addHelpText("after", HELP)
    .action((id: string, options: RemoveOptions) => removeByCommand(terminal, id, options, removeGroup));
};
