/** `ringline webhook retry`: what waits is due at once, and what was switched off is in use again. */
import { counted } from "../../counted.js";
import { retryWebhooks } from "../../webhooks/list.js";
import { EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import { type DatabaseOptions, onDatabase, sayNoOffice } from "../shared/use-case.js";

export const registerWebhookRetry: RegisterCommand = (webhook, terminal) => {
  webhook
    .command("retry")
    .summary("try again at once")
    .description(
      "Makes all events that wait due at once, and switches a webhook on again that its server has switched off (410).",
    )
    .argument("[id]", "one webhook; left out: all of them")
    .requiredOption("--db <file>", "the database")
    .option("--json", "print one JSON object: { ok, waiting }")
    .action(async (id: string | undefined, options: DatabaseOptions) => {
      const json = options.json ?? false;
      const ended = await onDatabase(terminal, options, (deps) => retryWebhooks(deps, id));
      switch (ended?.outcome) {
        case "no_office":
          sayNoOffice(terminal, json);
          return;
        case "not_found":
          failed(terminal, ended.reason, json);
          return;
        case "retried":
          terminal.out(
            json
              ? `${JSON.stringify({ ok: true, waiting: ended.waiting })}\n`
              : `${counted(ended.waiting, "event is", "events are")} due; a running engine sends them within seconds\n`,
          );
          terminal.exit(EXIT_OK);
      }
    });
};
