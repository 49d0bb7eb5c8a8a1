/**
 * `ringline device`: SIP phones and what they sign in with. A password is made here, shown once, and kept as a
 * digest only; a running engine takes it up within half a second.
 */
import type { Command } from "commander";
import type { AcceptRule, Office } from "../../../policy/office/office.js";
import type { Store } from "../../../storage/store.js";
import { a1Hash, makePassword } from "../../directory/password.js";
import { systemIds } from "../../ids.js";
import { sayApplied } from "../office/say-applied.js";
import { DOMAIN_DEFAULT, sipDomain, wholeNumber } from "../shared/arguments.js";
import { EXIT_FAILED, EXIT_OK, type RegisterCommand } from "../shared/command.js";
import { failed, withDatabase } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import { addDevice, type DeviceChange, findDevice, removeDevice } from "./device-office.js";
import { type SignIn, serverAddress, settingsQr, settingsText } from "./device-settings.js";

const HELP = `
A password is made by ringline, shown once and never again: only a digest of it is kept. Lost? Make another with
"rotate"; the old one then no longer works, and the phone is signed out.

Examples:
  ringline device add alice.wong desk --db ringline.db --proxy 203.0.113.5
  ringline device credentials alice.wong desk --db ringline.db    for a phone of the office's files
  ringline device rotate alice.wong desk --db ringline.db
  ringline device list alice.wong --db ringline.db`;

interface Common {
  readonly db: string;
  readonly json?: boolean;
}

interface Showing extends Common {
  readonly domain: string;
  readonly proxy?: string;
  readonly qr?: boolean;
}

interface Changing {
  readonly expect?: number;
  readonly message?: string;
}

interface Adding extends Showing, Changing {
  readonly sip?: string;
  readonly delay?: number;
  readonly ring?: number;
  readonly accept?: string;
}

export const registerDevice: RegisterCommand = (program, terminal) => {
  const device = program
    .command("device")
    .summary("SIP phones: add, give a password, remove")
    .description("SIP phones and what they sign in with.")
    .addHelpText("after", HELP);
  shows(
    changes(named(device, "add", "adds a SIP phone to a user, as a new revision, and makes its password")),
  )
    .option("--sip <name>", "what it signs in as; made of the user and the device when left out")
    .option("--delay <seconds>", "starts ringing so much later", wholeNumber)
    .option("--ring <seconds>", "rings no longer than this", wholeNumber)
    .option("--accept <rule>", "whether who answers has to press 1: always, never, auto")
    .action((username: string, id: string, options: Adding) => add(terminal, username, id, options));
  shows(named(device, "credentials", "makes the first password of a phone that the office has")).action(
    (username: string, id: string, options: Showing) => renew(terminal, username, id, options, false),
  );
  shows(
    named(device, "rotate", "makes another password; the old one no longer works, the phone is signed out"),
  ).action((username: string, id: string, options: Showing) => renew(terminal, username, id, options, true));
  changes(
    named(device, "remove", "takes a SIP phone from a user, as a new revision, and its password with it"),
  ).action((username: string, id: string, options: Common & Changing) =>
    remove(terminal, username, id, options),
  );
  device
    .command("list")
    .description("shows SIP phones, and which of them have a password")
    .argument("[user]", "only this user's")
    .requiredOption("--db <file>", "the database")
    .option("--json", "print one JSON object: { ok, devices }")
    .action((username: string | undefined, options: Common) => list(terminal, username, options));
};

function named(device: Command, name: string, description: string): Command {
  return device
    .command(name)
    .description(description)
    .argument("<user>", "the username")
    .argument("<device>", "the device's id, for example desk")
    .requiredOption("--db <file>", "the database")
    .option("--json", "print one JSON object");
}

function changes(command: Command): Command {
  return command
    .option("--expect <revision>", "refuse when another revision than this is live", wholeNumber)
    .option("--message <text>", "why, for the history");
}

function shows(command: Command): Command {
  return command
    .option("--domain <name>", "the switch's SIP domain (RINGLINE_DOMAIN)", sipDomain, DOMAIN_DEFAULT)
    .option("--proxy <host:port>", "where phones reach the switch, for what is shown")
    .option("--qr", "show a QR code, also where nobody seems to look")
    .option("--no-qr", "show none");
}

async function add(terminal: Terminal, username: string, id: string, options: Adding): Promise<void> {
  await withOffice(terminal, options, async (store, { office, revision: seen }) => {
    const { sip, delay, ring } = options;
    const change = addDevice(office, {
      username,
      id,
      ...(sip === undefined ? {} : { sipName: sip }),
      ...(delay === undefined ? {} : { delay }),
      ...(ring === undefined ? {} : { ring }),
      ...(options.accept === undefined ? {} : { accept: options.accept as AcceptRule }),
    });
    const revision = await applyChange(terminal, store, change, options, {
      what: `add device ${id} of ${username}`,
      seen,
    });
    if (revision !== null && change.ok)
      await makeAndShow(terminal, store, username, change, options, revision);
  });
}

async function renew(
  terminal: Terminal,
  username: string,
  id: string,
  options: Showing,
  again: boolean,
): Promise<void> {
  await withOffice(terminal, options, async (store, { office, revision }) => {
    const found = findDevice(office, username, id);
    if (!found.ok) return failed(terminal, found.why, options.json ?? false);
    const held = await store.credentialOf(found.sipName);
    const has = held !== undefined && held.username === username;
    if (has && !again)
      return failed(
        terminal,
        `${id} of ${username} has a password; \`ringline device rotate\` makes another one`,
        options.json ?? false,
      );
    if (!has && again)
      return failed(
        terminal,
        `${id} of ${username} has no password yet; \`ringline device credentials\` makes one`,
        options.json ?? false,
      );
    await makeAndShow(terminal, store, username, found, options, revision);
  });
}

