/** `ringline history`: lists revisions with their author, time and reason. */

import { zonedMoment } from "../../../policy/office/zoned-moment.js";
import type { RevisionInfo } from "../../../storage/store.js";
import { wholeNumber } from "../shared/arguments.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { withDatabase } from "../shared/database.js";
import { summaryLine } from "./summary.js";

const HELP = `
Times are those of the office's zone, with their distance from UTC: an hour that daylight saving repeats is told
apart by it. --json gives milliseconds since the epoch (appliedMs) and the office's zone.

Examples:
  ringline history --db ringline.db
  ringline history --db ringline.db --limit 5 --json`;

/** How many revisions are shown unless the option says otherwise. */
const LIMIT_DEFAULT = 20;

/** Enough characters of a file hash to tell revisions apart in a list; --json has all of it. */
const HASH_SHOWN_CHARS = 12;

export const registerHistory: RegisterCommand = (program, terminal) => {
  program
    .command("history")
    .summary("list the applied revisions")
    .description("Lists the applied revisions, the newest first: when, by whom, why, and what changed.")
    .requiredOption("--db <file>", "the database")
    .option("--limit <count>", "how many at most", wholeNumber, LIMIT_DEFAULT)
    .option("--json", "print one JSON object a line for each revision")
    .addHelpText("after", HELP)
    .action(async (options: { db: string; limit: number; json?: boolean }) => {
      const json = options.json ?? false;
      await withDatabase(
        terminal,
        { path: options.db, mustExist: true, json, mayMigrate: false },
        async (store) => {
          const revisions = await store.history(options.limit);
          const timezone = (await store.settings())?.timezone ?? "UTC";
          for (const info of revisions)
            terminal.out(`${json ? JSON.stringify({ ...info, timezone }) : historyLine(info, timezone)}\n`);
          if (revisions.length === 0 && !json) terminal.err("nothing was applied yet\n");
          terminal.exit(EXIT_OK);
        },
      );
    });
};

function historyLine(info: RevisionInfo, timezone: string): string {
  const hash = info.sourceHash === "" ? "" : `  files ${info.sourceHash.slice(0, HASH_SHOWN_CHARS)}`;
  const message = info.message === "" ? "" : `\n      ${info.message}`;
  const when = zonedMoment(info.appliedMs, timezone);
  return `${info.revision}  ${when}  ${info.author}${hash}  ${summaryLine(info.summary)}${message}`;
}
