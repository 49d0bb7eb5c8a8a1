/** `ringline number show`: shows where calls to one number go, and what else there is to say of it. */
import { readRoute } from "../../../policy/change/routes/route.js";
import { routeWords } from "../../../policy/change/routes/wish.js";
import { type AboutNumber, showNumber } from "../../office/views/numbers.js";
import type { RegisterCommand } from "../shared/command.js";
import { showing } from "../shared/use-case.js";
import { numberText } from "./number-text.js";

const HELP = `
A number of a block has what the block says. With --json, \`route\` has the values
of the options of \`ringline number set\`; null: the flow does more than they say.

Examples:
  ringline number show "+12125550100" --db r.db
  ringline number show "(212) 555-0100" --json --db r.db`;

export const registerNumberShow: RegisterCommand = (number, terminal) => {
  number
    .command("show")
    .summary("show where calls to a number go")
    .description("Shows all the live office says of a number: where calls go, and whose phones ring.")
    .argument("<number>", 'the number, a block of numbers, or "any"')
    .requiredOption("--db <file>", "the database")
    .option("--json", "print one JSON object: { ok, number, route, flowSharedWith, rings, … }")
    .addHelpText("after", HELP)
    .action(async (written: string, options: { db: string; json?: boolean }) => {
      await showing(terminal, options, (deps) => showNumber(deps, written), {
        text: numberText,
        json: numberJson,
      });
    });
};

/** What is shown, for programs. */
export function numberJson({ outcome: _, steps, ...about }: AboutNumber): object {
  return { ...about, route: steps === null ? null : (routeWords(readRoute(steps)) ?? null) };
}
