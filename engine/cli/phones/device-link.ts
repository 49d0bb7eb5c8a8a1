/**
 * `ringline device link`: links with which people and desk phones fetch, once, what a phone signs in with. The links are
 * printed, written into a table, or mailed to the people; `ringline web` answers them.
 */
import { type Command, InvalidArgumentError } from "commander";
import { systemIds } from "../../ids.js";
import { setupMail } from "../../mail/setup-mail.js";
import {
  FOR_PERSON,
  type LinksMade,
  type MadeLink,
  makeSetupLinks,
  withdrawSetupLink,
} from "../../office/changes/setup-links.js";
import { csvText } from "../../office/files/csv-text.js";
import type { Send } from "../../voicemail/smtp.js";
import { DOMAIN_DEFAULT, sipDomain, wholeNumber } from "../shared/arguments.js";
import { EXIT_FAILED, EXIT_OK } from "../shared/command.js";
import { failed } from "../shared/database.js";
import { type MailOptions, mailFromOption, mailServer, smtpOption } from "../shared/mail-options.js";
import type { Terminal } from "../shared/terminal.js";
import { type DatabaseOptions, onDatabase } from "../shared/use-case.js";
import { urlFromEnv, WEB_URL, webUrl } from "../shared/web-url.js";
import { readMakes } from "../web/templates.js";
import { serverAddress } from "./device-settings.js";
import { sayNotChanged } from "./device-text.js";
import { type PrivateFile, reservePrivately } from "./private-file.js";

const HELP = `
A link works once. Opened by a person, it shows the user name, password and
server after a press on a button, also as a QR code; with --for it is the
address of a desk phone's settings (auto provisioning). The password is made at
that moment: it is in no mail and not in the database, and an earlier password
of the phone stops working then. A new link for a phone ends the one before.
\`ringline web\` must run where --public-url leads.

Examples, with RINGLINE_WEB_URL=https://phones.example.com and RINGLINE_IP set:
  ringline device link alice.wong desk --db ringline.db
  ringline device link --all --for yealink --csv links.csv --db ringline.db
  ringline device link --all --mail --db ringline.db \\
    --smtp smtps://office@mail.example.com --mail-from office@example.com
  ringline device link alice.wong desk --withdraw --db ringline.db`;

interface LinkOptions extends DatabaseOptions, MailOptions {
  readonly all?: boolean;
  readonly publicUrl?: URL;
  readonly for: string;
  readonly domain: string;
  readonly proxy?: string;
  readonly valid: number;
  readonly csv?: string;
  readonly mail?: boolean;
  readonly templates?: string;
  readonly withdraw?: boolean;
}

const DAY_MS = 86_400_000;

export function registerLink(device: Command, terminal: Terminal): void {
  device
    .command("link")
    .summary("makes links that show a phone's sign-in once, or set up a desk phone")
    .description("Makes links with which people and desk phones fetch, once, what a phone signs in with.")
    .argument("[user]", "the username; without a device, all phones of this user")
    .argument("[device]", "the device's id, for example desk")
    .requiredOption("--db <file>", "the database")
    .option("--all", "for all phones of the office")
    .option(
      "--public-url <web-url>",
      "where people and phones reach `ringline web`: https://HOST (RINGLINE_WEB_URL)",
      webUrl,
    )
    .option(
      "--for <make>",
      "person, or a make of desk phones: yealink, snom, or a template of your own",
      FOR_PERSON,
    )
    .option("--templates <folder>", "templates of your own, as for `ringline web`")
    .option("--domain <name>", "the switch's SIP domain (RINGLINE_DOMAIN)", sipDomain, DOMAIN_DEFAULT)
    .option("--proxy <host:port>", "where phones reach the switch")
    .option("--valid <days>", "how long the links work", days, 7)
    .option("--csv <file>", "write the links into a table that only you may read")
    .option("--mail", "mail each person the links of their phones")
    .addOption(smtpOption())
    .addOption(mailFromOption())
    .option("--withdraw", "end the phone's link instead of making one")
    .option("--json", "print one JSON object: { ok, links }, or { ok, withdrawn }")
    .addHelpText("after", HELP)
    .action((user: string | undefined, id: string | undefined, options: LinkOptions) =>
      link(terminal, user, id, options),
    );
}

