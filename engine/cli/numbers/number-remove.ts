/** `ringline number remove`: takes numbers out of the office. */
import { removeNumbers } from "../../office/changes/numbers.js";
import { type ChangeOptions, changing, onOffice } from "../office/change.js";
import type { RegisterCommand } from "../shared/command.js";
import { sayNumber } from "./number-change.js";

const HELP = `
Refused while a user's calls outside show the number, or the office's do. A flow
to which nothing leads afterwards stays, and is named.

Examples:
  ringline number remove "+12125550109" --db r.db
  ringline number remove "+12125550200..99" --message "given up" --db r.db`;

export const registerNumberRemove: RegisterCommand = (number, terminal) => {
  changing(
    number
      .command("remove")
      .summary("take numbers out of the office")
      .description("Takes numbers out of the office; calls to them are not the office's any more.")
      .argument("<number...>", 'numbers, blocks of numbers, or "any"'),
  )
    .addHelpText("after", HELP)
    .action(async (numbers: string[], options: ChangeOptions) => {
      const ended = await onOffice(terminal, options, (deps, request) =>
        removeNumbers(deps, request, numbers),
      );
      if (ended !== undefined) sayNumber(terminal, ended, options.json ?? false);
    });
};
