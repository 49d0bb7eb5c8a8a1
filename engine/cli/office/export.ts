/** `ringline export`: writes the live office as a file; applying the file changes nothing. */
import { exportRevision } from "../../office/views/revisions.js";
import { wholeNumber } from "../shared/arguments.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import { readingDatabase } from "../shared/use-case.js";

const HELP = `
Examples:
  ringline export --db ringline.db > office.yaml
  ringline export --db ringline.db --revision 41`;

export const registerExport: RegisterCommand = (program, terminal) => {
  program
    .command("export")
    .summary("write the live office as a file")
    .description("Writes the live office, or an earlier one, as an office file; applied, it changes nothing.")
    .requiredOption("--db <file>", "the database")
    .option("--revision <revision>", "another revision than the live one", wholeNumber)
    .addHelpText("after", HELP)
    .action(async (options: { db: string; revision?: number }) => {
      const ended = await readingDatabase(terminal, options, (deps) =>
        exportRevision(deps, options.revision),
      );
      switch (ended?.outcome) {
        case "exported":
          terminal.out(ended.text);
          terminal.exit(EXIT_OK);
          return;
        case "no_revision": {
          const none = ended.revision === 0;
          failed(
            terminal,
            none ? "nothing was applied yet" : `there is no revision ${ended.revision}`,
            false,
          );
        }
      }
    });
};
