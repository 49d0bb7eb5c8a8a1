/** The kinds of steps at run time: one line each. */
import type { PhaseRun } from "../call/phase-run.js";
import type { PhaseOf } from "../call/state.js";
import { announceRun } from "./announce/run.js";
import { hangupRun } from "./hangup/run.js";
import { ringRun } from "./ring/run.js";
import type { StepRun } from "./run.js";
import { sendRun } from "./send/run.js";
import type { StepKindName, StepKinds, StepPhases } from "./types.js";
import { voicemailRun } from "./voicemail/run.js";

const KINDS = {
  ring: ringRun,
  announce: announceRun,
  voicemail: voicemailRun,
  send: sendRun,
  hangup: hangupRun,
} satisfies { readonly [K in StepKindName]: StepRun<StepKinds[K]> };

/** The phases of all kinds; a kind that declares a phase and does not run it is a compile error here. */
export const STEP_PHASES: { readonly [P in keyof StepPhases]: PhaseRun<PhaseOf<P>> } = phasesOf(KINDS);

export function stepRun(kind: StepKindName): StepRun {
  return KINDS[kind];
}

type PhasesOf<Run> = Run extends { readonly phases: infer Phases } ? Phases : never;
type Intersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

function phasesOf<Runs extends object>(runs: Runs): Intersection<PhasesOf<Runs[keyof Runs]>> {
  const phases = Object.values(runs).map((run: StepRun) => run.phases);
  return Object.assign({}, ...phases) as Intersection<PhasesOf<Runs[keyof Runs]>>;
}
