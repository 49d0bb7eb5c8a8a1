/**
 * The addresses from which carriers may call. Names are looked up again and again, since carriers move their servers; a
 * name that DNS does not answer for keeps the addresses it had. One answer need not have all of them: many carriers give
 * out a few of their servers at a time, in turn, and a server that is taken out of DNS still has calls to send.
 */
import { BlockList, isIP } from "node:net";
import type { Logger } from "pino";
import { hasPort, hostOfProxy, proxiesOf } from "../../policy/office/gateways.js";
import type { Carrier } from "../../policy/office/office.js";
import { readSource } from "../../policy/office/sources.js";
import type { CarrierAddress } from "../../storage/carrier-addresses.js";
import type { Clock, TimerHandle } from "../clock.js";
import type { ResolveHost } from "./resolver.js";
import type { LetIn } from "./xml.js";

/** How often names are looked up again. */
export const RESOLVE_MS = 60_000;
/** The same while a name has never been answered for. */
const RESOLVE_SOON_MS = 5_000;
/**
 * A list that lacks the addresses of a name would shut out a carrier that the switch lets in now. So the list waits this
 * long for names that were never answered for.
 */
export const RESOLVE_PATIENCE_MS = 60_000;

/** How long an address stays that DNS does not name any more. */
export const KEPT_MS = 3_600_000;

/** The records under which a carrier announces its servers for a transport (RFC 3263, 4.2). */
const SERVICES = {
  udp: ["_sip._udp", "_sip._tcp"],
  tcp: ["_sip._tcp", "_sip._udp"],
  tls: ["_sips._tcp"],
} as const;

/** How often the addresses are written down though they are the same: so old they may be when a restart reads them. */
const WRITE_MS = 600_000;
/** Addresses that DNS named so long ago are not let in after a restart: they may be somebody else's by now. */
export const TRUSTED_MS = 7 * 86_400_000;

/** Where the addresses outlive the engine. Both reject when the database fails. */
export interface KeptAddresses {
  readCarrierAddresses(): Promise<readonly CarrierAddress[]>;
  writeCarrierAddresses(hosts: readonly string[], all: readonly CarrierAddress[]): Promise<void>;
}

/** One place that a carrier's calls come from: a range of addresses, or a host. */
export interface Wanted {
  readonly carrier: string;
  readonly cidr?: string;
  readonly host?: { readonly name: string; readonly services: readonly string[] };
}

export interface AddressesDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly resolve: ResolveHost;
  readonly kept: KeptAddresses;
  /** Called when the list has become another one, or is whole now. */
  readonly onChange: () => void;
}

export class CarrierAddresses {
  readonly #deps: AddressesDeps;
  #wanted: readonly Wanted[] = [];
  /** By name and records: each address, and when DNS named it last; null: no answer so far. */
  #hosts = new Map<string, ReadonlyMap<string, number> | null>();
  #sinceMs = 0;
  #timer: TimerHandle | undefined;
  #round = 0;
  #isOpen = false;
  /** By name and records: what an earlier engine has found. */
  #earlier: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map();
  /** By name and records: the addresses that were written down last, and when. */
  readonly #written = new Map<string, { readonly text: string; readonly atMs: number }>();

  constructor(deps: AddressesDeps) {
    this.#deps = deps;
  }

  /** Names are looked up meanwhile; until DNS answers, they have the addresses that an earlier engine found. */
  async open(carriers: readonly Carrier[]): Promise<void> {
    this.#isOpen = true;
    this.#earlier = await this.#readEarlier();
    this.#sinceMs = this.#deps.clock.nowMs();
    this.set(carriers);
  }

