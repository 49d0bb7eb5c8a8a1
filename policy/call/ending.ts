/**
 * How a call ends: once, and with nothing left behind. The caller is hung up or gone. Every leg that may still exist on
 * the switch is killed, and the call waits until it is gone. Then the claim is removed.
 */

import { z } from "zod";
import type { HangupReason } from "../steps/hangup/step.js";
import { KILLS_MAX, RELEASE_MS } from "./bounds.js";
import type { Input } from "./input.js";
import { isActive, isRinging } from "./legs.js";
import { outsideAnswer } from "./outside-answer.js";
import type { PhaseRun } from "./phase-run.js";
import { schemaOf } from "./saved-schema.js";
import type { CallState, Ending, Leg, PhaseOf } from "./state.js";
import { isArmed, isKill } from "./timers.js";
import { transferOver } from "./transfer.js";
import type { Turn } from "./turn.js";

/** The switch's hangup cause for each reason, chosen for the SIP code the caller gets (mod_sofia.c:292-373). */
const CAUSE: Readonly<Record<HangupReason, string>> = {
  normal: "NORMAL_CLEARING",
  busy: "USER_BUSY", // 486
  no_answer: "NO_ANSWER", // 480
  declined: "CALL_REJECTED", // 603
  unavailable: "NORMAL_TEMPORARY_FAILURE", // 503
  unassigned: "UNALLOCATED_NUMBER", // 404
};

/** The cause of legs that stop because the caller gave up: a plain CANCEL, so that the call shows as missed. */
export const CALLER_GAVE_UP = "ORIGINATOR_CANCEL";

/** What the caller offers is not taken, and something else would be (RFC 3261, 21.4.26). */
const NOT_ACCEPTABLE = 488;

/** The call is refused since its audio is not encrypted. */
function isPlain({ state: { flow } }: Turn): boolean {
  return flow.source.kind === "not_permitted" && flow.source.why === "unencrypted";
}

/** Hangs up on the caller, because the flow says so; a caller who was transferred goes back instead. */
export function hangUp(turn: Turn, reason: HangupReason): void {
  if (turn.state.transfer !== null) {
    turn.goOn = { kind: "recall", why: reason };
    return;
  }
  const { answeredBy } = turn.state;
  const answer = answeredBy === null ? outsideAnswer(turn.state) : undefined;
  const why = answer?.reason ?? reason;
  const status = answer?.status ?? (isPlain(turn) ? NOT_ACCEPTABLE : undefined);
  if (status !== undefined) turn.emit({ type: "refuse_caller", status });
  endCaller(
    turn,
    answeredBy === null ? { kind: "hung_up", reason: why } : { kind: "answered", by: answeredBy },
    CAUSE[why],
  );
}

/** Ends the caller's leg with `cause` and waits until it is gone. */
export function endCaller(turn: Turn, ending: Ending, cause: string): void {
  transferOver(turn);
  endTimers(turn);
  turn.patch({ ending });
  endLegs(turn, "NORMAL_CLEARING");
  turn.enter({ kind: "ending", callerGone: false, kills: 1, cause });
  turn.arm("release", turn.atMs + RELEASE_MS);
  turn.emit({ type: "kill", channel: turn.state.id, cause });
}

/** The caller's leg is gone: nothing of the call may go on without it. */
export function callerGone(turn: Turn): void {
  const by = turn.state.answeredBy;
  const ending: Ending = turn.state.ending ?? (by === null ? { kind: "missed" } : { kind: "answered", by });
  transferOver(turn);
  endTimers(turn);
  turn.patch({ ending });
  endLegs(turn, CALLER_GAVE_UP);
  turn.enter({ kind: "ending", callerGone: true, kills: 0, cause: null });
  turn.goOn = { kind: "check_phase" };
}

/** A bridged call whose caller hung up: the switch ends the other leg itself (switch_ivr_bridge.c:1024). */
export function bridgedCallerGone(turn: Turn, bridgedLeg: string): void {
  const by = turn.state.answeredBy;
  endTimers(turn);
  turn.patch({ ending: by === null ? { kind: "missed" } : { kind: "answered", by } });
  turn.expectEnd(bridgedLeg, "NORMAL_CLEARING");
  endLegs(turn, "NORMAL_CLEARING");
  turn.enter({ kind: "ending", callerGone: true, kills: 0, cause: null });
  turn.goOn = { kind: "check_phase" };
}

