/** The `ring` step, as the core runs it. */
import type { AcceptRule, Strategy } from "../../office/office.js";
import type { Target } from "../../office/target.js";

/** Rings the target's devices; the flow goes on when nobody took the call. The target's own flow is not used. */
export interface RingStep {
  readonly kind: "ring";
  readonly target: Target;
  /** null: until the caller gives up or nothing is left that rings. */
  readonly timeoutMs: number | null;
  /** Beats the devices' own rule when it is given. */
  readonly accept?: AcceptRule;
  /** Beats the group's own strategy when it is given. */
  readonly strategy?: Strategy;
  /** Key 3 at the accept prompt sends the caller to the next step. */
  readonly skip: boolean;
}

/** How long a step rings without a timeout in its file: a group longer than a person. */
export const RING_DEFAULT_MS = { person: 20_000, group: 30_000 } as const;

declare module "../types.js" {
  interface StepKinds {
    ring: RingStep;
  }
}
