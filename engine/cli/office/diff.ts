/**
 * `ringline diff`: what differs between two applied revisions.
 */
import { compareOffices } from "../../office/compare.js";
import { renderDiff } from "../../office/render-diff.js";
import { wholeNumber } from "../shared/arguments.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed, withDatabase } from "../shared/database.js";

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
      await withDatabase(terminal, { path: options.db, mustExist: true, json }, async (store) => {
        for (const revision of [from, to]) {
          if (await store.hasRevision(revision)) continue;
          failed(terminal, `there is no revision ${revision}`, json);
          return;
        }
        const difference = compareOffices(await store.loadOffice(from), await store.loadOffice(to));
        if (json) terminal.out(`${JSON.stringify({ ok: true, ...difference })}\n`);
        else terminal.out(difference.changes.length === 0 ? "no difference\n" : renderDiff(difference));
        terminal.exit(EXIT_OK);
      });
    });
};
