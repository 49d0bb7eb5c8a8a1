/**
 * Figures of the parts that keep what calls were, as monitoring reads them: who writes and who delivers need not know of
 * metrics. Counts are since the process started; ages are as of now.
 */

/** Writing call records: the journal, and its way into the database. */
export interface RecordFigures {
  /** Lines that wait in memory. */
  readonly queued: number;
  readonly written: number;
  /** Attempts to write that failed; their lines wait. */
  readonly failures: number;
  /** Lines lost because too many waited. */
  readonly dropped: number;
  /** Size of the journal's files on the disk. */
  readonly journalBytes: number;
  /** Age of the oldest line that is not in the database yet; 0: all are. */
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
