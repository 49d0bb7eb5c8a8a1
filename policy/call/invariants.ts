/**
 * What must hold of a call's state after every input, whatever happened. Checked always, in production too: a call
 * whose state is unsound is ended with an apology rather than handled wrongly. Each phase has its own rules.
 */
import { phaseRun } from "./phases.js";
import type { CallState, Leg } from "./state.js";
import { isArmed, legTimer, type Timers } from "./timers.js";

/** The rules broken, in words; empty: the state is sound. */
export function violations(state: CallState): readonly string[] {
  const broken = phaseRun(state.phase.kind).violations(state, state.phase);
  const legs = state.legs.flatMap((leg) => legViolations(leg, state.timers));
  return legs.length === 0 ? broken : [...broken, ...legs];
}

const NONE: readonly string[] = [];

function legViolations({ id, phase }: Leg, timers: Timers): readonly string[] {
  if (phase === "killed" && !isArmed(timers, legTimer("kill", id))) return ["a killed leg nobody waits for"];
  if (phase === "releasing" && !isArmed(timers, legTimer("taken", id))) return ["a released leg nobody ends"];
  if (phase === "deciding" && !isArmed(timers, legTimer("decide", id)))
    return ["a decision without its clock"];
  return NONE;
}
