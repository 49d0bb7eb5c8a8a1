/**
 * What a kind of step does at run time. Only a step begins a phase of its own kind; where the call goes next, the step
 * says by `turn.goOn`. Files of steps may import `policy/call`, except `machine.ts`, `phases.ts` and what imports those.
 */
import type { PhaseRun } from "../call/phase-run.js";
import type { PhaseOf } from "../call/state.js";
import type { Turn } from "../call/turn.js";
import type { Box } from "../office/box.js";
import type { Step, StepPhases, StepTimers } from "./types.js";

export interface StepRun<S extends Step = Step> {
  /** The step begins: it enters a phase of its own, or says by `turn.goOn` where the call goes. */
  begin(turn: Turn, step: S): void;
  /** The phases in which steps of this kind wait. */
  readonly phases?: { readonly [P in keyof StepPhases]?: PhaseRun<PhaseOf<P>> };
  /** The timers that belong to steps of this kind alone. */
  readonly timers?: { readonly [T in keyof StepTimers]?: true };
  /**
   * Whose mailbox is told of a call that ended unanswered at or after this step; null: nobody's. Left out: the step
   * reaches nobody, so an earlier one decides.
   */
  missedBox?(turn: Turn, step: S): Box | null;
}
