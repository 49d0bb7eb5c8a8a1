/**
 * Figures of the parts that keep what calls were, as monitoring reads them: who writes and who delivers need not know of
 * metrics. Counts are since the process started; ages are as of now.
 */
import type { JournalFigures } from "../records/journal.js";

/** Writing call records: the journal, and its way into the database. */
export interface RecordFigures {
  readonly journal: Pick<JournalFigures, "written" | "waiting" | "waitingBytes" | "dropped" | "isFailing">;
  /** Null: nobody reads the journal. */
  readonly recorder: RecorderFigures | null;
}

export interface RecorderFigures {
  /** Lines that were read and written into the database. */
  readonly happenings: number;
  /** Lines that could not be read. */
  readonly unreadable: number;
  /** Attempts that failed; what they were to write waits in the journal. */
  readonly failures: number;
  /** Calls whose records were deleted or anonymised because of their age. */
  readonly deleted: number;
  readonly anonymised: number;
  /** How often its thread has died. */
  readonly deaths: number;
  /** How long ago everything was in the database last; 0: a moment ago. */
  readonly lagMs: number;
}

/** An outbox of any kind. */
export interface OutboxFigures {
  readonly waiting: number;
  /** For how long the entry that has waited longest has waited; 0: none waits. */
  readonly oldestMs: number;
  /** Entries that are over, by what became of them: our own words. */
  readonly ended: Readonly<Record<string, number>>;
}
