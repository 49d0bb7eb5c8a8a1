/**
 * How `ringline device` reports results: the settings to type into a phone, the phones that can sign in, or why nothing
 * was changed.
 */
import type { Written } from "../../../storage/apply.js";
import type { ChangeFailed } from "../../office/changes/change.js";
import type { DeviceAdded, DeviceRemoved } from "../../office/changes/devices.js";
import type { PasswordMade, SignIn } from "../../office/changes/phone-passwords.js";
import type { DeviceList, ListedDevice } from "../../office/views/devices.js";
import type { Plan } from "../../office/views/plan.js";
import { phoneSettings } from "../../phone-settings.js";
import type { NoOffice } from "../../use-case.js";
import { sayRefused, withoutExpected } from "../office/change.js";
import { sayPlan } from "../office/plan.js";
import { sayApplied } from "../office/say-applied.js";
import { EXIT_FAILED, EXIT_OK } from "../shared/command.js";
import { failed } from "../shared/database.js";
import type { Terminal } from "../shared/terminal.js";
import type { DatabaseOptions, Ended } from "../shared/use-case.js";
import { type ShowingOptions, serverAddress, settingsQr, settingsText } from "./device-settings.js";

export function sayAdded(
  terminal: Terminal,
  ended: DeviceAdded | Plan | Ended<ChangeFailed>,
  options: ShowingOptions,
): void {
  if (ended.outcome !== "added") {
    sayNotChanged(terminal, ended, options);
    return;
  }
  sayRevision(terminal, ended.written, options);
  saySignIn(terminal, ended.signIn, ended.written.revision, options);
}

export function sayRemoved(
  terminal: Terminal,
  ended: DeviceRemoved | Plan | Ended<ChangeFailed>,
  options: DatabaseOptions,
): void {
  if (ended.outcome !== "removed") {
    sayNotChanged(terminal, ended, options);
    return;
  }
  const { written, username, device, sipName } = ended;
  sayRevision(terminal, written, options);
  const answer = { ok: true, username, device, sipName, revision: written.revision };
  if (options.json) terminal.out(`${JSON.stringify(answer)}\n`);
  else if (sipName !== null) terminal.out(`${sipName} cannot sign in any more\n`);
  terminal.exit(EXIT_OK);
}

export function sayPassword(
  terminal: Terminal,
  ended: Ended<PasswordMade>,
  { username, id }: { readonly username: string; readonly id: string },
  options: ShowingOptions,
): void {
  const json = options.json ?? false;
  const phone = `${id} of ${username}`;
  switch (ended.outcome) {
    case "made":
      saySignIn(terminal, ended.signIn, ended.revision, options);
      return;
    case "has_password":
      failed(terminal, `${phone} has a password; \`ringline device rotate\` makes another one`, json);
      return;
    case "has_no_password":
      failed(terminal, `${phone} has no password yet; \`ringline device credentials\` makes one`, json);
      return;
    default:
      sayNotChanged(terminal, ended, options);
  }
}

export function sayListed(terminal: Terminal, ended: DeviceList | NoOffice, options: DatabaseOptions): void {
  if (ended.outcome === "no_office") {
    sayNotChanged(terminal, ended, options);
    return;
  }
  const { devices } = ended;
  if (options.json) terminal.out(`${JSON.stringify({ ok: true, devices })}\n`);
  else for (const device of devices) terminal.out(`${deviceLine(device)}\n`);
  terminal.exit(EXIT_OK);
}

/** Why nothing was changed. */
export function sayNotChanged(
  terminal: Terminal,
  ended: Plan | Ended<ChangeFailed>,
  { json = false }: DatabaseOptions,
): void {
  switch (ended.outcome) {
    case "planned":
      sayPlan(terminal, ended, { errors: [], warnings: [] }, json);
      return;
    case "no_office":
      failed(terminal, "there is no office yet: `ringline apply` makes one", json);
      return;
    case "refused":
      if (ended.faults.length > 0) sayRefused(terminal, ended, json);
      else failed(terminal, ended.reason, json);
      return;
    case "conflict":
    case "has_messages": {
      const answer = ended.outcome === "conflict" ? withoutExpected(ended) : ended;
      if (json) terminal.out(`${JSON.stringify({ ok: false, ...answer })}\n`);
      else sayApplied(terminal, ended);
      terminal.exit(EXIT_FAILED);
    }
  }
}

/** Reports the revision to people; with `--json` it is part of the result. */
function sayRevision(terminal: Terminal, written: Written, { json = false }: DatabaseOptions): void {
  if (!json) sayApplied(terminal, written);
}

function saySignIn(terminal: Terminal, made: SignIn, revision: number, options: ShowingOptions): void {
  const signIn = phoneSettings(made, serverAddress(options.proxy, terminal.env));
  if (options.json) {
    const { username, device, sipName, password, domain, server } = signIn;
    const answer = { ok: true, username, device, sipName, password, domain, server, revision };
    terminal.out(`${JSON.stringify(answer)}\n`);
  } else {
    const { device, username } = signIn;
    terminal.out(`${device} of ${username} signs in with this; the password is not shown again:\n\n`);
    terminal.out(settingsText(signIn));
    if (options.qr ?? terminal.isInteractive) terminal.out(`\n${settingsQr(signIn)}`);
  }
  terminal.exit(EXIT_OK);
}

function deviceLine(device: ListedDevice): string {
  const { passwordMadeMs, passwordMadeBy } = device;
  const password =
    passwordMadeMs === null
      ? "no password: cannot sign in"
      : `password of ${new Date(passwordMadeMs).toISOString().slice(0, 16).replace("T", " ")} by ${passwordMadeBy}`;
  const phone = `${device.username} ${device.device}`.padEnd(28);
  return `${phone} ${device.sipName.padEnd(28)} ${password}${device.suspended ? ", suspended" : ""}`;
}
