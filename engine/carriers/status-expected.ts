/** Which gateways the switch must have for a carrier, and where each must point: to compare it with what the switch has. */
import { gatewayNames, hasPort, passwordOf, proxiesOf, registers } from "../../policy/office/gateways.js";
import type { Carrier } from "../../policy/office/office.js";
import type { GatewayRow } from "./status-gateways.js";

export interface ExpectedGateway {
  readonly name: string;
  /** As the office has it. */
  readonly proxy: string;
  /** host:port, in lower case. */
  readonly address: string;
  readonly transport: string;
  readonly username: string | null;
  readonly hasPassword: boolean;
  readonly registers: boolean;
}

/** One for each proxy of the carrier, in order. */
export function expectedGateways(carrier: Carrier): readonly ExpectedGateway[] {
  const { username, transport = "udp" } = carrier;
  const names = gatewayNames(carrier);
  const usual = carrier.port ?? usualPort(transport);
  return proxiesOf(carrier).map((proxy, index) => ({
    name: names[index] ?? carrier.id,
    proxy,
    address: withPort(proxy, usual),
    transport,
    username: username ?? null,
    hasPassword: passwordOf(carrier) !== undefined,
    registers: registers(carrier),
  }));
}

/** What a gateway has in another way than the office. */
export interface Difference {
  readonly what: "proxy" | "transport" | "user name" | "password" | "registration";
  readonly office: string;
  readonly gateway: string;
}

/** Every difference; what the switch does not tell is none. */
export function differences(expected: ExpectedGateway, row: GatewayRow): readonly Difference[] {
  const found: Difference[] = [];
  const compare = (what: Difference["what"], office: string | null, gateway: string | null) => {
    if (office !== null && gateway !== null && office !== gateway) found.push({ what, office, gateway });
  };
  compare("proxy", expected.address, row.proxy === null ? null : addressIn(row.proxy, row.transport));
  compare("transport", expected.transport, row.transport);
  compare("user name", expected.username, row.username);
  if (expected.hasPassword && row.hasPassword === false)
    found.push({ what: "password", office: "one", gateway: "none" });
  if (row.state !== null) compare("registration", yesNo(expected.registers), yesNo(row.state !== "NOREG"));
  return found;
}

function yesNo(is: boolean): string {
  return is ? "yes" : "no";
}

/** The port of a proxy that names none (RFC 3261, section 19.1.2). */
function usualPort(transport: string | null): number {
  return transport === "tls" ? 5061 : 5060;
}

/** host:port of the URI that the gateway has: `sip:host:port;transport=tcp`. */
function addressIn(uri: string, transport: string | null): string {
  const [, where = ""] = /^(?:sips?:)?(?:[^@;]*@)?([^;?]*)/i.exec(uri.trim()) ?? [];
  return withPort(where, usualPort(transport));
}

function withPort(proxy: string, usual: number): string {
  return (hasPort(proxy) ? proxy : `${proxy}:${usual}`).toLowerCase();
}
