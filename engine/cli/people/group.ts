/**
 * `ringline group`: makes, shows, changes and removes groups of people.
 */
import type { RegisterCommand } from "../shared/command.js";
import { registerGroupAdd } from "./group-add.js";
import { registerGroupList } from "./group-list.js";
import { registerGroupMember } from "./group-member.js";
import { registerGroupRemove } from "./group-remove.js";
import { registerGroupSet } from "./group-set.js";
import { registerGroupShow } from "./group-show.js";

const HELP = `
Three groups are built in and cannot be removed: all-users, in which everyone is, billing-admins and
system-admins, whose members may see to bills and to everything.

Each change is a new revision with its author and reason, live within a second. The office's files do not know of
it: it shows as drift in \`ringline plan\`, and \`ringline apply\` keeps it unless told to overwrite.

Examples:
  ringline group add sales --name Sales --extension 200 --member alice.wong --db ringline.db
  ringline group member add system-admins alice.wong --db ringline.db
  ringline group member switch sales alice.wong --voicemail off --db ringline.db`;

export const registerGroup: RegisterCommand = (program, terminal) => {
  const group = program
    .command("group")
    .summary("make, show, change and remove groups")
    .description("Makes, shows, changes and removes the groups of the office.")
    .addHelpText("after", HELP);
  for (const register of [
    registerGroupAdd,
    registerGroupSet,
    registerGroupShow,
    registerGroupList,
    registerGroupMember,
    registerGroupRemove,
  ]) {
    register(group, terminal);
  }
};
