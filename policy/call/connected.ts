/**
 * While caller and callee talk. The switch ends the call by itself when either side hangs up
 * (`hangup_after_bridge`); here it is only watched, and followed when a phone transfers the caller.
 */

import { may } from "../office/permission.js";
import { RELEASE_MS } from "./bounds.js";
import { fromInside } from "./dialled.js";
import { bridgedCallerGone, callerGone, endCaller } from "./ending.js";
import type { Input } from "./input.js";
import { isActive } from "./legs.js";
import type { PhaseRun } from "./phase-run.js";
import type { CallState, PhaseOf } from "./state.js";
import type { Turn } from "./turn.js";

function handle(turn: Turn, phase: PhaseOf<"connected">, input: Input): boolean {
  switch (input.type) {
    case "caller_gone":
      bridgedCallerGone(turn, phase.leg);
      return true;
    case "leg_ended":
      turn.removeLeg(input.leg);
      // The switch hangs up the caller now, unless the phone has handed them to somebody else.
      if (input.leg === phase.leg) turn.arm("release", turn.atMs + RELEASE_MS);
      return true;
    case "bridged":
      // An attended transfer: the caller talks to another channel from here on.
      if (input.leg !== phase.leg) turn.expectEnd(phase.leg, "NORMAL_CLEARING");
      turn.enter({ kind: "connected", leg: input.leg, looks: 0 });
      turn.disarm("release");
      return true;
    case "caller_parked":
      if (input.transferredTo === null) hangUpCaller(turn);
      else transferred(turn, phase.leg, input.transferredTo);
      return true;
    case "timer":
      if (input.id !== "release") return false;
      released(turn, phase);
      return true;
    case "resync":
      resync(turn, phase, input);
      return true;
    case "contacts_changed":
      return true;
    default:
      return false;
  }
}

/** Inspections before a caller of whom nothing is heard is hung up. */
const LOOKS_MAX = 2;

/**
 * The other side has gone, and the switch has neither ended the caller nor said whom they talk to now. A phone may
 * have handed them over to somebody who takes their time, or that event was lost: so the switch is asked first.
 */
function released(turn: Turn, phase: PhaseOf<"connected">): void {
  if (phase.looks >= LOOKS_MAX) {
    hangUpCaller(turn);
    return;
  }
  turn.enter({ ...phase, looks: phase.looks + 1 });
  turn.arm("release", turn.atMs + RELEASE_MS);
  turn.emit({ type: "inspect" });
}

function hangUpCaller(turn: Turn): void {
  endCaller(turn, { kind: "answered", by: turn.state.answeredBy ?? "" }, "NORMAL_CLEARING");
}

/** A blind transfer: the phone that had the call has dialled for the caller. */
function transferred(turn: Turn, leg: string, to: string): void {
  turn.disarm("release");
  turn.note({ kind: "transferred", to });
  const outside = sendsOutside(turn, turn.leg(leg)?.who ?? turn.state.answeredBy ?? "");
  if (turn.leg(leg) !== undefined) turn.killLeg(leg, "NORMAL_CLEARING");
  const { called, source } = fromInside(to, turn.world, outside);
  turn.patchCaller({ parked: true, guarded: false, ringback: false, media: "answered", called });
  turn.goOn = { kind: "hop", source };
}

/** A transfer outside is a call outside by the user who transfers. A party outside the office has no phone that could. */
function sendsOutside(turn: Turn, who: string): boolean {
  const user = turn.world.office.user(who);
  return user === undefined || may(user, "outside_calls", turn.world.office);
}

function resync(turn: Turn, phase: PhaseOf<"connected">, input: Extract<Input, { type: "resync" }>): void {
  if (input.caller === null) {
    callerGone(turn);
    return;
  }
  for (const leg of turn.state.legs)
    if (!input.legs.some((live) => live.id === leg.id)) turn.removeLeg(leg.id);
  const { bridgedTo, parked, transferredTo } = input.caller;
  if (bridgedTo === null) {
    if (transferredTo != null) transferred(turn, phase.leg, transferredTo);
    else if (parked) hangUpCaller(turn);
    // Between two bridges, as in the middle of an attended transfer: the next event says more, or the timer strikes.
    else turn.arm("release", turn.atMs + RELEASE_MS);
    return;
  }
  turn.disarm("release");
  // Whether the guard was taken off before the connection broke is not known.
  turn.emit({ type: "unguard_caller" });
  if (bridgedTo === phase.leg) return;
  turn.expectEnd(phase.leg, "NORMAL_CLEARING");
  turn.enter({ kind: "connected", leg: bridgedTo, looks: 0 });
}

function violations({ legs }: CallState, phase: PhaseOf<"connected">): string[] {
  const rings = legs.some((leg) => isActive(leg) && leg.id !== phase.leg);
  return rings ? ["a loser rings on beside a connected call"] : [];
}

export const connectedRun: PhaseRun<PhaseOf<"connected">> = { handle, violations };
