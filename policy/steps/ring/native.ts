/**
 * While the switch itself rings phones for the caller. It asked what to do with the call, and the answer names the phones
 * that ring at once and need no prompt: the switch rings them within one application (`bridge`), connects the first that
 * answers, ends the others as "completed elsewhere", and parks the caller when all have ended. To the core that is one more
 * state of the caller: not parked, until all of these legs are over. Legs of our own may ring beside them, and win.
 *
 * A leg that is ended by us, or that ends itself, may have been connected in that instant. Then its end would end the
 * caller: so the answer makes the caller park when what the switch has connected ends at once.
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

/** A leg of our own rings beside them: it may be bridged, and ends with the caller, as in a step without them. */
export function ownLegJoins(turn: Turn): void {
  if (ringOf(turn)?.native !== true || turn.isAnswer || turn.state.caller.guarded) return;
  turn.patchCaller({ guarded: true });
  turn.emit({ type: "save", guard: true });
}

/** A leg of our own has won: the switch stops ringing, and the caller parks. */
export function endNativeRing(turn: Turn): void {
  for (const leg of turn.state.legs) if (isNativelyRung(leg)) turn.killLeg(leg.id, LOSE_RACE);
}

/** The caller parks as soon as no leg is left that the switch rings. */
export function nativeLegEnded(turn: Turn): void {
  if (!turn.state.legs.some(({ native }) => native) && !turn.isArmed("repark")) expectRepark(turn);
}

/** The caller is on the way back to park; until then no command can be sent to them. */
export function expectRepark(turn: Turn): void {
  turn.arm("repark", turn.atMs + REPARK_MS);
}
