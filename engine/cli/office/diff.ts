/** `ringline diff`: shows what differs between two applied revisions. */
import { compareRevisions } from "../../office/views/revisions.js";
import { wholeNumber } from "../shared/arguments.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import { readingDatabase } from "../shared/use-case.js";
import { renderDiff, type SideNames } from "./diff-text.js";

const HELP = `
Revision 0 is the empty office, before anything was applied.

Examples:
  ringline diff 41 42 --db ringline.db`;

export const registerDiff: RegisterCommand = (program, terminal) => {
  program
    .command("diff")
    .summary("show what differs between two revisions")
    .description("Shows what differs between two applied revisions, in the words of the office file.")
    .argument("<from>", "a revision", wholeNumber)
    .argument("<to>", "another revision", wholeNumber)
    .requiredOption("--db <file>", "the database")
    .option("--json", "print one JSON object: { ok, changes, reach }")
    .addHelpText("after", HELP)
    .action(async (from: number, to: number, options: { db: string; json?: boolean }) => {
      const json = options.json ?? false;
      const ended = await readingDatabase(terminal, options, (deps) => compareRevisions(deps, from, to));
      if (ended === undefined) return;
      if (ended.outcome === "no_revision") {
        failed(terminal, `there is no revision ${ended.revision}`, json);
        return;
      }
      const { difference } = ended;
      if (json) terminal.out(`${JSON.stringify({ ok: true, ...difference })}\n`);
      else
        terminal.out(
          difference.changes.length === 0 ? "no difference\n" : renderDiff(difference, sides(from, to)),
        );
      terminal.exit(EXIT_OK);
    });
};

/** By the time of day and by what is set by hand at this moment, in both revisions. */
function sides(from: number, to: number): SideNames {
  return { from: `revision ${from}`, to: `revision ${to}` };
}
