/**
 * `ringline rollback`: makes an earlier revision's office the live one again, as a new revision.
 */
import { type Vanished, vanishedName } from "../../../policy/change/vanishing.js";
import { rollBack } from "../../office/changes/rollback.js";
import { wholeNumber } from "../shared/arguments.js";
import { EXIT_FAILED, EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import { withProgress } from "../shared/progress.js";
import { onDatabase } from "../shared/use-case.js";
import { withoutExpected } from "./change.js";
import { holdingsText, refusalText } from "./removal-options.js";
import { sayApplied } from "./say-applied.js";

const HELP = `
History is never rewritten: the rollback is a new revision, and can itself be rolled back. What it changes
counts as changed by command: applying the files that were rolled back does not undo it, unless told to.
What came since is removed, and said with all that is kept about it; what was renamed since gets its old id
back. An earlier revision without a System Admin is refused if there is one now, unless told to.

Examples:
  ringline rollback 41 --db ringline.db --message "back to before the holiday"`;

interface RollbackOptions {
  readonly db: string;
  readonly expect?: number;
  readonly message?: string;
  readonly withoutAdmin?: boolean;
  readonly json?: boolean;
}

export const registerRollback: RegisterCommand = (program, terminal) => {
  program
    .command("rollback")
    .summary("go back to an earlier revision")
    .description("Makes an earlier revision's office the live one again, as a new revision.")
    .argument("<revision>", "the revision to go back to", wholeNumber)
    .requiredOption("--db <file>", "the database")
    .option("--expect <revision>", "refuse when another revision than this is live", wholeNumber)
    .option("--message <text>", "why, for the history")
    .option("--without-admin", "also to a revision without a System Admin")
    .option("--json", "print one JSON object: { ok, outcome, revision, summary, removes }")
    .addHelpText("after", HELP)
    .action(async (revision: number, options: RollbackOptions) => {
      const json = options.json ?? false;
      const { message, expect, withoutAdmin = false } = options;
      const ended = await onDatabase(terminal, options, (deps) =>
        withProgress(terminal, "rolling back", (onProgress) =>
          rollBack(deps, { author: terminal.author, message, expect, revision, withoutAdmin, onProgress }),
        ),
      );
      if (ended === undefined) return;
      if (ended.outcome === "no_revision") {
        failed(terminal, `there is no revision ${revision} to go back to`, json);
        return;
      }
      if (ended.outcome === "refused") {
        failed(terminal, ended.reason, json);
        return;
      }
      if (ended.outcome === "last_admin") {
        failed(terminal, refusalText({ code: "last_admin", admins: ended.admins }), json);
        return;
      }
      const ok = ended.outcome !== "conflict";
      if (json) terminal.out(`${JSON.stringify({ ok, ...(ok ? ended : withoutExpected(ended)) })}\n`);
      else {
        if (ok) terminal.out(removedText(ended.removes));
        sayApplied(terminal, ended);
      }
      terminal.exit(ok ? EXIT_OK : EXIT_FAILED);
    });
};

/** Every entity that came later, with what is kept about it. */
function removedText(removes: readonly Vanished[]): string {
  const lines = removes.map((each) => {
    const kept = holdingsText(each);
    return `  ${vanishedName(each)}${kept === "" ? "" : `: ${kept}`}\n`;
  });
  return lines.length === 0 ? "" : `removed\n${lines.join("")}`;
}
