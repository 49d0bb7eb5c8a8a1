/** Every phase a call can be in: those of the steps, and the call's own. Only `machine.ts` and what it alone imports use this. */
import { STEP_PHASES } from "../steps/phases.js";
import { claimingRun } from "./claiming.js";
import { connectedRun } from "./connected.js";
import { endingRun } from "./ending.js";
import { endedRun } from "./finish.js";
import { listeningRun } from "./mailbox-session/session.js";
import type { PhaseRun } from "./phase-run.js";
import type { PhaseKind, PhaseOf } from "./state.js";

const PHASES: { readonly [K in PhaseKind]: PhaseRun<PhaseOf<K>> } = {
  ...STEP_PHASES,
  claiming: claimingRun,
  listening: listeningRun,
  connected: connectedRun,
  ending: endingRun,
  ended: endedRun,
};

export function phaseRun(kind: PhaseKind): PhaseRun {
  return PHASES[kind];
}
