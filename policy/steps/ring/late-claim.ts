/**
 * The switch has not used the answer to its question: the caller has parked as if nobody had been asked, and the call was
 * claimed by command. Legs of our own were dialled with the answer; those that the switch was to ring are dialled now.
 */
import { confirmed, leaveToOthers } from "../../call/asked.js";
import { isRinging } from "../../call/legs.js";
import type { Turn } from "../../call/turn.js";
import { connect } from "./connecting.js";
import { patchRing, ringOf } from "./state.js";
import { checkOver, emitDial } from "./stations.js";

export function claimedLate(turn: Turn, won: boolean): boolean {
  if (!turn.state.caller.asked) return false;
  confirmed(turn);
  if (!won) {
    leaveToOthers(turn);
    return true;
  }
  patchRing(turn, { native: false });
  turn.patchCaller({ guarded: true });
  turn.emit({ type: "save", guard: true });
  for (const leg of turn.state.legs) {
    if (!leg.native) continue;
    const own = { ...leg, native: false };
    turn.patchLeg(leg.id, own);
    const station = ringOf(turn)?.stations[leg.station];
    if (station !== undefined && isRinging(leg)) emitDial(turn, own, station);
  }
  connect(turn);
  checkOver(turn);
  return true;
}
