/** `ringline flow remove`: removes flows to which nothing leads. */
import { type ChangeOptions, changing, editByCommand } from "../office/change.js";
import type { RegisterCommand } from "../shared/command.js";

const HELP = `
Refused while a number, a flow, or somebody's no_answer leads there, with the
places.

Examples:
  ringline flow remove night --db r.db
  ringline flow remove night holidays --dry-run --db r.db`;

export const registerFlowRemove: RegisterCommand = (flow, terminal) => {
  changing(
    flow
      .command("remove")
      .summary("remove flows")
      .description("Removes flows to which nothing leads any more.")
      .argument("<id...>", "the flows' ids"),
  )
    .addHelpText("after", HELP)
    .action(async (ids: string[], options: ChangeOptions) => {
      const edits = ids.map((id) => ({ verb: "remove", kind: "flow", id, options: {} }) as const);
      await editByCommand(terminal, options, edits);
    });
};