async function remove(
  terminal: Terminal,
  username: string,
  id: string,
  options: Common & Changing,
): Promise<void> {
  await withOffice(terminal, options, async (store, { office, revision: seen }) => {
    const change = removeDevice(office, username, id);
    const what = `remove device ${id} of ${username}`;
    const revision = await applyChange(terminal, store, change, options, { what, seen });
    if (revision === null || !change.ok) return;
    const by = { author: terminal.author, nowMs: terminal.clock.nowMs() };
    await store.removeCredential(change.sipName, by);
    if (options.json)
      terminal.out(
        `${JSON.stringify({ ok: true, username, device: id, sipName: change.sipName, revision })}\n`,
      );
    else terminal.out(`${change.sipName} cannot sign in any more\n`);
    terminal.exit(EXIT_OK);
  });
}

async function list(terminal: Terminal, username: string | undefined, options: Common): Promise<void> {
  await withOffice(terminal, options, async (store, { office }) => {
    const devices = [];
    for (const user of office.users) {
      if (username !== undefined && user.username !== username) continue;
      for (const { id, at } of user.devices) {
        if (at.kind !== "sip") continue;
        const held = await store.credentialOf(at.name);
        const mine = held?.username === user.username ? held : undefined;
        devices.push({
          username: user.username,
          device: id,
          sipName: at.name,
          suspended: user.suspended === true,
          passwordMadeMs: mine?.madeMs ?? null,
          passwordMadeBy: mine?.madeBy ?? null,
        });
      }
    }
    if (options.json) terminal.out(`${JSON.stringify({ ok: true, devices })}\n`);
    else for (const device of devices) terminal.out(`${deviceLine(device)}\n`);
    terminal.exit(EXIT_OK);
  });
}

function deviceLine(device: {
  readonly username: string;
  readonly device: string;
  readonly sipName: string;
  readonly suspended: boolean;
  readonly passwordMadeMs: number | null;
  readonly passwordMadeBy: string | null;
}): string {
  const password =
    device.passwordMadeMs === null
      ? "no password: cannot sign in"
      : `password of ${new Date(device.passwordMadeMs).toISOString().slice(0, 16).replace("T", " ")} by ${device.passwordMadeBy}`;
  const who = `${device.username} ${device.device}`.padEnd(28);
  return `${who} ${device.sipName.padEnd(28)} ${password}${device.suspended ? ", suspended" : ""}`;
}

/** The office as it was read: whoever applies in between must not be undone. */
interface Live {
  readonly office: Office;
  readonly revision: number;
}

async function withOffice(
  terminal: Terminal,
  { db, json = false }: Common,
  work: (store: Store, live: Live) => Promise<void>,
): Promise<void> {
  await withDatabase(terminal, { path: db, mustExist: true, json }, async (store) => {
    const revision = await store.currentRevision();
    const office = await store.loadOffice(revision);
    if (office === undefined) failed(terminal, "there is no office yet: `ringline apply` makes one", json);
    else await work(store, { office, revision });
  });
}

/** Applies a change of the office; null: it was refused, and that was said. */
async function applyChange(
  terminal: Terminal,
  store: Store,
  change: DeviceChange,
  options: Common & Changing,
  { what, seen }: { readonly what: string; readonly seen: number },
): Promise<number | null> {
  const json = options.json ?? false;
  if (!change.ok) {
    failed(terminal, change.why, json);
    return null;
  }
  const expected = options.expect ?? seen;
  const applied = await store.applyOffice(change.office, {
    author: terminal.author,
    message: options.message ?? what,
    sourceHash: "",
    nowMs: terminal.clock.nowMs(),
    expectRevision: expected,
  });
  if (applied.outcome === "conflict") {
    if (json) terminal.out(`${JSON.stringify({ ok: false, ...applied })}\n`);
    else sayApplied(terminal, applied, expected);
    terminal.exit(EXIT_FAILED);
    return null;
  }
  if (!json) sayApplied(terminal, applied, expected);
  return applied.revision;
}

async function makeAndShow(
  terminal: Terminal,
  store: Store,
  username: string,
  { device, sipName }: Extract<DeviceChange, { ok: true }>,
  options: Showing,
  revision: number,
): Promise<void> {
  const password = makePassword(systemIds);
  const { domain } = options;
  await store.writeCredentials([
    {
      sipName,
      username,
      realm: domain,
      a1Hash: a1Hash(sipName, domain, password),
      madeMs: terminal.clock.nowMs(),
      madeBy: terminal.author,
    },
  ]);
  const server = serverAddress(options.proxy, terminal.env);
  const signIn: SignIn = { username, device: device.id, sipName, password, domain, server };
  if (options.json) terminal.out(`${JSON.stringify({ ok: true, ...signIn, revision })}\n`);
  else {
    terminal.out(`${device.id} of ${username} signs in with this; the password is not shown again:\n\n`);
    terminal.out(settingsText(signIn));
    if (options.qr ?? terminal.isInteractive) terminal.out(`\n${settingsQr(signIn)}`);
  }
  terminal.exit(EXIT_OK);
}
