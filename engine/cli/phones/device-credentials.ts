/**
 * `ringline device credentials`: the first password of one phone, shown; or of all phones that have none, in a table for
 * whoever sets phones up.
 */
import type { Command } from "commander";
import {
  type AllPasswordsMade,
  makeFirstPassword,
  makeFirstPasswords,
} from "../../office/changes/phone-passwords.js";
import { csvText } from "../../office/files/csv-text.js";
import { EXIT_OK } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { onDatabase } from "../shared/use-case.js";
import { makePassword } from "./device-password.js";
import { type ShowingOptions, serverAddress } from "./device-settings.js";
import { sayNotChanged } from "./device-text.js";
import { reservePrivately } from "./private-file.js";

const HELP = `
Examples:
  ringline device credentials alice.wong desk --db ringline.db
  ringline device credentials --all --csv phones.csv --db ringline.db

With --all each phone without a password gets one; the table is the only place
that has them, so keep it safe and delete it when the phones are set up.
\`ringline device link\` needs no such table.`;

interface CredentialsOptions extends ShowingOptions {
  readonly all?: boolean;
  readonly csv?: string;
}

export function registerCredentials(command: Command, terminal: Terminal): void {
  command
    .summary("makes first passwords of phones that the office has")
    .description("makes the first password of a phone that the office has, or of all that have none")
    .argument("[user]", "the username")
    .argument("[device]", "the device's id, for example desk")
    .requiredOption("--db <file>", "the database")
    .option("--all", "for all phones that have no password, into the table of --csv")
    .option("--csv <file>", "with --all: the table to write; only you may read it")
    .option("--json", "print one JSON object")
    .addHelpText("after", HELP)
    .action((username: string | undefined, id: string | undefined, options: CredentialsOptions) =>
      credentials(terminal, username, id, options),
    );
}

async function credentials(
  terminal: Terminal,
  username: string | undefined,
  id: string | undefined,
  options: CredentialsOptions,
): Promise<void> {
  const { json = false, all = false, csv } = options;
  if (!all && username !== undefined && id !== undefined && csv === undefined)
    return makePassword(terminal, username, id, options, makeFirstPassword);
  if (!all || username !== undefined)
    return failed(terminal, "name a user and a device, or --all and --csv FILE", json);
  if (csv === undefined && !json) return failed(terminal, "--all needs --csv FILE, or --json", json);
  await makeAll(terminal, options);
}

/** The file is made before the passwords: passwords that could not be written would be lost. */
async function makeAll(terminal: Terminal, options: CredentialsOptions): Promise<void> {
  const { csv, json = false, domain } = options;
  const file = csv === undefined ? null : await reservePrivately(csv);
  if (file !== null && !file.ok) return failed(terminal, `${csv}: ${file.why}`, json);
  const ended = await onDatabase(terminal, options, (deps) =>
    makeFirstPasswords(deps, { domain, author: terminal.author }),
  );
  if (ended?.outcome !== "all_made") {
    await file?.remove();
    if (ended !== undefined) sayNotChanged(terminal, ended, options);
    return;
  }
  const server = serverAddress(options.proxy, terminal.env);
  await file?.write(tableOf(ended, server));
  sayAll(terminal, ended, server, options);
}

function tableOf({ signIns }: AllPasswordsMade, server: string | null): string {
  const heading = ["Username", "Device", "SIP name", "Password", "Domain", "Outbound proxy"];
  const rows = signIns.map(({ username, device, sipName, password, domain }) => [
    username,
    device,
    sipName,
    password,
    domain,
    server ?? "",
  ]);
  return csvText([heading, ...rows]);
}

function sayAll(
  terminal: Terminal,
  { signIns, had, revision }: AllPasswordsMade,
  server: string | null,
  { json = false, csv }: CredentialsOptions,
): void {
  if (json) {
    const phones = csv === undefined ? { devices: signIns.map((signIn) => ({ ...signIn, server })) } : {};
    terminal.out(`${JSON.stringify({ ok: true, made: signIns.length, had, ...phones, revision })}\n`);
  } else {
    terminal.out(`${signIns.length} passwords made, in ${csv}; ${had} phones had one already\n`);
  }
  terminal.exit(EXIT_OK);
}
