/**
 * Where a contact is dialled: at the address from which the phone has signed in, whatever the contact says. A phone may
 * register any contact, also `sip:19005551234@carrier.example`, and the switch would call that at the office's cost.
 * The request still names the contact; only the way to it is the phone's own. That is also what RFC 5626 (outbound) and
 * the switch do for phones behind a NAT, so phones outside the office ring as before: their contact has that way already.
 *
 * A phone may send from another port than it listens on (RFC 3261, section 18.1.1), as Cisco's 7900 series does by UDP.
 * So where the switch has found no NAT, and the contact names the source's own IP address, its port is the contact's. TCP
 * and TLS go back over the phone's connection, whose port is the source's.
 */

/** The source address of a REGISTER. */
export interface Source {
  readonly ip: string;
  readonly port: number;
  /** A carrier is at the same IP address, so another port may be the carrier's, which calls outside. */
  readonly isCarriers: boolean;
}

export interface DialledAt {
  readonly url: string;
  /** The contact names a host from which the phone has not signed in. */
  readonly isElsewhere: boolean;
}

/**
 * The contact with the way to its phone; undefined: its URI may be read in more than one way.
 * @param url `sofia/<profile>/sip:…`, maybe with an `fs_path`: the way that the switch has found, or a Path (RFC 3327)
 */
export function dialledAt(url: string, source: Source): DialledAt | undefined {
  // The switch takes the first `fs_path=` anywhere in the text, in any case, also in the user part (mod_sofia.c).
  const [contact = "", path, ...more] = url.split(/;fs_path=/);
  if (more.length > 0 || /fs_path/i.test(contact) || /[;@]|fs_path/i.test(path ?? "")) return undefined;
  const named = readUri(contact.replace(/^sofia\/[^/]+\//, ""));
  const first = path === undefined ? named : readUri(firstOfPath(path));
  if (named === undefined || first === undefined) return undefined;
  const isHere = first.hop.ip === source.ip && !first.isRedirected;
  const mayListen = path === undefined && first.isUdp && !source.isCarriers;
  const isPhones = first.hop.port === source.port || (mayListen && first.hop.port > 0);
  if (isHere && isPhones && !named.isRedirected) return { url, isElsewhere: false };
  const way = encodeURIComponent(`sip:${source.ip}:${source.port}${first.transport}`);
  return { url: `${withoutWays(contact)};fs_path=${way}`, isElsewhere: !isHere };
}

/** Whether the first hop of the way to a contact is by TLS. @param url as {@link dialledAt} returns it */
export function isReachedByTls(url: string): boolean {
  const [contact = "", path] = url.split(/;fs_path=/);
  const named = readUri(contact.replace(/^sofia\/[^/]+\//, ""));
  const first = path === undefined ? named : readUri(firstOfPath(path));
  return first?.transport === ";transport=tls";
}

interface ReadUri {
  readonly hop: { readonly ip: string; readonly port: number };
  /** `;transport=tcp` and the like; empty: none is named. */
  readonly transport: string;
  /** UDP is what a `sip:` URI without a transport means. */
  readonly isUdp: boolean;
  /** A parameter sends the request to a place other than the host (RFC 3261, section 19.1.1). */
  readonly isRedirected: boolean;
}

function readUri(uri: string): ReadUri | undefined {
  const [, scheme = "", rest = ""] = /^(sips?):(.*)$/.exec(uri) ?? [];
  const [first = "", second, ...more] = rest.split("@");
  if (scheme === "" || more.length > 0) return undefined;
  const [hostAndPort = "", ...parameters] = (second ?? first).split(";");
  const [, ip, port] = /^([A-Za-z0-9.-]+)(?::([0-9]{1,5}))?$/.exec(hostAndPort) ?? [];
  if (ip === undefined) return undefined;
  const transport = transportOf(scheme, parameters);
  const usual = transport === ";transport=tls" ? 5061 : 5060;
  return {
    hop: { ip, port: port === undefined ? usual : Number(port) },
    transport,
    isUdp: transport === "" || transport === ";transport=udp",
    isRedirected: parameters.some(isWay),
  };
}

function isWay(parameter: string): boolean {
  return /^(?:maddr|received|route)(?:=|$)/i.test(parameter);
}

function withoutWays(contact: string): string {
  const at = contact.lastIndexOf("@");
  const parameters = contact.slice(at + 1).split(";");
  const kept = parameters.filter((parameter) => !isWay(parameter) && parameter !== "fs_nat=yes");
  return contact.slice(0, at + 1) + kept.join(";");
}

/** The first URI of an encoded path, which may have several in angle brackets. */
function firstOfPath(encoded: string): string {
  let path: string;
  try {
    path = decodeURIComponent(encoded);
  } catch {
    return "";
  }
  return /^<([^>]*)>/.exec(path)?.[1] ?? path;
}

function transportOf(scheme: string, parameters: readonly string[]): string {
  if (scheme === "sips") return ";transport=tls";
  for (const parameter of parameters) {
    const transport = /^transport=([a-z]{2,4})$/i.exec(parameter)?.[1];
    if (transport !== undefined) return `;transport=${transport.toLowerCase()}`;
  }
  return "";
}
