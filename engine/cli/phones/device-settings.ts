/** What a person types into a phone, and the same as a QR code on the terminal. */
import { renderUnicodeCompact } from "uqr";
import { type PhoneSettings, settingsLines } from "../../phone-settings.js";
import type { DatabaseOptions } from "../shared/use-case.js";

/** The options of the commands that show a password. */
export interface ShowingOptions extends DatabaseOptions {
  readonly domain: string;
  readonly proxy?: string;
  readonly qr?: boolean;
}

/** Where phones reach the switch: from the option, or from the variables that the switch is started with. */
export function serverAddress(asked: string | undefined, env: NodeJS.ProcessEnv): string | null {
  const host = asked ?? (env["RINGLINE_EXTERNAL_IP"] || env["RINGLINE_IP"]);
  if (host === undefined || host === "") return null;
  return /:\d+$/.test(host) ? host : `${host}:${env["RINGLINE_PHONES_PORT"] || "5060"}`;
}

export function settingsText(settings: PhoneSettings): string {
  const rows = settingsLines(settings);
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}\n`).join("");
}

export function settingsQr({ qrText }: PhoneSettings): string {
  return `${renderUnicodeCompact(qrText, { border: 2 })}\n`;
}
