/**
 * A call about which the switch asks before it does anything. The answer tells the switch to claim the call for this
 * engine and what to do then, and the switch claims it while it reads the answer. So the core goes on as if the claim were
 * won, and here it learns whether the switch has used the answer: it may have come too late, or another engine may have
 * the call. Then the caller parks as if nobody had been asked, and the claim is made by command.
 */
import { ASKED_MS, CLAIM_MS } from "./bounds.js";
import type { Input } from "./input.js";
import type { Turn } from "./turn.js";

export function beginAsked(turn: Turn): void {
  turn.note({ kind: "arrived", from: turn.state.caller.number, to: turn.state.caller.called });
  awaitClaim(turn);
}

/** From here on the caller is where the answer takes them, if the switch uses it. */
export function awaitClaim(turn: Turn): void {
  turn.patchCaller({ parked: false });
  turn.arm("claim", turn.atMs + ASKED_MS);
}

/**
 * What an input says about the claim of a call that was asked about.
 * @returns whether that is all that the input means
 */
export function askedInput(turn: Turn, input: Input): boolean {
  switch (input.type) {
    case "caller_parked":
      return parked(turn, input.unmarked !== true);
    case "resync":
      return inspected(turn, input.caller);
    case "timer":
      return input.id === "claim" && notConfirmed(turn);
    case "leg_ringing":
    case "leg_answered":
    case "leg_ended":
      if (!turn.state.caller.parked && turn.leg(input.leg)?.native === true) confirmed(turn);
      return false;
    case "claimed":
      // Without the command, there is nothing that this could be the reply to.
      return !turn.state.caller.parked;
    case "bridged":
      if (turn.state.phase.kind === "claiming") return true;
      // The claim is being made by command, and another engine, which has it, has connected the caller.
      if (turn.state.caller.parked && turn.leg(input.leg) === undefined) return true;
      confirmed(turn);
      return false;
    case "caller_gone":
      confirmed(turn);
      return false;
    case "bridge_refused":
      // Nothing was to be bridged yet.
      return true;
    default:
      return false;
  }
}

/** Nothing is left to be learned about the claim. */
export function confirmed(turn: Turn): void {
  turn.patchCaller({ asked: false });
  turn.disarm("claim");
}

function parked(turn: Turn, isMarked: boolean): boolean {
  if (!isMarked) {
    claimNow(turn);
    return true;
  }
  confirmed(turn);
  if (turn.state.phase.kind !== "claiming") return false;
  turn.patchCaller({ parked: true });
  turn.goOn = { kind: "start_flow", source: turn.state.flow.source };
  return true;
}

function inspected(turn: Turn, caller: Extract<Input, { type: "resync" }>["caller"]): boolean {
  if (caller === null) {
    confirmed(turn);
    return false;
  }
  const isMarked = caller.unmarked !== true;
  if (caller.parked) return parked(turn, isMarked);
  if (isMarked && turn.state.phase.kind !== "claiming") {
    confirmed(turn);
    return false;
  }
  // The switch has not read the answer yet, or is carrying it out: the caller's parking tells.
  turn.arm("claim", turn.atMs + ASKED_MS);
  return true;
}

/** The switch has not used the answer: the call is claimed as one that has just parked. */
function claimNow(turn: Turn): void {
  turn.patchCaller({ parked: true, guarded: false });
  turn.arm("claim", turn.atMs + CLAIM_MS);
  turn.emit({ type: "claim" });
}

/** Nothing has shown that the switch has used the answer, or no reply came to the command that claims the call. */
function notConfirmed(turn: Turn): boolean {
  if (!turn.state.caller.parked) {
    turn.arm("claim", turn.atMs + ASKED_MS);
    turn.emit({ type: "inspect" });
    return true;
  }
  turn.emit({ type: "release" });
  confirmed(turn);
  leaveToOthers(turn);
  return true;
}

/**
 * Another engine has the call, or the fallback. Legs of our own end. The switch has dialled none of those that it was to
 * ring, and by now another engine may ring a leg of the same id.
 */
export function leaveToOthers(turn: Turn): void {
  for (const leg of turn.state.legs)
    if (leg.native) turn.removeLeg(leg.id);
    else turn.killLeg(leg.id, "NORMAL_CLEARING");
  turn.goOn = { kind: "finish", ending: { kind: "not_ours" } };
}
