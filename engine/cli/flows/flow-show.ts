/** `ringline flow show`: shows the steps of one flow, and what leads there; also as YAML to be edited and given back. */
import { stringify } from "yaml";
import { type AboutFlow, showFlow } from "../../office/views/flows.js";
import type { RegisterCommand } from "../shared/command.js";
import { showing } from "../shared/use-case.js";
import { flowJson, flowText } from "./flow-text.js";

const HELP = `
Examples:
  ringline flow show main --db r.db
  ringline flow show main --yaml --db r.db > main.yaml
  ringline flow show main --json --db r.db`;

interface ShowOptions {
  readonly db: string;
  readonly yaml?: boolean;
  readonly json?: boolean;
}

export const registerFlowShow: RegisterCommand = (flow, terminal) => {
  flow
    .command("show")
    .summary("show a flow's steps, and what leads there")
    .description("Shows the steps of a flow of the live office, and what leads calls there.")
    .argument("<id>", "the flow's id")
    .requiredOption("--db <file>", "the database")
    .option("--yaml", "only the steps, as `ringline flow set` reads them")
    .option("--json", "print one JSON object: { ok, id, steps, ledFrom, drift }")
    .addHelpText("after", HELP)
    .action(async (id: string, options: ShowOptions) => {
      await showing(terminal, options, (deps) => showFlow(deps, id), {
        text: (about) => shown(about, options),
        json: flowJson,
      });
    });
};

function shown(about: AboutFlow, { yaml = false }: ShowOptions): string {
  return yaml ? stringify(about.steps, { lineWidth: 0 }) : flowText(about);
}
