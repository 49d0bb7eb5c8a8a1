/**
 * `ringline export`: the live office as a file that, applied, changes nothing.
 */
import { exportOffice } from "../../../policy/office-file/export.js";
import { writeOfficeFile } from "../../office/write.js";
import { wholeNumber } from "../shared/arguments.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed, withDatabase } from "../shared/database.js";

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
      await withDatabase(terminal, { path: options.db, mustExist: true, json: false }, async (store) => {
        const revision = options.revision ?? (await store.currentRevision());
        const office = await store.loadOffice(revision);
        if (office === undefined) {
          failed(
            terminal,
            revision === 0 ? "nothing was applied yet" : `there is no revision ${revision}`,
            false,
          );
          return;
        }
        terminal.out(writeOfficeFile(exportOffice(office), `${office.name}, revision ${revision}`));
        terminal.exit(EXIT_OK);
      });
    });
};
