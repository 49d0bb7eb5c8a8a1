/** `ringline number`: shows the office's numbers, and where calls to them go; adds, changes and removes them. */
import type { RegisterCommand } from "../shared/command.js";
import { registerNumberChange } from "./number-change.js";
import { registerNumberList } from "./number-list.js";
import { registerNumberRemove } from "./number-remove.js";
import { registerNumberShow } from "./number-show.js";

const HELP = `
Each change is a new revision with its author and reason, live within a second.
The office's files do not know of it: it shows as drift in \`ringline plan\`, and
\`ringline apply\` keeps it unless told to overwrite.

Examples:
  ringline number list --to user:bob.stone --db r.db
  ringline number set "+12125550100" --to group:sales --ring 30 --db r.db
  ringline number show "+12125550100" --db r.db`;

export const registerNumber: RegisterCommand = (program, terminal) => {
  const number = program
    .command("number")
    .summary("say where calls to a number go; add and remove numbers")
    .description("Shows the office's numbers and where calls to them go, and changes that.")
    .addHelpText("after", HELP);
  for (const register of [
    registerNumberList,
    registerNumberShow,
    registerNumberChange,
    registerNumberRemove,
  ]) {
    register(number, terminal);
  }
};
