/**
 * While the switch itself rings phones for the caller. It asked what to do with the call, and the answer names the phones
 * that ring at once and need no prompt: the switch rings them within one application (`bridge`), connects the first that
 * answers, ends the others as "completed elsewhere", and parks the caller when all have ended. To the core that is one more
 * state of the caller: not parked, until all of these legs are over. Legs of our own may ring beside them, and win.
 *
 * A leg that is ended by us may be answered in the same instant. Then the switch has connected it already, and its end
 * would end the caller. So the caller is guarded before the first such leg is ended, and before a leg of our own may win.
 */
import { isActive, LOSE_RACE } from "../../call/legs.js";
import type { Leg } from "../../call/state.js";
import type { Turn } from "../../call/turn.js";
import { ringOf } from "./state.js";

/** How long the caller's leg may take to come back to park after a bridge that failed. */
const REPARK_MS = 2_000;

export function isNativelyRung(leg: Leg): boolean {
  return leg.native && isActive(leg);
}

/** From here on the caller parks when a leg ends that the switch has just connected. */
export function guardNativeRing(turn: Turn): void {
  // What the answer itself sets guards the caller as long as it is being made.
  if (ringOf(turn)?.native !== true || turn.isAnswer || turn.state.caller.guarded) return;
  turn.patchCaller({ guarded: true });
  turn.emit({ type: "save", guard: true });
}

/** Ends a leg that rings. */
export function endRinging(turn: Turn, leg: Leg, cause: string): void {
  if (leg.native) guardNativeRing(turn);
  turn.killLeg(leg.id, cause);
}

/** A leg of our own has won: the switch stops ringing, and the caller parks. */
export function endNativeRing(turn: Turn): void {
  for (const leg of turn.state.legs) if (isNativelyRung(leg)) endRinging(turn, leg, LOSE_RACE);
}

/** The caller parks as soon as no leg is left that the switch rings. */
export function nativeLegEnded(turn: Turn): void {
  if (!turn.state.legs.some(({ native }) => native) && !turn.isArmed("repark")) expectRepark(turn);
}

/** The caller is on the way back to park; until then no command can be sent to them. */
export function expectRepark(turn: Turn): void {
  turn.arm("repark", turn.atMs + REPARK_MS);
}
