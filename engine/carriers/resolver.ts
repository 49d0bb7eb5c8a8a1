/**
 * The addresses behind a name, as a carrier's SIP servers are found: by SRV records where there are any (RFC 3263, 4.2),
 * else by the name itself. Names that DNS does not know may stand in the machine's own table of hosts, which only
 * the system's resolver reads. It runs in a thread of the pool in which the database works as well, so it is asked for
 * one name at a time: an outage of DNS must not hold up the database.
 */
import { lookup, Resolver } from "node:dns/promises";

/** The addresses of a host, or null: DNS did not say. */
export type ResolveHost = (name: string, services: readonly string[]) => Promise<readonly string[] | null>;

const RESOLVER = new Resolver({ timeout: 2_000, tries: 2 });

export const resolveHost: ResolveHost = async (name, services) => {
  const targets = new Set([name]);
  for (const service of services)
    for (const { name: target } of await answerOf(RESOLVER.resolveSrv(`${service}.${name}`)))
      if (target !== "") targets.add(target);
  const found = (await Promise.all([...targets].map(addressesOf))).flat();
  // One server that cannot be found is no reason to forget the others; none at all may be an outage of DNS.
  return found.length === 0 ? null : [...new Set(found)].sort();
};

async function addressesOf(name: string): Promise<readonly string[]> {
  const [v4, v6] = await Promise.all([answerOf(RESOLVER.resolve4(name)), answerOf(RESOLVER.resolve6(name))]);
  return v4.length + v6.length > 0 ? [...v4, ...v6] : bySystem(name);
}

/** The end of the last question to the system's resolver. */
let lastAsked: Promise<unknown> = Promise.resolve();

function bySystem(name: string): Promise<readonly string[]> {
  const asked = lastAsked.then(() => answerOf(lookup(name, { all: true })));
  lastAsked = asked;
  return asked.then((found) => found.map(({ address }) => address));
}

/** An error is no answer. */
function answerOf<T>(asked: Promise<readonly T[]>): Promise<readonly T[]> {
  return asked.catch(() => []);
}
