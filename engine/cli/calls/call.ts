/** `ringline call`: the story of one call, on the terminal or as a drawing. */

import { writeFile } from "node:fs/promises";
import { given } from "../../../policy/office/optional.js";
import { drawingOf } from "../../../policy/record/drawing.js";
import { type CallAsked, readCall } from "../../records/story.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { readingDatabase } from "../shared/use-case.js";
import { type FilterOptions, filterOptions, readFilter } from "./call-filters.js";
import { callText, toldJson } from "./call-text.js";

const HELP = `
Tells a call from its beginning to its end: whose phones rang, whose did not and why, what the caller heard, who took the
call, and who hung up. With --user it first says what became of that user's phones.
\`last\` is the newest of the calls that the other options ask for. \`ringline calls\` lists calls with their ids; the first
characters of an id are enough.
--svg draws the call: a lane for the caller and one for each phone, for light and dark screens.

Examples:
  ringline call last --db ringline.db
  ringline call last --user carol.diaz --db ringline.db
  ringline call last --to 101 --missed --db ringline.db
  ringline call 1f3a9c2d --svg call.svg --db ringline.db`;

interface CallOptions extends FilterOptions {
  readonly db: string;
  readonly svg?: string;
  readonly json?: boolean;
}

export const registerCall: RegisterCommand = (program, terminal) => {
  const command = program
    .command("call")
    .summary("the story of one call: who rang, who did not, and why")
    .description("Tells the story of one call, second by second.")
    .argument("<call>", "the id of a call or its first characters, or `last`")
    .requiredOption("--db <file>", "the database");
  filterOptions(command, "--to")
    .option("--svg <file>", "draw the call into this file instead")
    .option("--json", "print one JSON object: the record, and the story in words")
    .addHelpText("after", HELP)
    .action((call: string, options: CallOptions) => tell(terminal, call, options));
};

async function tell(terminal: Terminal, call: string, options: CallOptions): Promise<void> {
  const { json = false, svg, user } = options;
  const found = await readingDatabase(terminal, options, async (deps) => {
    const timezone = (await deps.store.settings())?.timezone ?? "UTC";
    const read = readFilter(options, timezone, terminal.clock.nowMs());
    if (!read.ok) return { outcome: "not_found", reason: read.why } as const;
    const { user: _user, ...others } = read.filter;
    if (call !== "last" && Object.keys(others).length > 0)
      return { outcome: "not_found", reason: "options that look for a call go with `last`" } as const;
    const asked: CallAsked = call === "last" ? { last: read.filter } : { id: call, user };
    return readCall(deps, asked);
  });
  if (found === undefined) return;
  if (found.outcome === "not_found") return failed(terminal, found.reason, json);
  if (svg !== undefined) {
    await writeFile(svg, drawingOf(found.record, found.names, found.timezone));
    terminal.err(`drawn into ${svg}\n`);
  }
  const told = { ...found, ...given({ user }) };
  if (json) terminal.out(`${JSON.stringify(toldJson(told))}\n`);
  else if (svg === undefined) terminal.out(callText(told, terminal.hasColours));
  terminal.exit(EXIT_OK);
}
