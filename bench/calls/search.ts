/**
 * The search for the highest rate that a variant carries: it rises by steps until a rate fails twice, then halves the
 * distance between the highest that passed and the lowest that failed.
 */

export interface Search {
  /** The highest rate that passed; null: none. */
  readonly passed: number | null;
  /** The lowest rate that failed twice; null: none. */
  readonly failed: number | null;
  /** The rate to try next; null: the search is over. */
  readonly next: number | null;
  /** The next rate has failed once already. */
  readonly isAgain: boolean;
}

export interface SearchOptions {
  readonly from: number;
  readonly upTo: number;
  /** The search is over when passed and failed are this close, as a part of what failed. */
  readonly precision: number;
}

/** By how much the rate rises from step to step. */
const RISE = 1.4;

export function beginSearch({ from }: SearchOptions): Search {
  return { passed: null, failed: null, next: from, isAgain: false };
}

export function nextSearch(search: Search, didPass: boolean, options: SearchOptions): Search {
  const { next: tried, isAgain } = search;
  if (tried === null) return search;
  if (!didPass && !isAgain) return { ...search, isAgain: true };
  const passed = didPass ? Math.max(search.passed ?? 0, tried) : search.passed;
  const failed = didPass ? search.failed : Math.min(search.failed ?? tried, tried);
  return { passed, failed, next: rateBetween(passed, failed, options), isAgain: false };
}

function rateBetween(passed: number | null, failed: number | null, options: SearchOptions): number | null {
  if (failed === null) {
    const higher = Math.round((passed ?? options.from) * RISE);
    if (passed !== null && passed >= options.upTo) return null;
    return Math.min(options.upTo, Math.max(higher, (passed ?? 0) + 1));
  }
  const low = passed ?? 0;
  const middle = Math.round((low + failed) / 2);
  const isClose = (failed - low) / failed <= options.precision;
  return isClose || middle === low || middle === failed ? null : middle;
}
