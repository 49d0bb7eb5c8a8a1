/**
 * The addresses behind a name, as a carrier's SIP servers are found: by SRV records where there are any (RFC 3263, 4.2),
 * and by the system's resolver, which also knows the machine's own table of hosts.
 */
import { lookup, resolveSrv } from "node:dns/promises";

/** The addresses of a host, or null: DNS did not say. */
export type ResolveHost = (name: string, services: readonly string[]) => Promise<readonly string[] | null>;

export const resolveHost: ResolveHost = async (name, services) => {
  const targets = new Set([name]);
  for (const service of services)
    for (const record of await srv(`${service}.${name}`)) if (record !== "") targets.add(record);
  const found = await Promise.all([...targets].map(addressesOf));
  const addresses = found.flatMap((list) => list ?? []);
  // One server that cannot be found is no reason to forget the others; none at all may be an outage of DNS.
  return addresses.length === 0 ? null : [...new Set(addresses)].sort();
};

/** Without SRV records, or without an answer, the name itself counts. */
async function srv(name: string): Promise<string[]> {
  try {
    return (await resolveSrv(name)).map((record) => record.name);
  } catch {
    return [];
  }
}

async function addressesOf(name: string): Promise<string[] | null> {
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch {
    return null;
  }
}
