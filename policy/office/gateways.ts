/**
 * The gateways by which the switch reaches a carrier: one for each of its proxies, in order. The first has the carrier's
 * id as its name, the others a number behind it: `main`, `main.2`, `main.3`.
 */
import type { Carrier, Secret } from "./office.js";

/** A carrier has at least one proxy, and so its first gateway; the names are in the order in which to try them. */
export function gatewayNames({ id, moreProxies = [] }: Carrier): readonly string[] {
  return [id, ...moreProxies.map((_proxy, index) => `${id}.${index + 2}`)];
}

/** The carrier that a gateway on the switch belongs to. */
export function carrierOfGateway(
  name: string | undefined,
  carriers: readonly Carrier[],
): Carrier | undefined {
  if (name === undefined) return undefined;
  return (
    carriers.find(({ id }) => id === name) ?? carriers.find((carrier) => gatewayNames(carrier).includes(name))
  );
}

/** The proxies in order, as they stand in the office. */
export function proxiesOf({ proxy, moreProxies = [] }: Carrier): readonly string[] {
  return [proxy, ...moreProxies];
}

/** The host of a proxy, in lower case and without the brackets of an IPv6 address. */
export function hostOfProxy(proxy: string): string {
  return proxy
    .replace(/:\d+$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();
}

/** Whether a proxy names its port; an IPv6 address is in brackets. */
export function hasPort(proxy: string): boolean {
  return /:\d+$/.test(proxy);
}

/** Whether the switch registers with the carrier. */
export function registers({
  register,
  username,
  password,
}: Pick<Carrier, "register" | "username" | "password">) {
  return register ?? (username !== undefined && password !== undefined);
}

/** The secret with which a carrier's challenges are answered. Without a name beside it, it answers none. */
export function passwordOf({ username, authUsername, password }: Carrier): Secret | undefined {
  return username === undefined && authUsername === undefined ? undefined : password;
}
