/**
 * The phases in which steps wait, and the timers of steps, of all kinds. A kind that declares a phase or a timer in
 * `types.ts` and does not name it in its `run` fails to compile here.
 */
import type { PhaseRun } from "../call/phase-run.js";
import type { PhaseOf } from "../call/state.js";
import * as kinds from "./index.js";
import type { StepRun } from "./run.js";
import type { StepPhases, StepTimers } from "./types.js";

type PartOf<Kind, Part extends keyof StepRun> = Kind extends {
  readonly run: { readonly [P in Part]: infer Value };
}
  ? Value
  : never;
type Intersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;
type Merged<Kinds, Part extends keyof StepRun> = Intersection<PartOf<Kinds[keyof Kinds], Part>>;

/** One part of what kinds do at run time, of all kinds that have it. */
function merged<Kinds extends object, Part extends keyof StepRun>(
  all: Kinds,
  part: Part,
): Merged<Kinds, Part> {
  const parts = Object.values(all).map(({ run }: { readonly run: StepRun }) => run[part]);
  return Object.assign({}, ...parts) as Merged<Kinds, Part>;
}

export const STEP_PHASES: { readonly [P in keyof StepPhases]: PhaseRun<PhaseOf<P>> } = merged(
  kinds,
  "phases",
);

export const STEP_TIMERS: { readonly [T in keyof StepTimers]: true } = merged(kinds, "timers");
