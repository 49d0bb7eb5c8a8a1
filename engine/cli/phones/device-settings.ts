/** What a person types into a phone, in the words that phones use, and the same as a QR code on the terminal. */
import { renderUnicodeCompact } from "uqr";
import type { SignIn } from "../../office/changes/phone-passwords.js";
import type { DatabaseOptions } from "../shared/use-case.js";

/** The options of the commands that show a password. */
export interface ShowingOptions extends DatabaseOptions {
  readonly domain: string;
  readonly proxy?: string;
  readonly qr?: boolean;
}

/** A sign-in and where the phone finds the switch. */
export interface PhoneSettings extends SignIn {
  /** host:port of the switch as phones reach it; null: not known here. */
  readonly server: string | null;
}

/** Where phones reach the switch: from the option, or from the variables that the switch is started with. */
export function serverAddress(asked: string | undefined, env: NodeJS.ProcessEnv): string | null {
  const host = asked ?? (env["RINGLINE_EXTERNAL_IP"] || env["RINGLINE_IP"]);
  if (host === undefined || host === "") return null;
  return /:\d+$/.test(host) ? host : `${host}:${env["RINGLINE_PHONES_PORT"] || "5060"}`;
}

/** Each setting with the names that phones and softphones use for it. */
export function settingsText({ sipName, password, domain, server }: PhoneSettings): string {
  const rows: ReadonlyArray<readonly [string, string]> = [
    ["user name, authentication ID", sipName],
    ["password", password],
    ["domain, SIP server, realm", domain],
    ["outbound proxy, registrar", server ?? "the switch's address and its port for phones (5060)"],
    ["transport", "UDP, TCP, or TLS (port 5061) if the switch has a certificate"],
    ["keys (DTMF)", "RFC 4733, also called RFC 2833"],
    ["codecs", "PCMU, PCMA, Opus, G.722"],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}\n`).join("");
}

/** The QR code holds lines of text, which every camera reads: no other form is known to all softphones. */
export function settingsQr({ sipName, password, domain, server }: PhoneSettings): string {
  const lines = [
    `user: ${sipName}`,
    `password: ${password}`,
    `domain: ${domain}`,
    ...(server === null ? [] : [`proxy: ${server}`]),
  ];
  return `${renderUnicodeCompact(lines.join("\n"), { border: 2 })}\n`;
}
