/**
 * What must hold of a call's state after every input. Checked in production too: a call whose state breaks a rule ends
 * with an apology, rather than going on wrongly. Each phase has rules of its own; here are those of all legs.
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
  if (phase === "killed" && !isArmed(timers, legTimer("kill", id)))
    return ["a killed leg without the timer that repeats the kill"];
  if (phase === "releasing" && !isArmed(timers, legTimer("taken", id)))
    return ["a released leg without the timer that ends it"];
  if (phase === "deciding" && !isArmed(timers, legTimer("decide", id)))
    return ["a decision without its clock"];
  return NONE;
}
