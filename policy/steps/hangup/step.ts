/** The `hangup` step, as the core runs it. */

/** How the caller is told that the call ends. */
export type HangupReason = "normal" | "busy" | "no_answer" | "declined" | "unavailable" | "unassigned";

export interface HangupStep {
  readonly kind: "hangup";
  readonly reason: HangupReason;
}

declare module "../types.js" {
  interface StepKinds {
    hangup: HangupStep;
  }
}
