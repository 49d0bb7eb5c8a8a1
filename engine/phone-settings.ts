/** What is set in a phone, in the words that phones and softphones use: on a terminal, on a page and as a QR code. */
import type { SignIn } from "./office/changes/phone-passwords.js";

/** A sign-in and where the phone finds the switch. */
export interface PhoneSettings extends SignIn {
  /** host:port of the switch as phones reach it; null: not known here. */
  readonly server: string | null;
  /** Lines of text, which every camera reads: no other form is known to all softphones. */
  readonly qrText: string;
}

export function phoneSettings(signIn: SignIn, server: string | null): PhoneSettings {
  const { sipName, password, domain } = signIn;
  const lines = [
    `user: ${sipName}`,
    `password: ${password}`,
    `domain: ${domain}`,
    ...(server === null ? [] : [`proxy: ${server}`]),
  ];
  return { ...signIn, server, qrText: lines.join("\n") };
}

/** Each setting with the names that phones and softphones use for it. */
export function settingsLines({
  sipName,
  password,
  domain,
  server,
}: PhoneSettings): ReadonlyArray<readonly [name: string, value: string]> {
  return [
    ["user name, authentication ID", sipName],
    ["password", password],
    ["domain, SIP server, realm", domain],
    ["outbound proxy, registrar", server ?? "the switch's address and its port for phones (5060)"],
    ["transport", "UDP, TCP, or TLS (port 5061) if the switch has a certificate"],
    ["keys (DTMF)", "RFC 4733, also called RFC 2833"],
    ["codecs", "PCMU, PCMA, Opus, G.722"],
  ];
}
