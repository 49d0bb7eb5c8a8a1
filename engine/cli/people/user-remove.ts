/** `ringline user remove`: removes a user from the office, and hands over to a replacement what leads to the user. */
import { removeUser } from "../../office/changes/removals.js";
import { type ChangeOptions, changing } from "../office/change.js";
import {
  REMOVED_MESSAGES_HELP,
  type RemovedMessagesOptions,
  removeByCommand,
  withRemovedMessages,
} from "../office/removed-messages.js";
import type { RegisterCommand } from "../shared/command.js";

const HELP = `
Their memberships of groups end. If a number, a flow, or somebody's no_answer still leads to them, the removal is
refused and says where; --replace-by puts somebody else there: in the steps of every flow, in the groups (not in
the administrators' groups: rights are given, not inherited), and with the extension and the outbound number
where the other has none.
${REMOVED_MESSAGES_HELP} Messages of their groups stay with the groups.

Examples:
  ringline user remove dana.reed --db ringline.db
  ringline user remove dana.reed --export-messages dana --recordings /var/lib/ringline/messages --db ringline.db
  ringline user remove dana.reed --replace-by bob.stone --message "Dana leaves" --db ringline.db`;

interface RemoveOptions extends ChangeOptions, RemovedMessagesOptions {}

export const registerUserRemove: RegisterCommand = (user, terminal) => {
  withRemovedMessages(
    changing(
      user
        .command("remove")
        .summary("remove a user, and hand over to another")
        .description("Removes a user; what leads to them goes to the user named with --replace-by.")
        .argument("<username>", "who")
        .option("--replace-by <username>", "who gets numbers, flows and memberships"),
    ),
  )
    .addHelpText("after", HELP)
    .action((username: string, options: RemoveOptions) =>
      removeByCommand(terminal, username, options, removeUser),
    );
};
