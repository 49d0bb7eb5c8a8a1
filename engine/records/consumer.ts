/** What a part is that follows from calls besides their records, and what it is given; `consumers.ts` lists them. */
import type { Logger } from "pino";
import type { RecordChange, WriteWithRecords } from "../../storage/records/change.js";
import type { Store } from "../../storage/store.js";
import type { Clock } from "../clock.js";

/** What a consumer is given. */
export interface RecorderContext {
  /** The recorder's own connection to the database. */
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Logger;
  readonly env: NodeJS.ProcessEnv;
  /** Mails about a call for help are in the outbox. */
  readonly helpMailed?: () => void;
  /** What leaves the machine shows no full telephone number (`--redact-numbers`). */
  readonly redactNumbers?: boolean;
}

export interface RecordConsumer {
  /** Reads what `written` will need, before the transaction: settings of the office, for example. */
  prepare?(): Promise<void>;
  /** Within the transaction that writes the records. An error undoes all of it, and it is tried again. */
  readonly written?: WriteWithRecords;
  /** After the transaction. Must not throw; what takes long goes on by itself. */
  committed?(changes: readonly RecordChange[]): void;
  /** Whether somebody waits for what happens in calls; left out: nobody does. */
  isHasty?(): boolean;
  /** The engine stops: ends what goes on, within a second or so. */
  close?(): Promise<void>;
}

export type MakeConsumer = (context: RecorderContext) => RecordConsumer;
