/** Reports how applying or rolling back ended. */
import type { Written } from "../../../storage/apply.js";
import type { Conflict, HasMessages } from "../../office/changes/change.js";
import type { Terminal } from "../shared/terminal.js";
import { summaryLine } from "./summary.js";

export function sayApplied(terminal: Terminal, applied: Written | Conflict | HasMessages): void {
  switch (applied.outcome) {
    case "applied":
      terminal.out(`revision ${applied.revision}: ${summaryLine(applied.summary)}\n`);
      return;
    case "unchanged":
      terminal.out(`revision ${applied.revision}: nothing to change\n`);
      return;
    case "conflict":
      terminal.err(
        `${terminal.paint.error("error")}: revision ${applied.revision} is live, not ${applied.expected}: somebody applied in between; nothing was changed\n`,
      );
      return;
    case "has_messages":
      terminal.err(
        `${terminal.paint.error("error")}: ${messagesText(applied.messages.length)}: name who takes over (--replace-by), export (--export-messages) or discard them (--discard-messages); nothing was changed\n`,
      );
  }
}

function messagesText(count: number): string {
  return count === 1
    ? "a message in the mailbox would be nobody's"
    : `${count} messages in the mailbox would be nobody's`;
}
