/** `ringline account list` and `show`: who can sign in on the web, and how far the others have come. */
import { type Command, Option } from "commander";
import { ACCOUNT_STATES, type AccountState } from "../../../policy/accounts/state.js";
import {
  type AccountSeen,
  accountsWithState,
  type InvitationSeen,
  seeAccounts,
} from "../../accounts/account-views.js";
import { viewLive } from "../../office/views/live.js";
import { columns } from "../shared/columns.js";
import { EXIT_OK } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { type DatabaseOptions, readingDatabase, sayNoOffice } from "../shared/use-case.js";

interface ListOptions extends DatabaseOptions {
  readonly state?: AccountState;
}

export function registerAccountList(account: Command, terminal: Terminal): void {
  account
    .command("list")
    .summary("list who can sign in")
    .description("Lists all users with the state of their account.")
    .requiredOption("--db <file>", "the database")
    .addOption(new Option("--state <state>", "only these").choices(ACCOUNT_STATES))
    .option("--json", "print one JSON object a line for each user")
    .addHelpText(
      "after",
      `
States: none (was not invited), invited (has not chosen a password yet), active, suspended.

Examples:
  ringline account list --state invited --db ringline.db`,
    )
    .action((options: ListOptions) => list(terminal, undefined, options));
  account
    .command("show")
    .summary("show the account of one user")
    .description("Shows the account of a user, and an invitation that was not used.")
    .argument("<user>", "the username")
    .requiredOption("--db <file>", "the database")
    .option("--json", "print one JSON object")
    .addHelpText("after", "\nExamples:\n  ringline account show alice.wong --db ringline.db")
    .action((user: string, options: ListOptions) => list(terminal, user, options));
}

async function list(terminal: Terminal, only: string | undefined, options: ListOptions): Promise<void> {
  const { json = false, state } = options;
  const ended = await readingDatabase(terminal, options, (deps) =>
    viewLive(deps, async (live) => {
      const user = only === undefined ? undefined : live.table.user(only);
      const seen =
        only === undefined
          ? await accountsWithState(deps, live, { state, after: "", limit: live.office.users.length })
          : await seeAccounts(deps, user === undefined ? [] : [user]);
      return { outcome: "listed" as const, seen };
    }),
  );
  if (ended === undefined) return;
  if (ended.outcome === "no_office") return sayNoOffice(terminal, json);
  const { seen } = ended;
  if (only !== undefined && seen.length === 0) return failed(terminal, `there is no user ${only}`, json);
  if (json) for (const each of seen) terminal.out(`${JSON.stringify(forPrograms(each))}\n`);
  else terminal.out(columns(seen.map(row)));
  if (seen.length === 0 && !json) terminal.err("nobody\n");
  terminal.exit(EXIT_OK);
}

function forPrograms({ user, state, activatedMs, passwordMs, invitation }: AccountSeen): object {
  const { username, name, email = null } = user;
  return { username, name, email, state, activatedMs, passwordMs, invitation };
}

function row({ user, state, activatedMs, invitation }: AccountSeen): string[] {
  const about =
    invitation !== null
      ? invitationText(invitation)
      : activatedMs === null
        ? ""
        : `since ${timeText(activatedMs)}`;
  return [user.username, state, user.email ?? "-", about];
}

function invitationText({ mail, sentTo, why, expiresMs, isExpired, invitedBy }: InvitationSeen): string {
  const by = `by ${invitedBy}`;
  if (isExpired) return `${by}, expired ${timeText(expiresMs)}`;
  switch (mail) {
    case "shown":
      return `${by}, link was shown, works until ${timeText(expiresMs)}`;
    case "waiting":
      return why === null ? `${by}, mail waits` : `${by}, mail waits: ${why}`;
    case "sent":
      return `${by}, mail sent to ${sentTo ?? ""}, works until ${timeText(expiresMs)}`;
    case "failed":
      return `${by}, no mail: ${why ?? ""}`;
  }
}

function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
