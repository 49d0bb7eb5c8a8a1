/** `ringline account reset`: a link with which somebody who cannot sign in chooses a new password. */
import type { Command } from "commander";
import { linkAddress } from "../../accounts/link-address.js";
import { makePasswordLink } from "../../accounts/passwords.js";
import { EXIT_OK } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { type DatabaseOptions, onDatabase } from "../shared/use-case.js";
import { linkBase, noteAccount, untilText, urlOption } from "./account-links.js";

interface ResetOptions extends DatabaseOptions {
  readonly publicUrl?: URL;
}

export function registerAccountReset(account: Command, terminal: Terminal): void {
  account
    .command("reset")
    .summary("make a link for a new password")
    .description(
      "Prints a link with which somebody chooses a new password. It works for an hour; until it is used, the password stays as it is. A second factor stays.",
    )
    .argument("<user>", "the username")
    .requiredOption("--db <file>", "the database")
    .addOption(urlOption())
    .option("--json", "print one JSON object: { ok, link, expiresMs }")
    .addHelpText("after", "\nExamples:\n  ringline account reset alice.wong --db ringline.db")
    .action((user: string, options: ResetOptions) => reset(terminal, user, options));
}

async function reset(terminal: Terminal, username: string, options: ResetOptions): Promise<void> {
  const { json = false } = options;
  const to = linkBase(terminal, options.publicUrl);
  if ("why" in to) return failed(terminal, to.why, json);
  const ended = await onDatabase(terminal, options, async (deps) => {
    const made = await makePasswordLink(deps, username);
    if (made.outcome === "password_link_made")
      await noteAccount(deps, terminal, "password_forgotten", username, { by_mail: false });
    return made;
  });
  if (ended === undefined) return;
  if (ended.outcome === "no_account")
    return failed(terminal, `${username} has no account; \`ringline account invite\` invites them`, json);
  const link = linkAddress(to.base, "password", ended.secret);
  const { expiresMs } = ended;
  terminal.out(json ? `${JSON.stringify({ ok: true, link, expiresMs })}\n` : `${username}  ${link}\n`);
  if (!json) terminal.err(`${untilText(expiresMs)}\n`);
  terminal.exit(EXIT_OK);
}
