/** `ringline account`: who can sign in on the web. It invites people, helps those who cannot sign in, and ends sign-ins. */
import type { RegisterCommand } from "../shared/command.js";
import { registerAccountEnd } from "./account-end.js";
import { registerAccountFactors } from "./account-factors.js";
import { registerAccountInvite } from "./account-invite.js";
import { registerAccountList } from "./account-list.js";
import { registerAccountReset } from "./account-reset.js";

const HELP = `
People are users of the office. Invited, they choose a password by a link that works
once, for seven days; until then they cannot sign in. The first administrator is
invited here, all others by the web page as well.

Examples:
  ringline account invite alice.wong --public-url https://phones.example.com --db ringline.db
  ringline account list --state invited --db ringline.db
  ringline account reset alice.wong --db ringline.db`;

export const registerAccount: RegisterCommand = (program, terminal) => {
  const account = program
    .command("account")
    .summary("invite people to the web page, and help them sign in")
    .description("Invites people to sign in on the web, and helps those who cannot.")
    .addHelpText("after", HELP);
  for (const register of [
    registerAccountInvite,
    registerAccountList,
    registerAccountReset,
    registerAccountFactors,
    registerAccountEnd,
  ])
    register(account, terminal);
};
