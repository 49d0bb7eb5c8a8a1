/** `ringline flow show`: shows the steps of one flow, and what leads there; also as YAML to be edited and given back. */
import { stringify } from "yaml";
import { type AboutFlow, showFlow } from "../../office/views/flows.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import { readingDatabase, sayNoOffice } from "../shared/use-case.js";
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
      const json = options.json ?? false;
      const ended = await readingDatabase(terminal, options, (deps) => showFlow(deps, id));
      switch (ended?.outcome) {
        case "no_office":
          sayNoOffice(terminal, json);
          return;
        case "not_found":
          failed(terminal, ended.reason, json);
          return;
        case "shown":
          terminal.out(shown(ended, options));
          terminal.exit(EXIT_OK);
      }
    });
};

function shown(about: AboutFlow, { yaml = false, json = false }: ShowOptions): string {
  if (json) return `${JSON.stringify({ ok: true, ...flowJson(about) })}\n`;
  return yaml ? stringify(about.steps, { lineWidth: 0 }) : flowText(about);
}