async function link(
  terminal: Terminal,
  username: string | undefined,
  id: string | undefined,
  options: LinkOptions,
): Promise<void> {
  const { json = false } = options;
  if ((username === undefined) !== (options.all === true))
    return failed(terminal, "name a user, or --all for all phones", json);
  if (options.withdraw === true) return withdraw(terminal, username, id, options);
  const wanted = readOptions(terminal, options);
  if (typeof wanted === "string") return failed(terminal, wanted, json);
  const only = username === undefined ? undefined : { username, id };
  const file = options.csv === undefined ? null : await reservePrivately(options.csv);
  if (file !== null && !file.ok) return failed(terminal, `${options.csv}: ${file.why}`, json);
  const ended = await onDatabase(terminal, options, (deps) =>
    makeSetupLinks(deps, {
      ...wanted.links,
      only,
      author: terminal.author,
      isMailed: wanted.send !== null && file === null,
    }),
  );
  if (ended?.outcome !== "links_made") {
    await file?.remove();
    if (ended !== undefined) sayNotChanged(terminal, ended, options);
    return;
  }
  await hand(terminal, ended, wanted, options, file);
}

interface Wanted {
  readonly url: URL;
  readonly ending: string | null;
  readonly links: Omit<Parameters<typeof makeSetupLinks>[1], "author">;
  readonly send: Send | null;
}

/** @returns a text: what is wrong with the options */
function readOptions(terminal: Terminal, options: LinkOptions): Wanted | string {
  const { env } = terminal;
  const url = options.publicUrl ?? urlFromEnv(env, WEB_URL, webUrl);
  if (typeof url === "string") return url;
  if (url === undefined)
    return "--public-url is missing: where people and phones reach `ringline web`, https://HOST";
  const server = serverAddress(options.proxy, env);
  if (server === null) return "--proxy is missing: where phones reach the switch, HOST or HOST:PORT";
  const ending = endingOf(options);
  if (!ending.ok) return ending.why;
  const send = options.mail === true ? mailServer(options, env) : null;
  if (typeof send === "string") return send;
  if (options.mail === true && send === null) return "--mail needs --smtp and --mail-from";
  if (send !== null && options.for !== FOR_PERSON) return "--mail is for people; desk phones read no mail";
  const { domain, valid } = options;
  return {
    url,
    ending: ending.ending,
    send,
    links: { madeFor: options.for, domain, server, validMs: valid * DAY_MS },
  };
}

type Ending =
  | { readonly ok: true; readonly ending: string | null }
  | { readonly ok: false; readonly why: string };

function endingOf({ for: make, templates }: LinkOptions): Ending {
  if (make === FOR_PERSON) return { ok: true, ending: null };
  const read = readMakes(templates);
  if (!read.ok) return read;
  const template = read.templates.get(make);
  if (template !== undefined) return { ok: true, ending: template.ending };
  return {
    ok: false,
    why: `--for: there is no template ${make}; there are person, ${[...read.templates.keys()].join(", ")}`,
  };
}

/** Prints, writes and mails the links. */
async function hand(
  terminal: Terminal,
  made: LinksMade,
  wanted: Wanted,
  options: LinkOptions,
  file: PrivateFile | null,
): Promise<void> {
  const links = made.links.map((each) => ({ ...each, address: addressOf(each, wanted, options.for) }));
  const { json = false, csv } = options;
  await file?.write(tableOf(links));
  const mailed = wanted.send === null ? null : await mailAll(wanted.send, made, links);
  const unsent = mailed?.filter(({ why }) => why !== null) ?? [];
  if (json) {
    const shown = links.map(({ username, device, sipName, address, expiresMs }) => ({
      username,
      device,
      sipName,
      // A mailed link is the person's own.
      ...(wanted.send === null ? { address } : {}),
      expiresMs,
    }));
    terminal.out(
      `${JSON.stringify({ ok: unsent.length === 0, links: shown, mails: mailed, suspended: made.suspended })}\n`,
    );
  } else sayLinks(terminal, made, links, { csv, mailed });
  terminal.exit(unsent.length === 0 ? EXIT_OK : EXIT_FAILED);
}

