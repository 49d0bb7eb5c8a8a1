/**
 * How many requests one person, or one address, may make: a bucket that fills at a steady rate, so that a page may ask a
 * hundred things at once, and a program cannot keep the server busy. Kept in memory: a restart forgives.
 */

export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

export interface RateLimits {
  /** Of a person's sessions together, and of each key of the API. */
  readonly actor: Rate;
  /** Of requests by nobody known. */
  readonly address: Rate;
}

export const RATE_LIMITS: RateLimits = {
  actor: { perSecond: 50, burst: 300 },
  address: { perSecond: 10, burst: 100 },
};

/** As many are remembered; the one that was used longest ago is forgotten. */
const BUCKETS_MAX = 20_000;
const SECOND_MS = 1_000;

interface Bucket {
  left: number;
  atMs: number;
}

export class Buckets {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** @returns 0: it may; else after how many seconds it may again */
  take(key: string, nowMs: number): number {
    const { perSecond, burst } = this.#rate;
    const before = this.#buckets.get(key) ?? { left: burst, atMs: nowMs };
    const passedMs = Math.max(0, nowMs - before.atMs);
    const left = Math.min(burst, before.left + (passedMs / SECOND_MS) * perSecond);
    const isAllowed = left >= 1;
    this.#keep(key, { left: isAllowed ? left - 1 : left, atMs: nowMs });
    return isAllowed ? 0 : Math.ceil((1 - left) / perSecond);
  }

  #keep(key: string, bucket: Bucket): void {
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > BUCKETS_MAX && oldest !== undefined) this.#buckets.delete(oldest);
  }
}
