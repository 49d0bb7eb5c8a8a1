/**
 * `ringline carrier`: shows the carriers as the office has them, and changes them. How they stand right now, on the
 * switch, is the list of `ringline carriers`.
 */
import type { RegisterCommand } from "../shared/command.js";
import { registerCarrierChange } from "./carrier-change.js";
import { registerCarrierShow } from "./carrier-show.js";

const HELP = `
These are the carriers of the office. Whether they can be used right now, by
what the switch says, is shown by \`ringline carriers\`.

Examples:
  ringline carrier list --db r.db
  ringline carrier add backup --proxy sip2.example.net --username acme \\
    --password-env BACKUP_PASSWORD --db r.db
  ringline carrier set backup --place 1 --db r.db`;

export const registerCarrier: RegisterCommand = (program, terminal) => {
  const carrier = program
    .command("carrier")
    .summary("add, show, change and remove carriers")
    .description("Adds, shows, changes and removes the carriers of the office.")
    .addHelpText("after", HELP);
  registerCarrierShow(carrier, terminal);
  registerCarrierChange(carrier, terminal);
};