  close(): void {
    this.#isOpen = false;
    if (this.#timer !== undefined) this.#deps.clock.cancel(this.#timer);
  }

  /** The carriers of another revision; names that are new are looked up at once. */
  set(carriers: readonly Carrier[]): void {
    this.#wanted = carriers.flatMap(wantedOf);
    const before = this.#hosts;
    const keys = this.#wanted.flatMap(({ host }) => (host === undefined ? [] : [keyOf(host)]));
    this.#hosts = new Map(keys.map((key) => [key, before.get(key) ?? this.#earlier.get(key) ?? null]));
    if (keys.some((key) => !before.has(key))) {
      this.#sinceMs = this.#deps.clock.nowMs();
      this.#resolve();
    }
  }

  /** Whether the list may be used: each name has been answered for, or long enough been waited for. */
  get isWhole(): boolean {
    return (
      [...this.#hosts.values()].every((answer) => answer !== null) ||
      this.#deps.clock.nowMs() - this.#sinceMs >= RESOLVE_PATIENCE_MS
    );
  }

  /** Each address once, in order, with its carriers. */
  list(): readonly LetIn[] {
    const byCidr = new Map<string, Set<string>>();
    for (const { carrier, cidr, host } of this.#wanted) {
      const found = host === undefined ? [] : (this.#hosts.get(keyOf(host))?.keys() ?? []);
      for (const each of cidr === undefined ? [...found].flatMap(wholeAddress) : [cidr]) {
        const network = networkOf(each);
        byCidr.set(network, (byCidr.get(network) ?? new Set()).add(carrier));
      }
    }
    return [...byCidr]
      .map(([cidr, carriers]) => ({ cidr, carriers: [...carriers].sort() }))
      .sort((a, b) => (a.cidr < b.cidr ? -1 : 1));
  }

  /** Whether a carrier's calls come from this address. */
  isAt(ip: string): boolean {
    return isIn(
      this.list().map(({ cidr }) => cidr),
      ip,
    );
  }

  async #readEarlier(): Promise<Map<string, Map<string, number>>> {
    const { clock, log, kept } = this.#deps;
    const earlier = new Map<string, Map<string, number>>();
    const all = await kept.readCarrierAddresses().catch((error: unknown) => {
      log.warn({ err: error }, "the addresses of carriers that an earlier engine found cannot be read");
      return [];
    });
    for (const { host, address, namedMs } of all)
      if (clock.nowMs() - namedMs < TRUSTED_MS)
        earlier.set(host, (earlier.get(host) ?? new Map<string, number>()).set(address, namedMs));
    return earlier;
  }

  /** Writes down what was found, when it has changed or is about to be old. */
  #keep(): void {
    const { clock, log, kept } = this.#deps;
    const nowMs = clock.nowMs();
    const due = [...this.#hosts].flatMap(([host, found]) => {
      const text = [...(found?.keys() ?? [])].sort().join();
      const last = this.#written.get(host);
      const isSame = last?.text === text && nowMs - last.atMs < WRITE_MS;
      return found === null || isSame ? [] : [{ host, found, text }];
    });
    if (due.length === 0) return;
    const all = due.flatMap(({ host, found }) =>
      [...found].map(([address, namedMs]) => ({ host, address, namedMs })),
    );
    for (const { host, text } of due) this.#written.set(host, { text, atMs: nowMs });
    kept
      .writeCarrierAddresses(
        due.map(({ host }) => host),
        all,
      )
      .catch((error: unknown) => {
        for (const { host } of due) this.#written.delete(host);
        log.warn({ err: error }, "the addresses of carriers cannot be written");
      });
  }

