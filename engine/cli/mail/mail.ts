/** `ringline mail test`: shows whether mails to people go out, and what the mail server says if they do not. */
import { email } from "../../../policy/office-file/fields.js";
import { systemIds } from "../../ids.js";
import { testMail } from "../../mail/account-mails.js";
import { inWords } from "../../voicemail/mail-trouble.js";
import type { RegisterCommand } from "../shared/command.js";
import { EXIT_OK } from "../shared/command.js";
import { failed } from "../shared/database.js";
import { type MailOptions, mailFromOption, mailServer, smtpOption } from "../shared/mail-options.js";
import type { Terminal } from "../shared/terminal.js";
import { type DatabaseOptions, readingDatabase, sayNoOffice } from "../shared/use-case.js";

const HELP = `
The mail is in the frame of all mails to people, with the office's name. It arrives
only if the next server takes it, too: look into the mailbox, and among the spam.

Examples:
  ringline mail test alice@example.com --db ringline.db \\
    --smtp smtps://office@mail.example.com --mail-from office@example.com`;

interface TestOptions extends DatabaseOptions, MailOptions {}

export const registerMail: RegisterCommand = (program, terminal) => {
  const mail = program
    .command("mail")
    .summary("test whether mails go out")
    .description("Mails to people: whether they go out.")
    .addHelpText("after", HELP);
  mail
    .command("test")
    .summary("send a mail to an address")
    .description("Sends a mail to an address, and says what the mail server answers.")
    .argument("<address>", "an e-mail address")
    .requiredOption("--db <file>", "the database, for the office's name")
    .addOption(smtpOption())
    .addOption(mailFromOption())
    .option("--json", "print one JSON object: { ok }")
    .addHelpText("after", HELP)
    .action((address: string, options: TestOptions) => test(terminal, address, options));
};

const SENDING_MS = 60_000;

async function test(terminal: Terminal, address: string, options: TestOptions): Promise<void> {
  const { json = false } = options;
  if (!email.safeParse(address).success) return failed(terminal, `${address} is no e-mail address`, json);
  const send = mailServer(options, terminal.env);
  if (typeof send === "string") return failed(terminal, send, json);
  if (send === null) return failed(terminal, "--smtp and --mail-from are missing", json);
  const office = await readingDatabase(terminal, options, async ({ store }) => {
    const settings = await store.settings();
    return settings === undefined
      ? { outcome: "no_office" as const }
      : { outcome: "office" as const, settings };
  });
  if (office === undefined) return;
  if (office.outcome === "no_office") return sayNoOffice(terminal, json);
  const sent = await send(
    {
      ...testMail(office.settings, terminal.clock.nowMs()),
      to: address,
      messageId: `<test.${systemIds.uuid()}@ringline>`,
      attachment: null,
    },
    () => Promise.resolve(),
    AbortSignal.timeout(SENDING_MS),
  );
  if (sent.outcome !== "sent") return failed(terminal, `the mail was not sent: ${inWords(sent.error)}`, json);
  terminal.out(
    json ? `${JSON.stringify({ ok: true })}\n` : `the mail server has taken the mail to ${address}\n`,
  );
  terminal.exit(EXIT_OK);
}