type AddressedLink = MadeLink & { readonly address: string };

function addressOf({ token }: MadeLink, { url, ending }: Wanted, make: string): string {
  const base = url.href.replace(/\/+$/, "");
  return ending === null ? `${base}/setup/${token}` : `${base}/phone/${token}/${make}${ending}`;
}

function tableOf(links: readonly AddressedLink[]): string {
  const rows = links.map(({ username, user, device, sipName, address, expiresMs }) => [
    username,
    user.name,
    user.email ?? "",
    device,
    sipName,
    address,
    new Date(expiresMs).toISOString(),
  ]);
  const heading = ["Username", "Name", "E-mail", "Device", "SIP name", "Link", "Works until"];
  return csvText([heading, ...rows]);
}

/** What became of a person's mail; `why` null: it was sent. */
interface Mailed {
  readonly username: string;
  readonly email: string | null;
  readonly why: string | null;
}

const NO_EMAIL = "has no e-mail address";

async function mailAll(send: Send, made: LinksMade, links: readonly AddressedLink[]): Promise<Mailed[]> {
  const people = new Map<string, AddressedLink[]>();
  for (const each of links) people.set(each.username, [...(people.get(each.username) ?? []), each]);
  const mailed = made.withoutEmail.map((username): Mailed => ({ username, email: null, why: NO_EMAIL }));
  for (const [username, own] of people) {
    const { name, email } = own[0]?.user ?? { name: username, email: undefined };
    if (email === undefined) {
      mailed.push({ username, email: null, why: NO_EMAIL });
      continue;
    }
    const envelope = {
      ...setupMail(made.office, name, own),
      to: email,
      messageId: `<link.${systemIds.uuid()}@ringline>`,
      attachment: null,
    };
    const sent = await send(envelope, () => Promise.resolve(), AbortSignal.timeout(60_000));
    mailed.push({
      username,
      email,
      why: sent.outcome === "sent" ? null : notSentText(sent.outcome, sent.error),
    });
  }
  return mailed;
}

function notSentText(outcome: string, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return outcome === "unknown" ? `may or may not have got the mail: ${why}` : `was sent no mail: ${why}`;
}

function sayLinks(
  terminal: Terminal,
  made: LinksMade,
  links: readonly AddressedLink[],
  { csv, mailed }: { readonly csv: string | undefined; readonly mailed: readonly Mailed[] | null },
): void {
  if (mailed !== null) {
    terminal.out(`${mailed.filter(({ why }) => why === null).length} mails sent\n`);
    for (const { username, why } of mailed) if (why !== null) terminal.err(`${username} ${why}\n`);
  } else if (csv === undefined)
    for (const { username, device, address } of links) terminal.out(`${username} ${device}  ${address}\n`);
  if (csv !== undefined) terminal.out(`${links.length} links written to ${csv}\n`);
  const [first] = links;
  if (first !== undefined)
    terminal.err(
      `each works once, until ${new Date(first.expiresMs).toISOString().slice(0, 16).replace("T", " ")} UTC\n`,
    );
  else terminal.err("no phone, so no link\n");
  if (made.suspended.length > 0) terminal.err(`suspended, so no link: ${made.suspended.join(", ")}\n`);
}

async function withdraw(
  terminal: Terminal,
  username: string | undefined,
  id: string | undefined,
  options: LinkOptions,
): Promise<void> {
  const { json = false } = options;
  if (username === undefined || id === undefined)
    return failed(terminal, "--withdraw needs a user and a device", json);
  const ended = await onDatabase(terminal, options, (deps) => withdrawSetupLink(deps, username, id));
  if (ended === undefined) return;
  if (ended.outcome === "no_link")
    return failed(terminal, `${id} of ${username} has no link that works`, json);
  terminal.out(json ? `${JSON.stringify({ ok: true, withdrawn: true })}\n` : "the link no longer works\n");
  terminal.exit(EXIT_OK);
}

function days(text: string): number {
  const value = wholeNumber(text);
  if (value < 1 || value > 60) throw new InvalidArgumentError("expected 1 to 60 days.");
  return value;
}
