/** What a call keeps while its caller leaves a message. Part of the call's state: plain data. */
import type { Box } from "../../office/box.js";

/** How far a caller is with leaving a message. */
export type LeavingStage =
  /** The mailbox is asked whether it takes a message, and the message gets its row. */
  | "opening"
  /** The mailbox takes no message, and the caller hears so. */
  | "refusing"
  | "greeting"
  /**
   * Greeting, tone and recording are being stopped: the caller goes to the operator, or to the messages, or the recording
   * is measured, when the switch has confirmed that.
   */
  | "stopping_for_operator"
  | "stopping_for_messages"
  | "stopping"
  /** From the tone on. */
  | "recording"
  | "measuring"
  /** Hears that the message was too short; then the tone once more. */
  | "again"
  /** Hears what may be done with the message, and has some time to press a key. */
  | "menu"
  | "replaying"
  /** Hears what the key has done; then the menu again. */
  | "told"
  /** Last words; the message is delivered, if there is one. */
  | "goodbye"
  /** The caller is gone, and voicemail delivers the message. */
  | "delivering";

export type StoppingStage = Extract<
  LeavingStage,
  "stopping" | "stopping_for_operator" | "stopping_for_messages"
>;

/** A caller who leaves a message. */
export interface LeavingMessage {
  readonly box: Box;
  readonly stage: LeavingStage;
  /** The take in progress: the id of a message, and of its sound file. A caller may record several takes. */
  readonly message: string;
  /** An earlier take that is long enough; the caller's message unless a later one takes its place. */
  readonly kept: string | null;
  /**
   * Takes before the kept one, the newest first, in case the file of a later one is damaged. While none is kept: takes
   * that were not measured yet.
   */
  readonly earlier: readonly string[];
  readonly takes: number;
  readonly urgent: boolean;
  /** Greetings that are left, the best first, in case the file of the one that plays is missing. */
  readonly greetings: ReadonlyArray<readonly string[]>;
  /** How often the menu was put again without a key. */
  readonly repeats: number;
  /** What was last played or recorded; null: nothing yet. */
  readonly playId: string | null;
  /** The recording that is or was queued behind the greeting; null: none is. */
  readonly recordId: string | null;
  readonly callerGone: boolean;
}

declare module "../types.js" {
  interface StepPhases {
    voicemail: { readonly leaving: LeavingMessage };
  }
}
