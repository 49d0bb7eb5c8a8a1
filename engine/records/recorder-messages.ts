/** What the engine's thread and the recorder's say to each other; all of it can be copied from one to the other. */
import type { RecordingState } from "./recording.js";

/** What the thread is given; copied into it. */
export interface RecorderData {
  readonly db: string;
  /** The folder of the journals. */
  readonly folder: string;
  /** See `IngestDeps`. */
  readonly sinceMs: number;
  /** See `RecorderContext`. */
  readonly redactNumbers: boolean;
}

/** `finish`: read everything, then end; `stop`: end after what is under way; `hurry`: see `Recording.hurry`. */
export type RecorderAsks =
  | { readonly kind: "stop" | "unfinished" | "hurry" }
  /** See `Recording.finish`. */
  | { readonly kind: "finish"; readonly untilMs: number };

export type RecorderSays =
  /** A line of the log, as pino writes it. */
  | { readonly kind: "log"; readonly line: string }
  /** Mails about a call for help are in the outbox. */
  | { readonly kind: "help_mailed" }
  | { readonly kind: "state"; readonly state: RecordingState }
  | { readonly kind: "unfinished"; readonly ids: readonly string[] };
