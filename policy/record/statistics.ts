/**
 * What sums of calls say: how long callers waited, and how many of them were answered in time. Waits are kept in whole
 * seconds, rounded down.
 */

/** How many calls came to something, and what became of them. */
export interface CallCounts {
  readonly calls: number;
  readonly answered: number;
  readonly missed: number;
  readonly messages: number;
  readonly refused: number;
  readonly talkMs: number;
}

/** So many callers waited so long. */
export interface Waits {
  readonly isAnswered: boolean;
  readonly waitS: number;
  readonly calls: number;
}

export interface WaitFigures {
  /** Seconds until the answer; null: nobody was answered. */
  readonly medianS: number | null;
  readonly p95S: number | null;
  /** Seconds until the caller gave up, or a mailbox took the call; null: everybody was answered. */
  readonly unansweredMedianS: number | null;
  readonly unansweredP95S: number | null;
  /** Calls that were answered, missed, or taken by a mailbox: all but those that were refused, or somebody else took. */
  readonly offered: number;
  /** Of them, those that were answered in less than so many seconds. */
  readonly answeredInTime: number;
}

export function addCounts(rows: Iterable<CallCounts>): CallCounts {
  const sum = { calls: 0, answered: 0, missed: 0, messages: 0, refused: 0, talkMs: 0 };
  for (const row of rows) for (const key of Object.keys(sum) as (keyof CallCounts)[]) sum[key] += row[key];
  return sum;
}

/** @param withinS an answer counts as in time when the caller has waited less than this */
export function waitFigures(waits: readonly Waits[], withinS: number): WaitFigures {
  const answered = inOrder(waits.filter(({ isAnswered }) => isAnswered));
  const unanswered = inOrder(waits.filter(({ isAnswered }) => !isAnswered));
  return {
    medianS: rank(answered, 50),
    p95S: rank(answered, 95),
    unansweredMedianS: rank(unanswered, 50),
    unansweredP95S: rank(unanswered, 95),
    offered: count(answered) + count(unanswered),
    answeredInTime: count(answered.filter(({ waitS }) => waitS < withinS)),
  };
}

function inOrder(waits: readonly Waits[]): readonly Waits[] {
  return [...waits].sort((a, b) => a.waitS - b.waitS);
}

function count(waits: readonly Waits[]): number {
  return waits.reduce((sum, { calls }) => sum + calls, 0);
}

/** The shortest wait that no more than the rest of so many percent of the callers exceeded (nearest rank). */
function rank(waits: readonly Waits[], percent: number): number | null {
  // In whole numbers: 0.95 times 20 is more than 19 in floating point.
  const wanted = Math.ceil((count(waits) * percent) / 100);
  let seen = 0;
  for (const { waitS, calls } of waits) {
    seen += calls;
    if (calls > 0 && seen >= wanted) return waitS;
  }
  return null;
}
