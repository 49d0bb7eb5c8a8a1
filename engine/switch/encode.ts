/**
 * Encodes a command as one packet, or refuses it. The builders of commands.ts have checked their text already; this
 * is a second guard, because the event socket can run any program on the switch (`api system`).
 */
import type { WireCommand } from "./wire.js";

/** The type of the message that answers a packet. */
export type Expects = "api/response" | "command/reply";

export type Encoded =
  | { readonly ok: true; readonly packet: string; readonly expects: Expects }
  | { readonly ok: false; readonly why: string };

/** The switch cuts a packet at ten megabytes and reads the rest as commands; ours have a few kilobytes. */
export const PACKET_CHARACTERS_MAX = 1_048_576;

export function encode(command: WireCommand): Encoded {
  switch (command.verb) {
    case "api":
      return packet([`api ${command.line}`], undefined, "api/response");
    case "bgapi":
      return packet([`bgapi ${command.line}`, `Job-UUID: ${command.jobId}`], undefined, "command/reply");
    case "sendmsg":
      return withHeaders(`sendmsg ${command.uuid}`, command.headers, command.body);
    case "sendevent":
      return withHeaders(`sendevent ${command.name}`, command.headers, command.body);
  }
}

function withHeaders(
  first: string,
  headers: ReadonlyArray<readonly [string, string]>,
  body: string | undefined,
): Encoded {
  for (const [name] of headers) {
    if (!/^[A-Za-z0-9_-]+$/.test(name)) return refused(`the header name ${JSON.stringify(name)}`);
    // Only `packet` writes the length of the body: a second Content-Length would move the end of the packet.
    if (/^content-length$/i.test(name)) return refused("a Content-Length of the caller's own");
  }
  return packet([first, ...headers.map(([name, value]) => `${name}: ${value}`)], body, "command/reply");
}

function packet(lines: readonly string[], body: string | undefined, expects: Expects): Encoded {
  if (lines.some((line) => /[\r\n\0]/.test(line))) return refused("a line break or NUL inside a line");
  if (body?.includes("\0")) return refused("a NUL inside a body");
  const head = lines.join("\n");
  // These words anywhere in the header lines of one packet make the switch unload or reload its event socket
  // (parse_command in mod_event_socket.c).
  if (/unload|reload/i.test(head) && /mod_event_socket/i.test(head))
    return refused("the words that unload the event socket");
  const whole =
    body === undefined
      ? `${head}\n\n`
      : `${head}\nContent-Length: ${Buffer.byteLength(body, "utf8")}\n\n${body}`;
  if (whole.length > PACKET_CHARACTERS_MAX) return refused(`${whole.length} characters`);
  return { ok: true, packet: whole, expects };
}

function refused(why: string): Encoded {
  return { ok: false, why };
}
