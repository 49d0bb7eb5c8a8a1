/**
 * Counts sign-ins that failed, and says which are not even to be tried: the bounds that make guessing pointless
 * and keep a phone with an old password from wearing everybody out.
 *
 * Two counts. By address and name: after some failures this pair waits, each time twice as long, at first for
 * seconds (a person corrects a password) and at last for a quarter of an hour. By address: who fails with many
 * different names is looking for one that exists, and waits with all names but those that have signed in from
 * there before, so that one lost phone or one prying guest does not shut out the office behind the same router.
 * Never by name alone: anybody could then keep a colleague's phone out.
 *
 * The switch is not made to wait for an answer: it asks in the thread that handles all its SIP (sofia_reg.c), so
 * a slow answer to one would slow down everybody.
 */
import type { Logger } from "pino";
import type { Clock } from "../clock.js";

/** Failures of a pair before it waits for the first time. */
export const FAILURES_MAX = 5;
export const FIRST_LOCK_MS = 10_000;
export const LOCK_MAX_MS = 900_000;
/** Different names failing from one address before it waits, and for how long. */
export const NAMES_MAX = 20;
export const ADDRESS_LOCK_MS = 900_000;
/** What has not failed for so long begins anew. */
export const FORGET_MS = 3_600_000;
/** Pairs and addresses that are remembered; the oldest go first, so a flood of new ones costs no memory. */
const TRACKED_MAX = 20_000;
/** Pairs that have signed in; more than the phones of the largest office. */
const KNOWN_MAX = 200_000;

interface Pair {
  failures: number;
  lockedUntilMs: number;
  lastMs: number;
}

interface Address {
  /** Names that failed, at most {@link NAMES_MAX} of them. */
  names: Set<string>;
  lockedUntilMs: number;
  lastMs: number;
}

export interface SignInCounts {
  failed: number;
  /** Tries by who had to wait. */
  refused: number;
  locks: number;
}

export class SignInGuard {
  readonly #clock: Clock;
  readonly #log: Logger;
  /** By {@link pairKey}; the one that failed last stands last. */
  readonly #pairs = new Map<string, Pair>();
  readonly #addresses = new Map<string, Address>();
  /** Pairs that have signed in, the latest last. */
  readonly #known = new Set<string>();
  /** Name -> until when some pair of it waits. */
  readonly #lockedNames = new Map<string, number>();
  readonly counts: SignInCounts = { failed: 0, refused: 0, locks: 0 };

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Whether this name has to wait at this address. */
  refuses(address: string, name: string): boolean {
    const nowMs = this.#clock.nowMs();
    const key = pairKey(address, name);
    const waits =
      (this.#pairs.get(key)?.lockedUntilMs ?? 0) > nowMs ||
      ((this.#addresses.get(address)?.lockedUntilMs ?? 0) > nowMs && !this.#known.has(key));
    if (waits) this.counts.refused += 1;
    return waits;
  }

  /** Whether the name waits anywhere: then the switch must ask for it each time, and not remember the answer. */
  isLockedAnywhere(name: string): boolean {
    return (this.#lockedNames.get(name) ?? 0) > this.#clock.nowMs();
  }

  /** A sign-in was right: its earlier failures are forgiven. */
  succeeded(address: string, name: string): void {
    const key = pairKey(address, name);
    this.#pairs.delete(key);
    renew(this.#known, key);
  }

  /**
   * A sign-in failed. Returns whether the name has to wait from now on: what the switch remembers of it must be
   * taken from it then. Each failure that counts is one line in the log, in a form that other programs may read.
   */
  failed(address: string, name: string): boolean {
    const nowMs = this.#clock.nowMs();
    const pair = this.#pair(pairKey(address, name), nowMs);
    const from = this.#address(address, nowMs);
    // Refused, not tried: it neither counts nor makes the wait longer, or a phone that keeps trying never got in.
    if (pair.lockedUntilMs > nowMs || from.lockedUntilMs > nowMs) return false;
    this.counts.failed += 1;
    pair.failures += 1;
    pair.lastMs = nowMs;
    from.lastMs = nowMs;
    if (!this.#known.has(pairKey(address, name))) from.names.add(name);
    this.#log.warn({ address, user: name, failures: pair.failures }, "sign-in failed");
    if (from.names.size >= NAMES_MAX) this.#lockAddress(address, from, nowMs);
    if (pair.failures < FAILURES_MAX) return false;
    const waitMs = Math.min(FIRST_LOCK_MS * 2 ** (pair.failures - FAILURES_MAX), LOCK_MAX_MS);
    pair.lockedUntilMs = nowMs + waitMs;
    this.#lockedNames.set(name, Math.max(this.#lockedNames.get(name) ?? 0, pair.lockedUntilMs));
    this.#forgetNames(nowMs);
    this.counts.locks += 1;
    this.#log.warn(
      { address, user: name, failures: pair.failures, seconds: waitMs / 1000 },
      "sign-in locked",
    );
    return true;
  }

  #lockAddress(address: string, from: Address, nowMs: number): void {
    from.lockedUntilMs = nowMs + ADDRESS_LOCK_MS;
    from.names = new Set();
    this.counts.locks += 1;
    this.#log.warn(
      { address, user: "*", failures: NAMES_MAX, seconds: ADDRESS_LOCK_MS / 1000 },
      "sign-in locked",
    );
  }

  #pair(key: string, nowMs: number): Pair {
    const held = this.#pairs.get(key);
    this.#pairs.delete(key);
    const isOld = held !== undefined && nowMs - Math.max(held.lastMs, held.lockedUntilMs) > FORGET_MS;
    const pair = held === undefined || isOld ? { failures: 0, lockedUntilMs: 0, lastMs: nowMs } : held;
    this.#pairs.set(key, pair);
    dropOldest(this.#pairs);
    return pair;
  }

  #address(address: string, nowMs: number): Address {
    const held = this.#addresses.get(address);
    this.#addresses.delete(address);
    const isOld = held !== undefined && nowMs - Math.max(held.lastMs, held.lockedUntilMs) > FORGET_MS;
    const from =
      held === undefined || isOld ? { names: new Set<string>(), lockedUntilMs: 0, lastMs: nowMs } : held;
    this.#addresses.set(address, from);
    dropOldest(this.#addresses);
    return from;
  }

  #forgetNames(nowMs: number): void {
    if (this.#lockedNames.size <= TRACKED_MAX) return;
    for (const [name, untilMs] of this.#lockedNames) if (untilMs <= nowMs) this.#lockedNames.delete(name);
    dropOldest(this.#lockedNames);
  }
}

/** Neither holds a space when it comes from the switch: an address, and a name that was one word of a header. */
function pairKey(address: string, name: string): string {
  return `${address} ${name}`;
}

function renew(set: Set<string>, key: string): void {
  set.delete(key);
  set.add(key);
  const oldest = set.values().next().value;
  if (set.size > KNOWN_MAX && oldest !== undefined) set.delete(oldest);
}

function dropOldest(map: Map<string, unknown>): void {
  const oldest = map.keys().next().value;
  if (map.size > TRACKED_MAX && oldest !== undefined) map.delete(oldest);
}
