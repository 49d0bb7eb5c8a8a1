/** `ringline account remove-factors`: somebody who has lost what they are asked for besides the password. */
import type { Command } from "commander";
import { removeSecondFactors } from "../../accounts/second-factors.js";
import { EXIT_OK } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { type DatabaseOptions, onDatabase } from "../shared/use-case.js";
import { noteAccount } from "./account-links.js";

export function registerAccountFactors(account: Command, terminal: Terminal): void {
  account
    .command("remove-factors")
    .summary("ask a user for the password only")
    .description(
      "Takes away the app that shows codes, recovery codes and passkeys of a user who has lost them. Until they add something again, the password alone is enough.",
    )
    .argument("<user>", "the username")
    .requiredOption("--db <file>", "the database")
    .option("--json", "print one JSON object: { ok }")
    .addHelpText("after", "\nExamples:\n  ringline account remove-factors alice.wong --db ringline.db")
    .action((user: string, options: DatabaseOptions) => removeFactors(terminal, user, options));
}

async function removeFactors(terminal: Terminal, username: string, options: DatabaseOptions): Promise<void> {
  const { json = false } = options;
  const removed = await onDatabase(terminal, options, async (deps) => {
    const isRemoved = await removeSecondFactors(deps, username);
    if (typeof isRemoved === "object") return isRemoved;
    if (!isRemoved) return { outcome: "none" as const };
    await noteAccount(deps, terminal, "second_factor_removed", username, { kind: "all" });
    return { outcome: "removed" as const };
  });
  if (removed === undefined) return;
  if (removed.outcome === "none") return failed(terminal, `${username} is asked for the password only`, json);
  terminal.out(json ? `${JSON.stringify({ ok: true })}\n` : "only the password is asked for now\n");
  terminal.exit(EXIT_OK);
}
