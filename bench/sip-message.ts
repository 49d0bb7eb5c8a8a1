/**
 * As much of SIP as the bench's caller and phone speak: reading a message, and writing one. Hand-made and small,
 * because every millisecond this side takes would be measured as the switch's.
 */
import { createHash } from "node:crypto";

export const LOOPBACK = "127.0.0.1";

/** A request or a response. Header names are in lower case; of repeated headers each line is kept in order. */
export interface SipMessage {
  /** Of a request; empty for a response. */
  readonly method: string;
  /** Of a response; 0 for a request. */
  readonly status: number;
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

/** Null for keep-alives and whatever else is no SIP. */
export function parse(text: string): SipMessage | null {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const values = headers.get(name);
    if (values === undefined) headers.set(name, [value]);
    else values.push(value);
  }
  const response = first.startsWith("SIP/2.0 ");
  return {
    method: response ? "" : first.slice(0, first.indexOf(" ")),
    status: response ? Number(first.slice(8, 11)) : 0,
    headers,
  };
}

/** The first value of a header; empty when there is none. */
export function header(message: SipMessage, name: string): string {
  return message.headers.get(name)?.[0] ?? "";
}

/** The address between angle brackets, or the whole value. */
export function uriIn(value: string): string {
  return /<([^>]+)>/.exec(value)?.[1] ?? value;
}

/** The user part of the address in a header: who calls, in From. */
export function userIn(value: string): string {
  return /sips?:([^@;>]+)@/.exec(value)?.[1] ?? "";
}

/** A whole request; Content-Length is added. */
export function request(
  method: string,
  uri: string,
  headers: ReadonlyArray<readonly [string, string]>,
  body = "",
): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `${method} ${uri} SIP/2.0\r\n${lines}Max-Forwards: 70\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** The response to `to` (RFC 3261 section 8.2.6): Via and the dialog's headers go back as they came. */
export function response(
  to: SipMessage,
  status: number,
  reason: string,
  own: { readonly tag: string; readonly contact: string; readonly sdp?: string },
): string {
  const toHeader = header(to, "to");
  const lines = [`SIP/2.0 ${status} ${reason}`];
  for (const via of to.headers.get("via") ?? []) lines.push(`Via: ${via}`);
  for (const route of to.headers.get("record-route") ?? []) lines.push(`Record-Route: ${route}`);
  lines.push(
    `From: ${header(to, "from")}`,
    `To: ${toHeader.includes(";tag=") ? toHeader : `${toHeader};tag=${own.tag}`}`,
    `Call-ID: ${header(to, "call-id")}`,
    `CSeq: ${header(to, "cseq")}`,
    `Contact: <${own.contact}>`,
  );
  if (own.sdp !== undefined) lines.push("Content-Type: application/sdp");
  lines.push(`Content-Length: ${own.sdp?.length ?? 0}`, "", own.sdp ?? "");
  return lines.join("\r\n");
}

/** One audio stream, G.711 and telephone-events, on a port nobody listens on: RFC 4566. */
export function sdp(port: number): string {
  return [
    "v=0",
    `o=- 1 1 IN IP4 ${LOOPBACK}`,
    "s=-",
    `c=IN IP4 ${LOOPBACK}`,
    "t=0 0",
    `m=audio ${port} RTP/AVP 0 101`,
    "a=rtpmap:0 PCMU/8000",
    "a=rtpmap:101 telephone-event/8000",
    "a=fmtp:101 0-15",
    "a=ptime:20",
    "",
  ].join("\r\n");
}

/** The answer to a challenge (RFC 2617 section 3.2.2, MD5 with qop=auth). */
export function authorization(
  challenge: string,
  who: { readonly user: string; readonly password: string },
  method: string,
  uri: string,
): string {
  const part = (name: string) => new RegExp(`${name}="?([^",]+)"?`).exec(challenge)?.[1] ?? "";
  const md5 = (text: string) => createHash("md5").update(text).digest("hex");
  const realm = part("realm");
  const nonce = part("nonce");
  const ha1 = md5(`${who.user}:${realm}:${who.password}`);
  const ha2 = md5(`${method}:${uri}`);
  const answer = md5(`${ha1}:${nonce}:00000001:bench:auth:${ha2}`);
  return (
    `Digest username="${who.user}", realm="${realm}", nonce="${nonce}", uri="${uri}", ` +
    `response="${answer}", algorithm=MD5, qop=auth, nc=00000001, cnonce="bench"`
  );
}
