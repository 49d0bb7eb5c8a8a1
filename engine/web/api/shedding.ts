/**
 * Refuses requests at once where they would wait for long: on a machine that calls keep busy the server gets little of it,
 * and people who wait ask again, which makes the wait longer for all.
 */

/** So few are answered however long it takes. */
const FEW = 64;
/** Single requests may take long by themselves. */
const SLOW = 32;
/** If more than the slow ones wait so long, the server does not keep up. */
const LATE_MS = 1_000;
/** Whatever their time, more than this are not begun. */
const MOST = 1_000;
export const SHED_RETRY_SECONDS = 2;

export class Shedding {
  /** When each request that is worked on began, the oldest first. */
  readonly #working = new Map<symbol, number>();

  /** Whether another request can be taken. */
  takes(nowMs: number): boolean {
    const { size } = this.#working;
    if (size < FEW) return true;
    return size < MOST && nowMs - this.#ofOldest(SLOW) < LATE_MS;
  }

  /** Counts a request as worked on. @returns takes it out again */
  begin(nowMs: number): () => void {
    const request = Symbol();
    this.#working.set(request, nowMs);
    return () => void this.#working.delete(request);
  }

  #ofOldest(nth: number): number {
    let at = 0;
    for (const beganMs of this.#working.values()) {
      if (at === nth) return beganMs;
      at += 1;
    }
    return Number.POSITIVE_INFINITY;
  }
}
