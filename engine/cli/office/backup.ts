/** `ringline backup`: copies the database consistently, while the engine and commands may go on working. */
import { backUp } from "../../office/views/revisions.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import { onDatabase } from "../shared/use-case.js";

const HELP = `
The copy is a whole database of its own; to go back to it, put it in the place of the live one while nothing runs.

Examples:
  ringline backup ringline-monday.db --db ringline.db`;

export const registerBackup: RegisterCommand = (program, terminal) => {
  program
    .command("backup")
    .summary("copy the database while it is in use")
    .description("Writes a consistent copy of the database to a new file, while the engine runs.")
    .argument("<file>", "the copy; must not exist yet")
    .requiredOption("--db <file>", "the database")
    .addHelpText("after", HELP)
    .action(async (file: string, options: { db: string }) => {
      const ended = await onDatabase(terminal, options, (deps) => backUp(deps, file));
      switch (ended?.outcome) {
        case "written":
          terminal.out(`${file}: revision ${ended.revision}\n`);
          terminal.exit(EXIT_OK);
          return;
        case "exists":
          failed(terminal, `${file} is there already; a backup overwrites nothing`, false);
          return;
        case "failed":
          failed(terminal, `${file} could not be written: ${ended.detail}`, false);
      }
    });
};
