/** `ringline flow`: shows the named flows of the office, changes their steps, and removes them. */
import type { RegisterCommand } from "../shared/command.js";
import { registerFlowList } from "./flow-list.js";
import { registerFlowRemove } from "./flow-remove.js";
import { registerFlowRename } from "./flow-rename.js";
import { registerFlowSet } from "./flow-set.js";
import { registerFlowShow } from "./flow-show.js";

const HELP = `
A flow is a list of steps that numbers and other flows lead to. For a number
that rings in one place, \`ringline number set\` is simpler.

Examples:
  ringline flow list --db r.db
  ringline flow set main main.yaml --db r.db
  ringline flow set main --add "announce: closed" --at 1 --db r.db`;

export const registerFlow: RegisterCommand = (program, terminal) => {
  const flow = program
    .command("flow")
    .summary("show and change call flows, step by step")
    .description("Shows the named flows of the office, changes their steps, and removes them.")
    .addHelpText("after", HELP);
  for (const register of [
    registerFlowList,
    registerFlowShow,
    registerFlowSet,
    registerFlowRename,
    registerFlowRemove,
  ]) {
    register(flow, terminal);
  }
};
