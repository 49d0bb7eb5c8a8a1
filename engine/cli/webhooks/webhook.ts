/** `ringline webhook`: shows how webhooks fare, tries one, and makes them try again. */
import type { RegisterCommand } from "../shared/command.js";
import { registerWebhookList } from "./webhook-list.js";
import { registerWebhookRetry } from "./webhook-retry.js";
import { registerWebhookTest } from "./webhook-test.js";

const HELP = `
Webhooks are under \`webhooks\` of the office's files; \`ringline edit\` changes
them live. What they send: docs/webhooks.md.

Examples:
  ringline webhook list --db r.db
  ringline webhook test crm --db r.db
  ringline webhook retry crm --db r.db`;

export const registerWebhook: RegisterCommand = (program, terminal) => {
  const webhook = program
    .command("webhook")
    .summary("how webhooks fare; try one, or make them try again")
    .description("Shows how the webhooks of the office fare, tries one, and makes them try again.")
    .addHelpText("after", HELP);
  for (const register of [registerWebhookList, registerWebhookTest, registerWebhookRetry])
    register(webhook, terminal);
};
