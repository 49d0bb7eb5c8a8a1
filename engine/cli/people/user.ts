/** `ringline user`: adds, changes, shows, suspends and removes users, without a file and without restarting anything. */
import type { RegisterCommand } from "../shared/command.js";
import { registerUserAdd } from "./user-add.js";
import { registerUserList } from "./user-list.js";
import { registerUserRemove } from "./user-remove.js";
import { registerUserSet } from "./user-set.js";
import { registerUserShow } from "./user-show.js";
import { registerUserSuspend } from "./user-suspend.js";

const HELP = `
Each change is a new revision with its author and reason, live within a second. The office's files do not know of
it: it shows as drift in \`ringline plan\`, and \`ringline apply\` keeps it unless told to overwrite.

Examples:
  ringline user add dana.reed --name "Dana Reed" --extension auto --group sales --db ringline.db
  ringline user add --from users.csv --extension auto --db ringline.db
  ringline user set dana.reed --extension 105 --dry-run --db ringline.db
  ringline user remove dana.reed --replace-by bob.stone --db ringline.db`;

export const registerUser: RegisterCommand = (program, terminal) => {
  const user = program
    .command("user")
    .summary("add, change, show, suspend and remove people")
    .description("Adds, changes, shows, suspends and removes the people of the office.")
    .addHelpText("after", HELP);
  for (const register of [
    registerUserAdd,
    registerUserSet,
    registerUserShow,
    registerUserList,
    registerUserSuspend,
    registerUserRemove,
  ]) {
    register(user, terminal);
  }
};
