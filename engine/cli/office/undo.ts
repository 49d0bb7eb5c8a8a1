/** `ringline undo`: takes back what one revision changed, as a new revision. */
import { changedSinceText, undoRevision } from "../../office/changes/undo.js";
import { wholeNumber } from "../shared/arguments.js";
import { EXIT_FAILED, type RegisterCommand } from "../shared/command.js";
import { type ChangeOptions, changing, onOffice, sayChanged } from "./change.js";

const HELP = `
Only what that revision changed is taken back: what others have changed since stays. Refused when one of its
entries was changed again, and it says by whom; \`ringline rollback\` takes everything back that came later.
Undoing an undo makes the change again. Who comes back has the PIN and greetings again, and needs a new
invitation and new phone passwords; messages that were handed over stay with the person who has them.

Examples:
  ringline undo 41 --db ringline.db --dry-run
  ringline undo 41 --db ringline.db --message "the wrong Bob"`;

export const registerUndo: RegisterCommand = (program, terminal) => {
  const command = program
    .command("undo")
    .summary("take back what one revision changed")
    .description("Takes back what one revision changed, as a new revision, and nothing that came later.")
    .argument("<revision>", "the revision to undo", wholeNumber);
  changing(command)
    .addHelpText("after", HELP)
    .action(async (revision: number, options: ChangeOptions) => {
      const json = options.json ?? false;
      const ended = await onOffice(terminal, options, (deps, request) =>
        undoRevision(deps, { ...request, revision }),
      );
      if (ended === undefined) return;
      if (ended.outcome !== "changed_since") {
        sayChanged(terminal, ended, json);
        return;
      }
      if (json) terminal.out(`${JSON.stringify({ ok: false, ...ended })}\n`);
      else
        terminal.err(
          `${terminal.paint.error("error")}: ${changedSinceText(ended.entries)}; nothing was changed\n`,
        );
      terminal.exit(EXIT_FAILED);
    });
};
