/** `ringline account invite`, `resend` and `withdraw`: links with which people choose their first password. */
import type { Command } from "commander";
import {
  type InvitedPerson,
  invitePeople,
  type PeopleInvited,
  withdrawInvitation,
} from "../../accounts/invitations.js";
import { linkAddress } from "../../accounts/link-address.js";
import { EXIT_FAILED, EXIT_OK } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { type DatabaseOptions, onDatabase } from "../shared/use-case.js";
import { linkBase, noteAccount, untilText, urlOption } from "./account-links.js";

const HELP = `
The link is printed, to be handed over by you. With --mail a mail brings it instead:
\`ringline run --web\` or \`ringline web\` sends it, if it has a mail server (--smtp).

Examples:
  ringline account invite alice.wong --public-url https://phones.example.com --db ringline.db
  ringline account invite bob.stone carol.diaz --mail --db ringline.db`;

interface InviteOptions extends DatabaseOptions {
  readonly publicUrl?: URL;
  readonly mail?: boolean;
}

export function registerAccountInvite(account: Command, terminal: Terminal): void {
  account
    .command("invite")
    .summary("invite people to choose a password")
    .description("Invites users of the office to choose a password.")
    .argument("<users...>", "usernames")
    .requiredOption("--db <file>", "the database")
    .addOption(urlOption())
    .option("--mail", "send each person the link by mail")
    .option("--json", "print one JSON object: { ok, people }")
    .addHelpText("after", HELP)
    .action((users: string[], options: InviteOptions) => invite(terminal, users, options, false));
  account
    .command("resend")
    .summary("send an invitation again; the link before ends")
    .description("Makes a new link for somebody who was invited. The link before ends.")
    .argument("<user>", "the username")
    .requiredOption("--db <file>", "the database")
    .addOption(urlOption())
    .option("--mail", "send the link by mail")
    .option("--json", "print one JSON object: { ok, people }")
    .addHelpText("after", "\nExamples:\n  ringline account resend alice.wong --db ringline.db")
    .action((user: string, options: InviteOptions) => invite(terminal, [user], options, true));
  account
    .command("withdraw")
    .summary("withdraw an invitation")
    .description("Withdraws an invitation. Its link ends.")
    .argument("<user>", "the username")
    .requiredOption("--db <file>", "the database")
    .option("--json", "print one JSON object: { ok }")
    .addHelpText("after", "\nExamples:\n  ringline account withdraw alice.wong --db ringline.db")
    .action((user: string, options: DatabaseOptions) => withdraw(terminal, user, options));
}

async function invite(
  terminal: Terminal,
  usernames: readonly string[],
  options: InviteOptions,
  again: boolean,
): Promise<void> {
  const { json = false, mail = false } = options;
  const to = linkBase(terminal, options.publicUrl);
  if ("why" in to) return failed(terminal, to.why, json);
  const ended = await onDatabase(terminal, options, async (deps) => {
    const done = await invitePeople(deps, { usernames, by: terminal.author, byMail: mail, again });
    if (done.outcome !== "people_invited") return done;
    for (const { username, outcome, byMail } of done.people)
      if (outcome === "invited")
        await noteAccount(deps, terminal, "invited", username, { by_mail: byMail, again });
    const admins = await deps.store.systemAdmins(await deps.store.currentRevision());
    return { ...done, hasAdmin: admins.length > 0 };
  });
  if (ended === undefined) return;
  const isDone = ended.people.every(({ outcome }) => outcome === "invited");
  if (json) sayJson(terminal, ended, to.base, isDone);
  else sayPeople(terminal, ended, to.base);
  if (!ended.hasAdmin)
    terminal.err(
      "nobody is a System Admin, so nobody can change the office on the page: `ringline group member add system-admins USERNAME`\n",
    );
  terminal.exit(isDone ? EXIT_OK : EXIT_FAILED);
}

function sayJson(terminal: Terminal, { people }: PeopleInvited, base: string, ok: boolean): void {
  const shown = people.map(({ username, outcome, byMail, secret, expiresMs }) => ({
    username,
    outcome,
    byMail,
    link: secret === null ? null : linkAddress(base, "invitation", secret),
    expiresMs,
  }));
  terminal.out(`${JSON.stringify({ ok, people: shown })}\n`);
}

function sayPeople(terminal: Terminal, { people }: PeopleInvited, base: string): void {
  for (const { username, outcome, byMail, secret } of people) {
    if (outcome !== "invited") terminal.err(`${username} ${REFUSED[outcome]}\n`);
    else if (secret !== null) terminal.out(`${username}  ${linkAddress(base, "invitation", secret)}\n`);
    else if (byMail) terminal.out(`${username}  the link goes by mail\n`);
  }
  const shown = people.find(({ secret }) => secret !== null);
  if (shown?.expiresMs !== undefined && shown.expiresMs !== null)
    terminal.err(`${untilText(shown.expiresMs)}\n`);
}

const REFUSED: Readonly<Record<Exclude<InvitedPerson["outcome"], "invited">, string>> = {
  has_account: "has an account already; `ringline account reset` makes a link for a new password",
  is_invited: "has an invitation that works; `ringline account resend` makes a new one",
  not_invited: "has no invitation; `ringline account invite` makes one",
  suspended: "is suspended",
  unknown_user: "is not in the office",
};

async function withdraw(terminal: Terminal, username: string, options: DatabaseOptions): Promise<void> {
  const { json = false } = options;
  const ended = await onDatabase(terminal, options, async (deps) => {
    const done = await withdrawInvitation(deps, username);
    if (done.outcome === "withdrawn") await noteAccount(deps, terminal, "invitation_withdrawn", username);
    return done;
  });
  if (ended === undefined) return;
  if (ended.outcome === "not_invited") return failed(terminal, `${username} has no invitation`, json);
  terminal.out(json ? `${JSON.stringify({ ok: true })}\n` : "the invitation is withdrawn\n");
  terminal.exit(EXIT_OK);
}
