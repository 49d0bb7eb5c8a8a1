/** The `send` step, as the core runs it. */
import type { Target } from "../../office/target.js";

/** Hands the call to another target's own flow, and never comes back. */
export interface SendStep {
  readonly kind: "send";
  readonly target: Target;
}

declare module "../types.js" {
  interface StepKinds {
    send: SendStep;
  }
}
