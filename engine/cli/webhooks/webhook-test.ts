/** `ringline webhook test`: sends one event that did not happen, and says what the receiver answers. */
import { InvalidArgumentError } from "commander";
import { EVENT_KINDS, type EventKind } from "../../../policy/webhooks/kinds.js";
import { resolveHost } from "../../carriers/resolver.js";
import { secretReader } from "../../carriers/secrets.js";
import { type Tried, tryWebhook } from "../../webhooks/try.js";
import { EXIT_FAILED, EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { type DatabaseOptions, readingDatabase, sayNoOffice } from "../shared/use-case.js";

const HELP = `
The event has "isSample": true. Run it where the engine runs, with the same
variables: it is signed with the webhook's secret.

Examples:
  ringline webhook test crm --db r.db
  ringline webhook test crm --event emergency.call --db r.db`;

interface TestOptions extends DatabaseOptions {
  readonly event: EventKind;
}

export const registerWebhookTest: RegisterCommand = (webhook, terminal) => {
  webhook
    .command("test")
    .summary("send one event that did not happen")
    .description("Sends a webhook one event that did not happen, and says what its server answers.")
    .argument("<id>", "the webhook")
    .requiredOption("--db <file>", "the database")
    .option("--event <kind>", `one of ${EVENT_KINDS.join(", ")}`, eventKind, "call.ended")
    .option("--json", "print one JSON object: { ok, url, event, status, why, tookMs }")
    .addHelpText("after", HELP)
    .action(async (id: string, options: TestOptions) => {
      const json = options.json ?? false;
      const ended = await readingDatabase(terminal, options, ({ store, ids }) =>
        tryWebhook(
          {
            ...{ store, ids, clock: terminal.clock, resolve: resolveHost },
            readSecret: secretReader(terminal.env, "signature"),
          },
          id,
          options.event,
        ),
      );
      switch (ended?.outcome) {
        case "no_office":
          sayNoOffice(terminal, json);
          return;
        case "not_found":
          failed(terminal, ended.reason, json);
          return;
        case "tried":
          say(terminal, ended, json);
      }
    });
};

function say(terminal: Terminal, { url, event, status, why, tookMs }: Tried, json: boolean): void {
  const isTaken = why === null;
  if (json) terminal.out(`${JSON.stringify({ ok: isTaken, url, event, status, why, tookMs })}\n`);
  else if (isTaken) terminal.out(`${event.event} was taken: ${status} after ${tookMs} ms\n`);
  else failed(terminal, `${event.event} was not taken: ${why}`, false);
  terminal.exit(isTaken ? EXIT_OK : EXIT_FAILED);
}

function eventKind(written: string): EventKind {
  const kind = EVENT_KINDS.find((each) => each === written);
  if (kind === undefined) throw new InvalidArgumentError(`expected one of ${EVENT_KINDS.join(", ")}`);
  return kind;
}
