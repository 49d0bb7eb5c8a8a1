/** The `send` step, as the core runs it. */
import type { AcceptRule } from "../../office/office.js";
import type { Target } from "../../office/target.js";

/** Hands the call to another target's own flow, and never comes back. */
export interface SendStep {
  readonly kind: "send";
  readonly target: Target;
  /** For a number outside: whether whoever answers there must press 1. Left out: callers from inside are not asked. */
  readonly accept?: AcceptRule;
}

declare module "../types.js" {
  interface StepKinds {
    send: SendStep;
  }
}
