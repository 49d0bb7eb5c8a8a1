/**
 * Which gateways the switch must have for a carrier, where each must point, and from where the carrier's calls come: what
 * the office says, to compare it with what the switch has.
 */
import type { Carrier } from "../../policy/office/office.js";
import type { GatewayRow } from "./status-gateways.js";

/** Settings that a carrier may have besides. */
export type CarrierSettings = Carrier & {
  readonly moreProxies?: readonly string[];
  readonly port?: number;
  readonly transport?: "tcp" | "tls";
  readonly register?: boolean;
  readonly addresses?: readonly string[];
};

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

/** One for each proxy of the carrier, in order; the first has the carrier's id as its name. */
export function expectedGateways(carrier: CarrierSettings): readonly ExpectedGateway[] {
  const { id, proxy, moreProxies = [], username, password, transport = "udp", register } = carrier;
  const usual = carrier.port ?? usualPort(transport);
  return [proxy, ...moreProxies].map((written, index) => ({
    name: index === 0 ? id : `${id}.${index + 1}`,
    proxy: written,
    address: withPort(written, usual),
    transport,
    username: username ?? null,
    hasPassword: password !== undefined,
    registers: register ?? (username !== undefined && password !== undefined),
  }));
}

/** Addresses, ranges, or names of hosts. */
export function sourcesOf(carrier: CarrierSettings): readonly string[] {
  const { addresses, proxy, moreProxies = [] } = carrier;
  return addresses ?? [...new Set([proxy, ...moreProxies].map(hostOf))];
}

/** The carrier whose gateway has this name. */
export function carrierOfGateway(name: string, carriers: readonly Carrier[]): Carrier | undefined {
  return (
    carriers.find(({ id }) => id === name) ??
    carriers.find((carrier) => expectedGateways(carrier).some((gateway) => gateway.name === name))
  );
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
  const hasPort = /^(?:\[[^\]]*\]|[^:]*):\d+$/.test(proxy);
  return (hasPort ? proxy : `${proxy}:${usual}`).toLowerCase();
}

function hostOf(proxy: string): string {
  return proxy
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();
}
