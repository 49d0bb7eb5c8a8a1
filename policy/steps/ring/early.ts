/**
 * A person who dials a number outside hears what the carrier sends before the number answers: its ringing tone, or "the
 * number you have dialled is not in service". The leg parks as soon as it has media (183 with SDP) and is bridged with the
 * caller, unanswered. When it answers, the switch answers the caller (audio_bridge_thread, switch_ivr_bridge.c); when it
 * ends, the caller parks again.
 */
import { isRinging } from "../../call/legs.js";
import { stopRingback } from "../../call/ringback.js";
import type { Turn } from "../../call/turn.js";
import { codecForCaller } from "./caller-codec.js";
import { expectRepark } from "./native.js";
import { patchRing, ringOf } from "./state.js";

/** Has the caller hear the leg, if it has media and both are parked. */
export function hearEarly(turn: Turn): void {
  const ring = ringOf(turn);
  const { caller } = turn.state;
  if (ring === undefined || ring.winner !== null || ring.early !== null) return;
  if (!caller.parked || caller.asked) return;
  const leg = turn.state.legs.find((each) => each.parked && isRinging(each));
  if (leg === undefined) return;
  stopRingback(turn);
  turn.emit({ type: "guard_caller", codec: codecForCaller(turn, leg.id), isEarly: true });
  if (caller.media === "none") {
    turn.emit({ type: "pre_answer_caller" });
    turn.patchCaller({ media: "early" });
  }
  patchRing(turn, { early: { leg: leg.id, stands: false } });
  turn.patchCaller({ parked: false, guarded: true });
  turn.emit({ type: "bridge", leg: leg.id });
}

/** The leg that the caller has heard may be gone: then the caller is about to park. */
export function earlyOver(turn: Turn): void {
  const early = ringOf(turn)?.early ?? null;
  if (early === null || turn.leg(early.leg) !== undefined) return;
  patchRing(turn, { early: null });
  if (!turn.state.caller.parked && !turn.isArmed("repark")) expectRepark(turn);
}

/** The bridge stands with a leg that has not answered. */
export function isHeard(turn: Turn, id: string): boolean {
  const leg = turn.leg(id);
  if (leg === undefined || !isRinging(leg) || ringOf(turn)?.early?.leg !== id) return false;
  patchRing(turn, { early: { leg: id, stands: true } });
  turn.patchCaller({ parked: false });
  turn.disarm("repark");
  return true;
}
