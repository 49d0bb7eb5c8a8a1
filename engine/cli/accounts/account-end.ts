/** `ringline account sign-out` and `remove`: ends somebody's sessions, or the whole account. */
import type { Command } from "commander";
import { endSessions } from "../../accounts/sessions.js";
import { orDatabaseFailed } from "../../use-case.js";
import { EXIT_OK } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { type DatabaseOptions, onDatabase } from "../shared/use-case.js";
import { noteAccount } from "./account-links.js";

export function registerAccountEnd(account: Command, terminal: Terminal): void {
  account
    .command("sign-out")
    .summary("end all sessions of a user")
    .description("Ends all sessions of a user. They can sign in again.")
    .argument("<user>", "the username")
    .requiredOption("--db <file>", "the database")
    .option("--json", "print one JSON object: { ok, sessions }")
    .addHelpText("after", "\nExamples:\n  ringline account sign-out alice.wong --db ringline.db")
    .action((user: string, options: DatabaseOptions) => signOut(terminal, user, options));
  account
    .command("remove")
    .summary("take an account away")
    .description(
      "Takes an account away: password, sessions, second factors and keys of the API end at once. The user stays, and can be invited again.",
    )
    .argument("<user>", "the username")
    .requiredOption("--db <file>", "the database")
    .option("--json", "print one JSON object: { ok }")
    .addHelpText("after", "\nExamples:\n  ringline account remove alice.wong --db ringline.db")
    .action((user: string, options: DatabaseOptions) => remove(terminal, user, options));
}

async function signOut(terminal: Terminal, username: string, options: DatabaseOptions): Promise<void> {
  const { json = false } = options;
  const ended = await onDatabase(terminal, options, async (deps) => {
    if ((await deps.store.accounts.account(username)) === undefined)
      return { outcome: "no_account" as const };
    const sessions = await endSessions(deps, username, null);
    if (typeof sessions === "object") return sessions;
    await noteAccount(deps, terminal, "session_ended", username, { sessions });
    return { outcome: "signed_out" as const, sessions };
  });
  if (ended === undefined) return;
  if (ended.outcome === "no_account") return failed(terminal, `${username} has no account`, json);
  const { sessions } = ended;
  terminal.out(
    json
      ? `${JSON.stringify({ ok: true, sessions })}\n`
      : `${sessions} ${sessions === 1 ? "session" : "sessions"} ended\n`,
  );
  terminal.exit(EXIT_OK);
}

async function remove(terminal: Terminal, username: string, options: DatabaseOptions): Promise<void> {
  const { json = false } = options;
  const ended = await onDatabase(terminal, options, (deps) =>
    orDatabaseFailed(async () => {
      if (!(await deps.store.accounts.remove(username))) return { outcome: "no_account" as const };
      await noteAccount(deps, terminal, "account_removed", username);
      return { outcome: "removed" as const };
    }),
  );
  if (ended === undefined) return;
  if (ended.outcome === "no_account")
    return failed(terminal, `${username} has neither an account nor an invitation`, json);
  terminal.out(json ? `${JSON.stringify({ ok: true })}\n` : "the account is removed\n");
  terminal.exit(EXIT_OK);
}
