/**
 * Counts failed sign-ins and refuses further ones for a while, so that guessing is pointless and a phone with an old
 * password costs little.
 *
 * There are two counts. By address and name: after some failures the pair is locked, each time twice as long, from
 * seconds (a person corrects a password) up to a quarter of an hour. By address: an address that fails with many
 * different names is probing for names, so it is locked for all names except those that have signed in from there
 * before; one lost phone or one prying guest does not lock out the office behind the same router. There is no count
 * by name alone, because anybody could then lock out a colleague's phone.
 *
 * A refusal is answered at once. The switch looks phones up in the thread that handles all its SIP (sofia_reg.c), so
 * a delayed answer would delay all phones.
 */
import type { Logger } from "pino";
import type { Clock } from "../clock.js";

/** Failures of a pair until it is locked for the first time. */
export const FAILURES_MAX = 5;
export const FIRST_LOCK_MS = 10_000;
export const LOCK_MAX_MS = 900_000;
/** Different names that fail from one address until the address is locked. */
export const NAMES_MAX = 20;
export const ADDRESS_LOCK_MS = 900_000;
/** Failures are forgotten after this time without another failure or lock. */
export const FORGET_MS = 3_600_000;
/** Limit of pairs and of addresses in memory, against floods; the oldest are dropped first. */
const TRACKED_MAX = 20_000;
/** Limit of pairs that have signed in; more than the largest office has phones. */
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
  /** Sign-ins refused because of a lock. */
  refused: number;
  locks: number;
}

export class SignInGuard {
  readonly #clock: Clock;
  readonly #log: Logger;
  /** By {@link pairKey}; the pair that failed last is the last entry. */
  readonly #pairs = new Map<string, Pair>();
  readonly #addresses = new Map<string, Address>();
  /** Pairs that have signed in, the latest last. */
  readonly #known = new Set<string>();
  /** Name -> end of the longest lock of any of its pairs. */
  readonly #lockedNames = new Map<string, number>();
  readonly counts: SignInCounts = { failed: 0, refused: 0, locks: 0 };

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Whether this name is locked at this address. */
  refuses(address: string, name: string): boolean {
    const nowMs = this.#clock.nowMs();
    const key = pairKey(address, name);
    const waits =
      (this.#pairs.get(key)?.lockedUntilMs ?? 0) > nowMs ||
      ((this.#addresses.get(address)?.lockedUntilMs ?? 0) > nowMs && !this.#known.has(key));
    if (waits) this.counts.refused += 1;
    return waits;
  }

  /** Whether the name is locked at any address: then the switch must ask each time and not cache the answer. */
  isLockedAnywhere(name: string): boolean {
    return (this.#lockedNames.get(name) ?? 0) > this.#clock.nowMs();
  }

  /** A sign-in succeeded: the earlier failures of the pair are forgotten. */
  succeeded(address: string, name: string): void {
    const key = pairKey(address, name);
    this.#pairs.delete(key);
    renew(this.#known, key);
  }

  /**
   * A sign-in failed. Returns whether the name is locked from now on; the switch's cached answer for it must be
   * flushed then. Each failure that counts is one line in the log, in a form that other programs may read.
   */
  failed(address: string, name: string): boolean {
    const nowMs = this.#clock.nowMs();
    const pair = this.#pair(pairKey(address, name), nowMs);
    const from = this.#address(address, nowMs);
    // A sign-in during a lock neither counts nor extends the lock, else a phone that keeps trying would never get in.
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

/** Neither part contains a space: the switch read the address, and the name as one word of a header. */
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
