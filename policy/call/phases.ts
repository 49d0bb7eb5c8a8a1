/**
 * Every phase a call can be in: those of the steps, and the call's own. Files of steps and phases do not import this,
 * since this imports them.
 */
import { z } from "zod";
import type { RoutingTable } from "../routing/table.js";
import { STEP_PHASES } from "../steps/phases.js";
import { claimingRun } from "./claiming.js";
import { connectedRun } from "./connected.js";
import { endingRun } from "./ending.js";
import { endedRun } from "./finish.js";
import { handedOverRun } from "./handed-over.js";
import { listeningRun } from "./mailbox-session/session.js";
import type { OpenRecording, PhaseRun } from "./phase-run.js";
import { recallingRun } from "./recalling.js";
import { schemaOf } from "./saved-schema.js";
import type { CallState, Phase, PhaseKind, PhaseOf } from "./state.js";

const PHASES: { readonly [K in PhaseKind]: PhaseRun<PhaseOf<K>> } = {
  ...STEP_PHASES,
  claiming: claimingRun,
  listening: listeningRun,
  connected: connectedRun,
  handed_over: handedOverRun,
  recalling: recallingRun,
  ending: endingRun,
  ended: endedRun,
};

export function phaseRun(kind: PhaseKind): PhaseRun {
  return PHASES[kind];
}

const { claiming, ...others } = PHASES;

/** Reads the phase of a saved state, by the schema of its kind. */
export const savedPhase = schemaOf<Phase>()(
  z.discriminatedUnion("kind", [claiming.saved, ...Object.values(others).map(({ saved }) => saved)]),
);

/** Whether a `#` of the caller ends what they hear and what is recorded of them. */
export function poundEndsSounds({ phase }: CallState): boolean {
  return phaseRun(phase.kind).poundEndsSounds === true;
}

/** Whether keys count on a channel that something is played to: the caller in a menu, or a leg that is asked to accept. */
export function readsKeys({ id, phase, legs }: CallState, channel: string): boolean {
  if (channel === id) return phaseRun(phase.kind).readsKeys === true;
  return legs.some((leg) => leg.id === channel && leg.phase === "deciding");
}

/** The recording that the switch makes or may be making of the caller; undefined: none. */
export function openRecording({ phase }: CallState, office: RoutingTable): OpenRecording | undefined {
  return phaseRun(phase.kind).recording?.(phase, office);
}

/** Whether the call takes the input `contacts_changed`. */
export function watchesContacts({ phase }: CallState): boolean {
  return phaseRun(phase.kind).watchesContacts === true;
}

/** Whether a person waits for the switch's next event of this call. */
export function awaitsEvent({ phase }: CallState): boolean {
  return phaseRun(phase.kind).awaitsEvent?.(phase) === true;
}
