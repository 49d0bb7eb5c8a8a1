/** The phases in which steps wait, of all kinds. A kind that declares a phase and does not run it fails to compile here. */
import type { PhaseRun } from "../call/phase-run.js";
import type { PhaseOf } from "../call/state.js";
import * as kinds from "./index.js";
import type { StepRun } from "./run.js";
import type { StepPhases } from "./types.js";

type PhasesOf<Kind> = Kind extends { readonly run: { readonly phases: infer Phases } } ? Phases : never;
type Intersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

function phasesOf<Kinds extends object>(all: Kinds): Intersection<PhasesOf<Kinds[keyof Kinds]>> {
  const phases = Object.values(all).map(({ run }: { readonly run: StepRun }) => run.phases);
  return Object.assign({}, ...phases) as Intersection<PhasesOf<Kinds[keyof Kinds]>>;
}

export const STEP_PHASES: { readonly [P in keyof StepPhases]: PhaseRun<PhaseOf<P>> } = phasesOf(kinds);
