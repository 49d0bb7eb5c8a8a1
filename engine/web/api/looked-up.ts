/**
 * Keeps what the database has said for a moment: a page asks ten things at once, and each needs to know who asks. What this
 * process writes counts at once; what another one writes, such as a command that ends a session, a quarter of a second later.
 */
import type { Deps } from "../../use-case.js";

const KEPT_MS = 250;
const KEPT_MAX = 5_000;

interface Kept<T> {
  readonly found: Promise<T>;
  /** When it was asked, and after how many writes of this process. */
  readonly atMs: number;
  readonly writes: number;
}

export class LookedUp<T> {
  readonly #deps: Pick<Deps, "store" | "clock">;
  readonly #kept = new Map<string, Kept<T>>();

  constructor(deps: Pick<Deps, "store" | "clock">) {
    this.#deps = deps;
  }

  get(key: string, look: () => Promise<T>): Promise<T> {
    const { store, clock } = this.#deps;
    const [nowMs, { writes }] = [clock.nowMs(), store];
    const kept = this.#kept.get(key);
    // A clock that was set back says nothing.
    const isFresh = kept !== undefined && nowMs >= kept.atMs && nowMs < kept.atMs + KEPT_MS;
    if (isFresh && kept.writes === writes) return kept.found;
    if (this.#kept.size >= KEPT_MAX) this.#kept.clear();
    const found = look();
    this.#kept.set(key, { found, atMs: nowMs, writes });
    // The next one asks again.
    found.catch(() => this.#kept.delete(key));
    return found;
  }
}

/**
 * Asks once for all who ask while the one before is being answered. Nobody gets an answer that was asked for before they
 * asked.
 */
export function together<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  let next: Promise<T> | undefined;
  const begin = (): Promise<T> => {
    next = undefined;
    const mine = ask();
    asked = mine;
    const over = () => {
      if (asked === mine) asked = undefined;
    };
    mine.then(over, over);
    return mine;
  };
  return () => {
    if (asked === undefined) return begin();
    next ??= asked.then(begin, begin);
    return next;
  };
}