/** Ends all timers but those that repeat kills. */
function endTimers(turn: Turn): void {
  turn.disarmWhere((id) => !isKill(id));
}

function endLegs(turn: Turn, ringingCause: string): void {
  for (const leg of turn.state.legs) {
    const cause = isRinging(leg) ? ringingCause : "NORMAL_CLEARING";
    if (leg.native && ringingCause === CALLER_GAVE_UP) endedBySwitch(turn, leg, cause);
    else if (leg.phase !== "killed") turn.killLeg(leg.id, cause);
  }
}

/**
 * The thread that rings these legs is the caller's: it has ended them before the caller's end is reported. One of which
 * nothing was heard may never have been dialled.
 */
function endedBySwitch(turn: Turn, leg: Leg, cause: string): void {
  if (leg.phase === "dialing") turn.removeLeg(leg.id);
  else turn.expectEnd(leg.id, cause);
}

function handle(turn: Turn, phase: PhaseOf<"ending">, input: Input): boolean {
  switch (input.type) {
    case "caller_gone":
      turn.disarm("release");
      turn.enter({ ...phase, callerGone: true });
      turn.goOn = { kind: "check_phase" };
      return true;
    case "timer":
      if (input.id !== "release") return false;
      return killCallerAgain(turn, phase);
    case "resync":
      if (input.caller === null) {
        turn.disarm("release");
        turn.enter({ ...phase, callerGone: true });
      } else killCallerAgain(turn, phase, input.isInspection === true);
      turn.goOn = { kind: "check_phase" };
      return true;
    // The bridge was made or failed just as the call was ended: the kills under way end both sides.
    case "caller_parked":
    case "bridged":
    case "bridge_refused":
    case "played":
    case "contacts_changed":
      return true;
    default:
      return false;
  }
}

/**
 * Kills of which no reply came may not have reached the switch, so their number alone proves nothing. After so many, the
 * switch is asked behind each further kill.
 * @param outlivesKill the switch has answered that, and still has the caller's channel
 */
function killCallerAgain(turn: Turn, phase: PhaseOf<"ending">, outlivesKill = false): true {
  if (phase.callerGone || phase.cause === null) return true;
  const isMany = phase.kills >= KILLS_MAX;
  if (isMany && outlivesKill) {
    turn.note({ kind: "bound_reached", bound: `kills of the caller's channel: ${KILLS_MAX}` });
    turn.enter({ ...phase, callerGone: true });
    turn.goOn = { kind: "check_phase" };
    return true;
  }
  turn.enter({ ...phase, kills: Math.min(phase.kills + 1, KILLS_MAX) });
  turn.arm("release", turn.atMs + (isMany ? MANY_KILLS_MS : RELEASE_MS));
  turn.emit({ type: "kill", channel: turn.state.id, cause: phase.cause });
  if (isMany) turn.emit({ type: "inspect" });
  return true;
}

/** How often a caller's channel is killed after so many kills without an answer. */
const MANY_KILLS_MS = 10_000;

/** The call has ended once its caller is gone and no leg may be left on the switch. */
function checkOver(turn: Turn): void {
  const { phase, legs, ending } = turn.state;
  if (phase.kind === "ending" && phase.callerGone && legs.length === 0)
    turn.goOn = { kind: "finish", ending: ending ?? { kind: "missed" } };
}

function violations({ legs, timers }: CallState, phase: PhaseOf<"ending">): string[] {
  const broken: string[] = [];
  if (legs.some(isActive)) broken.push("a leg rings on after the end");
  if (!phase.callerGone && !isArmed(timers, "release"))
    broken.push("a caller is hung up and no timer checks that they are gone");
  return broken;
}

export const endingRun: PhaseRun<PhaseOf<"ending">> = {
  handle,
  violations,
  checkOver,
  saved: schemaOf<PhaseOf<"ending">>()(
    z.object({
      kind: z.literal("ending"),
      callerGone: z.boolean(),
      kills: z.number(),
      cause: z.string().nullable(),
    }),
  ),
};
