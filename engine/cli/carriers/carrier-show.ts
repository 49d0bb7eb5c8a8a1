/** `ringline carrier list` and `show`: the carriers as the office has them, in the words of its files. */
import type { CarrierFile } from "../../../policy/office-file/schema.js";
import { type AboutCarrier, listCarrierEntries, showCarrier } from "../../office/views/settings.js";
import { columns } from "../shared/columns.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { driftFacts } from "../shared/drift-facts.js";
import { type Fact, factsText, fieldFacts } from "../shared/facts.js";
import { readingDatabase, sayNoOffice, showing } from "../shared/use-case.js";

const LIST_HELP = `
In the order in which calls outside try them.

Examples:
  ringline carrier list --db r.db
  ringline carrier list --json --db r.db`;

const SHOW_HELP = `
Examples:
  ringline carrier show main --db r.db
  ringline carrier show main --json --db r.db`;

interface Options {
  readonly db: string;
  readonly json?: boolean;
}

export const registerCarrierShow: RegisterCommand = (carrier, terminal) => {
  carrier
    .command("list")
    .summary("list the carriers of the office")
    .description("Lists the carriers of the live office, in the order in which calls try them.")
    .requiredOption("--db <file>", "the database")
    .option("--json", "print one JSON object a line for each carrier")
    .addHelpText("after", LIST_HELP)
    .action(async (options: Options) => {
      const json = options.json ?? false;
      const ended = await readingDatabase(terminal, options, (deps) => listCarrierEntries(deps));
      if (ended?.outcome === "no_office") sayNoOffice(terminal, json);
      if (ended?.outcome !== "listed") return;
      if (json) for (const each of ended.carriers) terminal.out(`${JSON.stringify(each)}\n`);
      else terminal.out(columns(ended.carriers.map(row)));
      if (ended.carriers.length === 0 && !json) terminal.err("no carrier\n");
      terminal.exit(EXIT_OK);
    });
  carrier
    .command("show")
    .summary("show all about a carrier")
    .description("Shows all the live office says of a carrier.")
    .argument("<id>", "the carrier's id")
    .requiredOption("--db <file>", "the database")
    .option("--json", "print one JSON object: { ok, carrier, place, of, drift }")
    .addHelpText("after", SHOW_HELP)
    .action(async (id: string, options: Options) => {
      const json = ({ outcome: _, ...about }: AboutCarrier) => about;
      await showing(terminal, options, (deps) => showCarrier(deps, id), { text, json });
    });
};

function row({ id, proxy, username, prefixes }: CarrierFile, index: number): string[] {
  return [
    `${index + 1}.`,
    id,
    typeof proxy === "string" ? proxy : proxy.join(", "),
    username === undefined ? "by address" : `as ${username}`,
    prefixes === undefined ? "" : `for ${prefixes.join(", ")}`,
  ];
}

function text({ carrier, place, of, drift }: AboutCarrier): string {
  const { id, ...fields } = carrier;
  const order: Fact = ["place", [of === 1 ? "the only carrier" : `${place} of ${of}`]];
  return factsText(id, [...fieldFacts(fields), order, ["drift", driftFacts(drift)]]);
}
