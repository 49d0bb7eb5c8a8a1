/** The `announce` step, as the core runs it. */

/** Plays a sound as early media, then goes on. `sound` is a built-in announcement's name, or a file of the office. */
export interface AnnounceStep {
  readonly kind: "announce";
  readonly sound: string;
}

declare module "../types.js" {
  interface StepKinds {
    announce: AnnounceStep;
  }
}
