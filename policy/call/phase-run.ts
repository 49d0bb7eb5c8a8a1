/** What `machine.ts` needs of a phase, be it a step's that waits or one of the call's own. */
import type { Input } from "./input.js";
import type { CallState, Phase } from "./state.js";
import type { Turn } from "./turn.js";

export interface PhaseRun<P extends Phase = Phase> {
  /** What an input does to the call. False: it means nothing in this phase, since it comes late. */
  handle(turn: Turn, phase: P, input: Input): boolean;
  /** The rules broken, in words: checked after every input. */
  violations(state: CallState, phase: P): readonly string[];
  /** Legs have gone, or the caller: if that ends the phase, it says so by `turn.goOn`. Left out: it does not. */
  checkOver?(turn: Turn): void;
  /** A caller's `#` ends what they hear and what is recorded. Left out: no key of theirs ends anything. */
  readonly poundEndsSounds?: true;
}
