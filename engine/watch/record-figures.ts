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

/** What waits for webhooks, by the webhook's id. */
export interface WebhookFigures {
  readonly waiting: Readonly<Record<string, number>>;
  /** For how long the event that has waited longest has waited. */
  readonly oldestMs: Readonly<Record<string, number>>;
  /** Events that are over, of all webhooks, also those before this process; by what became of them. */
  readonly ended: Readonly<Record<"delivered" | "given_up" | "dropped", number>>;
}
