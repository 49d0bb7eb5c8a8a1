/** What a call keeps while its caller leaves a message. Part of the call's state: plain data. */
import type { Box } from "../../office/box.js";

/** How far a caller is with leaving a message. */
export type LeavingStage =
  /** The mailbox is asked whether it takes one, and the message gets its row. */
  | "opening"
  /** It takes none, which the caller is told. */
  | "refusing"
  | "greeting"
  /** From the tone on. */
  | "recording"
  | "measuring"
  /** Told that it was too short; then the tone once more. */
  | "again"
  /** Hears what may be done with the message, and has some time to press a key. */
  | "menu"
  | "replaying"
  /** Hears what the key has done; then the menu again. */
  | "told"
  /** Last words; the message is delivered, if there is one. */
  | "leaving"
  /** The caller is gone, and the message on its way to the mailbox. */
  | "settling";

/** A caller at a mailbox. */
export interface LeavingMessage {
  readonly box: Box;
  readonly stage: LeavingStage;
  /** The take in progress: the id of a message, and of its sound file. */
  readonly message: string;
  /** An earlier take that is long enough; the caller's message unless a later one takes its place. */
  readonly kept: string | null;
  /**
   * Takes before that, the newest first: should the file of a later one prove to be damaged. Without one that is kept:
   * takes of which nobody knows yet whether anything was said.
   */
  readonly earlier: readonly string[];
  readonly takes: number;
  readonly urgent: boolean;
  /** Greetings to fall back to, the best first, if the file of the one that plays is not there. */
  readonly greetings: ReadonlyArray<readonly string[]>;
  /** How often the menu was said without a key. */
  readonly repeats: number;
  readonly playId: string;
  /** The recording that is queued behind the greeting; a state that an older engine has written knows of none. */
  readonly recordId?: string;
  readonly callerGone: boolean;
}

declare module "../types.js" {
  interface StepPhases {
    voicemail: { readonly taking: LeavingMessage };
  }
}
