/**
 * What the switch is told of a carrier: the settings of its gateways, as the switch names them (parse_gateways in sofia.c).
 * A mark over all of them, the password included, tells later whether a gateway on the switch is as the office says.
 */
import { createHmac } from "node:crypto";
import { gatewayNames, hasPort, passwordOf, proxiesOf, registers } from "../../policy/office/gateways.js";
import type { Carrier } from "../../policy/office/office.js";
import { SRTP_VARIABLE, SRTP_WORDS } from "../switch/srtp.js";
import type { SecretValue } from "./secrets.js";

export interface Gateway {
  readonly name: string;
  readonly carrier: string;
  readonly registers: boolean;
  /** In the order in which they are written. */
  readonly params: ReadonlyArray<readonly [name: string, value: string]>;
  readonly variables: ReadonlyArray<
    readonly [name: string, value: string, direction: "inbound" | "outbound"]
  >;
}

/** The variable that holds a gateway's mark. It is set on calls that come by the gateway, and says nothing to anybody. */
export const MARK_VARIABLE = "ringline_settings";

/** The ports of SIP (RFC 3261, 19.1.2). */
const PORT_TLS = "5061";

/**
 * The gateways of a carrier, in the order of its proxies; none while its password is missing.
 * @param key what the mark is made with; whoever does not know it cannot try passwords against the mark
 */
export function gatewaysOf(carrier: Carrier, password: SecretValue | undefined, key: string): Gateway[] {
  const isNeeded = passwordOf(carrier) !== undefined;
  if (isNeeded && password?.kind !== "known") return [];
  const secret = isNeeded && password?.kind === "known" ? password.text : undefined;
  const names = gatewayNames(carrier);
  return proxiesOf(carrier).flatMap((proxy, index) => {
    const name = names[index];
    return name === undefined ? [] : [gatewayAt(carrier, name, withPort(carrier, proxy), secret, key)];
  });
}

function gatewayAt(
  carrier: Carrier,
  name: string,
  proxy: string,
  secret: string | undefined,
  key: string,
): Gateway {
  const params = paramsOf(carrier, proxy, secret);
  const srtp = carrier.srtp === undefined ? [] : srtpVariables(SRTP_WORDS[carrier.srtp]);
  const mark = createHmac("sha256", key)
    .update(JSON.stringify([name, params, srtp]))
    .digest("hex")
    .slice(0, 32);
  return {
    name,
    carrier: carrier.id,
    registers: registers(carrier),
    params,
    variables: [...srtp, [MARK_VARIABLE, mark, "inbound"]],
  };
}

/** The mark of a gateway's settings. */
export function markOf({ variables }: Gateway): string {
  return variables.find(([name]) => name === MARK_VARIABLE)?.[1] ?? "";
}

function srtpVariables(word: string): ReadonlyArray<readonly [string, string, "inbound" | "outbound"]> {
  return [
    [SRTP_VARIABLE, word, "outbound"],
    [SRTP_VARIABLE, word, "inbound"],
  ];
}

function paramsOf(carrier: Carrier, proxy: string, secret: string | undefined): Gateway["params"] {
  const { transport, extension, fromUser } = carrier;
  const all: ReadonlyArray<readonly [string, string | undefined]> = [
    ["proxy", proxy],
    ["register", String(registers(carrier))],
    ["username", carrier.username],
    ["auth-username", carrier.authUsername],
    ["password", secret],
    // Without a realm of its own the switch takes the proxy's name, and finds the gateway of a challenge by it.
    ["realm", carrier.realm],
    ["from-domain", carrier.fromDomain],
    ["from-user", fromUser],
    // The number that calls stands in From, unless the carrier wants a fixed user there.
    ["caller-id-in-from", String(fromUser === undefined)],
    ["extension", extension],
    ["extension-in-contact", extension === undefined ? undefined : "true"],
    ["register-transport", transport],
    ["expire-seconds", carrier.expireMs === undefined ? undefined : String(carrier.expireMs / 1000)],
    ["ping", carrier.pingMs === undefined ? undefined : String(carrier.pingMs / 1000)],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

function withPort({ port, transport }: Carrier, proxy: string): string {
  if (hasPort(proxy)) return proxy;
  if (port !== undefined) return `${proxy}:${port}`;
  // Left out for names: the switch then asks DNS for the carrier's servers and ports (RFC 3263, 4.2).
  return transport === "tls" && isAddress(proxy) ? `${proxy}:${PORT_TLS}` : proxy;
}

function isAddress(proxy: string): boolean {
  return proxy.startsWith("[") || /^[0-9.]+$/.test(proxy);
}
