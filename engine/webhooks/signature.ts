/**
 * How a webhook's requests are signed. The header names the time of signing and one signature for each secret:
 * `t=UNIX,v1=HEX,v1=HEX`; each is the HMAC-SHA256 of time, dot and body. While a secret is replaced there are two, and a
 * receiver that knows either one can check.
 */
import { createHmac } from "node:crypto";

export const SIGNATURE_HEADER = "Ringline-Signature";

/** @param secrets at least one */
export function signatureOf(secrets: readonly string[], unixSeconds: number, body: string): string {
  const signed = `${unixSeconds}.${body}`;
  const signatures = secrets.map((secret) => createHmac("sha256", secret).update(signed).digest("hex"));
  return [`t=${unixSeconds}`, ...signatures.map((hex) => `v1=${hex}`)].join(",");
}