  #resolve(): void {
    const round = ++this.#round;
    if (this.#timer !== undefined) this.#deps.clock.cancel(this.#timer);
    this.#timer = undefined;
    const hosts = new Map(
      this.#wanted.flatMap(({ host }) => (host === undefined ? [] : [[keyOf(host), host]])),
    );
    void Promise.all(
      [...hosts].map(async ([key, { name, services }]) => {
        const answer = await this.#deps.resolve(name, services).catch(() => null);
        if (this.#isOpen) this.#learn(key, name, answer);
      }),
    ).then(() => {
      if (!this.#isOpen || round !== this.#round || hosts.size === 0) return;
      this.#keep();
      const isMissing = [...this.#hosts.values()].includes(null);
      this.#timer = this.#deps.clock.after(isMissing ? RESOLVE_SOON_MS : RESOLVE_MS, () => {
        // The wait for a name may be over by now.
        if (isMissing) this.#deps.onChange();
        this.#resolve();
      });
    });
  }

  #learn(key: string, name: string, answer: readonly string[] | null): void {
    const before = this.#hosts.get(key);
    if (before === undefined) return;
    if (answer === null) {
      this.#deps.log.warn(
        { host: name, kept: [...(before?.keys() ?? [])] },
        before === null
          ? "DNS does not know the host of a carrier: calls from it are not let in"
          : "DNS does not answer for the host of a carrier: its last addresses stay",
      );
      return;
    }
    const nowMs = this.#deps.clock.nowMs();
    const kept = [...(before ?? [])].filter(([, namedMs]) => nowMs - namedMs < KEPT_MS);
    const now = new Map([...kept, ...answer.map((address) => [address, nowMs] as const)]);
    this.#hosts.set(key, now);
    if (before === null || now.size !== before.size || answer.some((address) => !before.has(address)))
      this.#deps.onChange();
  }
}

/** Where a carrier says that its calls come from, or else its proxies. */
export function wantedOf(carrier: Carrier): Wanted[] {
  const { id, addresses, transport = "udp" } = carrier;
  const byName = (name: string, services: readonly string[]): Wanted => ({
    carrier: id,
    host: { name, services },
  });
  if (addresses !== undefined)
    return addresses.flatMap((text) => {
      const source = readSource(text);
      if (source === undefined) return [];
      return [source.kind === "range" ? { carrier: id, cidr: source.cidr } : byName(source.name, [])];
    });
  return proxiesOf(carrier).flatMap((proxy) => {
    const host = hostOfProxy(proxy);
    const [cidr] = wholeAddress(host);
    if (cidr !== undefined) return [{ carrier: id, cidr }];
    return [byName(host, hasPort(proxy) || carrier.port !== undefined ? [] : SERVICES[transport])];
  });
}

/** Whether a carrier's calls come from this address or go there, as far as the office says so without DNS. */
export function carrierIsAt(carriers: readonly Carrier[], ip: string): boolean {
  const wanted = carriers.flatMap((carrier) => {
    const { addresses: _, ...rest } = carrier;
    return [...wantedOf(carrier), ...wantedOf(rest)];
  });
  return isIn(
    wanted.flatMap(({ cidr }) => (cidr === undefined ? [] : [cidr])),
    ip,
  );
}

function isIn(cidrs: readonly string[], ip: string): boolean {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [network = "", prefix] = cidr.split("/");
    list.addSubnet(network, Number(prefix), isIP(network) === 6 ? "ipv6" : "ipv4");
  }
  return list.check(ip, isIP(ip) === 6 ? "ipv6" : "ipv4");
}

function keyOf({ name, services }: { readonly name: string; readonly services: readonly string[] }): string {
  return [name, ...services].join(" ");
}

/** One address as a range; an address with a zone is of this machine only. */
function wholeAddress(address: string): string[] {
  const family = isIP(address);
  if (family === 0 || address.includes("%")) return [];
  return [`${address.toLowerCase()}/${family === 4 ? 32 : 128}`];
}

/**
 * The range in one way of writing, so that carriers who share it are seen to: of two equal ranges the switch takes the one
 * that it read last, and the call would count as that carrier's.
 */
function networkOf(cidr: string): string {
  const [address = "", length = ""] = cidr.split("/");
  const isV4 = isIP(address) === 4;
  const bitsEach = isV4 ? 8 : 16;
  const groups = (isV4 ? address.split(".").map(Number) : groupsOf(address)).map((group, index) => {
    const hostBits = Math.min(bitsEach, Math.max(0, bitsEach * (index + 1) - Number(length)));
    return (group >> hostBits) << hostBits;
  });
  const text = isV4 ? groups.join(".") : shortest(groups.map((group) => group.toString(16)).join(":"));
  return `${text}/${length}`;
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  const [left = "", right] = shortest(address).split("::");
  const before = left === "" ? [] : left.split(":");
  const after = right === undefined || right === "" ? [] : right.split(":");
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16));
}

/** RFC 5952. */
function shortest(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}
