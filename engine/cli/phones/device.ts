/**
 * `ringline device`: changes SIP phones and the passwords they sign in with. A password is made here, shown once, and
 * stored as a digest only; a running engine uses it within half a second.
 */
import type { Command } from "commander";
import type { AcceptRule } from "../../../policy/office/office.js";
import { given } from "../../../policy/office/optional.js";
import { addDevice, removeDevice } from "../../office/changes/devices.js";
import { rotatePassword } from "../../office/changes/phone-passwords.js";
import { listDevices } from "../../office/views/devices.js";
import { type ChangeOptions, changeOptions, editByCommand, onOffice } from "../office/change.js";
import { DOMAIN_DEFAULT, sipDomain, wholeNumber } from "../shared/arguments.js";
import type { RegisterCommand } from "../shared/command.js";
import type { Terminal } from "../shared/terminal.js";
import { type DatabaseOptions, readingDatabase } from "../shared/use-case.js";
import { registerCredentials } from "./device-credentials.js";
import { registerLink } from "./device-link.js";
import { makePassword } from "./device-password.js";
import { registerDeviceSet } from "./device-set.js";
import type { ShowingOptions } from "./device-settings.js";
import { sayAdded, sayListed, sayRemoved } from "./device-text.js";

const HELP = `
A password is made by ringline, shown once and never again: only a digest of it is kept. Lost? Make another with
"rotate"; the old one then no longer works, and the phone is signed out.

Examples:
  ringline device add alice.wong desk --db ringline.db --proxy 203.0.113.5
  ringline device add alice.wong cell --phone "+1 917 555 0199" --db ringline.db
  ringline device set alice.wong cell --delay 5 --ring 20 --db ringline.db
  ringline device credentials alice.wong desk --db ringline.db    for a phone of the office's files
  ringline device rotate alice.wong desk --db ringline.db
  ringline device list alice.wong --db ringline.db`;

interface AddingOptions extends ShowingOptions, ChangeOptions {
  readonly sip?: string;
  readonly phone?: string;
  readonly delay?: number;
  readonly ring?: number;
  readonly accept?: string;
}

export const registerDevice: RegisterCommand = (program, terminal) => {
  const device = program
    .command("device")
    .summary("phones: add, change, give a password, remove")
    .description("The phones of users, and what SIP phones sign in with.")
    .addHelpText("after", HELP);
  shows(
    changeOptions(named(device, "add", "adds a device, as a new revision, and makes a SIP phone's password")),
  )
    .option("--sip <name>", "what it signs in as; made of the user and the device when left out")
    .option("--phone <number>", "an outside phone instead, which does not sign in")
    .option("--delay <seconds>", "starts ringing so much later", wholeNumber)
    .option("--ring <seconds>", "rings no longer than this", wholeNumber)
    .option("--accept <rule>", "whether who answers has to press 1: always, never, auto")
    .action((username: string, id: string, options: AddingOptions) => add(terminal, username, id, options));
  registerCredentials(shows(device.command("credentials")), terminal);
  registerLink(device, terminal);
  shows(named(device, "rotate", "makes another password; the phone is signed out")).action(
    (username: string, id: string, options: ShowingOptions) =>
      makePassword(terminal, username, id, options, rotatePassword),
  );
  changeOptions(
    named(device, "remove", "removes a device, as a new revision, and a SIP phone's password"),
  ).action((username: string, id: string, options: ChangeOptions) => remove(terminal, username, id, options));
  registerDeviceSet(device, terminal);
  device
    .command("list")
    .description("shows SIP phones, and which of them have a password")
    .argument("[user]", "only this user's")
    .requiredOption("--db <file>", "the database")
    .option("--json", "print one JSON object: { ok, devices }")
    .action((username: string | undefined, options: DatabaseOptions) => list(terminal, username, options));
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

function shows(command: Command): Command {
  return command
    .option("--domain <name>", "the switch's SIP domain (RINGLINE_DOMAIN)", sipDomain, DOMAIN_DEFAULT)
    .option("--proxy <host:port>", "where phones reach the switch, for what is shown")
    .option("--qr", "show a QR code, also where nobody seems to look")
    .option("--no-qr", "show none");
}

async function add(terminal: Terminal, username: string, id: string, options: AddingOptions): Promise<void> {
  const { sip: sipName, phone, delay, ring, domain } = options;
  if (phone !== undefined) {
    const fields = given({ sip: sipName, phone, delay, ring, accept: options.accept });
    await editByCommand(terminal, options, [
      { verb: "add", kind: "device", id: `${username}/${id}`, fields },
    ]);
    return;
  }
  // The edit refuses an invalid accept rule, in the words of the office file.
  const accept = options.accept as AcceptRule | undefined;
  const wanted = { username, id, sipName, delay, ring, accept };
  const ended = await onOffice(terminal, options, (deps, request) =>
    addDevice(deps, request, wanted, domain),
  );
  if (ended !== undefined) sayAdded(terminal, ended, options);
}

async function remove(
  terminal: Terminal,
  username: string,
  id: string,
  options: ChangeOptions,
): Promise<void> {
  const ended = await onOffice(terminal, options, (deps, request) =>
    removeDevice(deps, request, username, id),
  );
  if (ended !== undefined) sayRemoved(terminal, ended, options);
}

async function list(
  terminal: Terminal,
  username: string | undefined,
  options: DatabaseOptions,
): Promise<void> {
  const ended = await readingDatabase(terminal, options, (deps) => listDevices(deps, username));
  if (ended !== undefined) sayListed(terminal, ended, options);
}
