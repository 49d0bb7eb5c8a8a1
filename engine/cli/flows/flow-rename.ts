/** `ringline flow rename`: gives a flow another id; what leads there follows. */
import { type ChangeOptions, changing, editByCommand } from "../office/change.js";
import type { RegisterCommand } from "../shared/command.js";

const HELP = `
Examples:
  ringline flow rename main front-desk --db r.db
  ringline flow rename main front-desk --dry-run --db r.db`;

export const registerFlowRename: RegisterCommand = (flow, terminal) => {
  changing(
    flow
      .command("rename")
      .summary("give a flow another id")
      .description("Gives a flow another id. Numbers and steps that lead there follow.")
      .argument("<id>", "the flow's id now")
      .argument("<new-id>", "its new id"),
  )
    .addHelpText("after", HELP)
    .action(async (id: string, to: string, options: ChangeOptions) => {
      const edits = [{ verb: "rename", kind: "flow", id, to }] as const;
      await editByCommand(terminal, options, edits);
    });
};
