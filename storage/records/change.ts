/** What changes about calls in one transaction, and who else writes in it. */
import type { Happening } from "../../policy/record/happening.js";
import type { CallRecord } from "../../policy/record/record.js";
import type { Database } from "../database.js";

/** A call of which something new was read. */
export interface RecordChange {
  /** Undefined: the call was not known. */
  readonly before: CallRecord | undefined;
  readonly after: CallRecord;
  /** The happenings that are new, in their order; those of `after` end with them. */
  readonly news: readonly Happening[];
}

/** Whether a call has ended with a change. A call that was believed lost and is not ends again, later. */
export function hasEnded({ before, after }: RecordChange): boolean {
  return after.endedMs !== null && (before?.endedMs ?? null) === null;
}

/**
 * Writes what follows from changed calls, in the transaction that writes the calls: both are there or neither. What is
 * counted once a call is counted as the difference between `before` and `after`, since a call that was believed lost may
 * turn out to live, and ends a second time. The transaction keeps the engine waiting, so that it is to be short: few
 * statements for all changes together, nothing else awaited than the database.
 */
export type WriteWithRecords = (database: Database, changes: readonly RecordChange[]) => Promise<void>;
