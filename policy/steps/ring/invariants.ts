/** What must hold of a call while a ring step waits. */
import { isActive } from "../../call/legs.js";
import type { CallState, PhaseOf } from "../../call/state.js";
import { isArmed } from "../../call/timers.js";

export function violations({ legs, timers, caller }: CallState, { ring }: PhaseOf<"ringing">): string[] {
  const broken: string[] = [];
  const winner = legs.find((leg) => leg.id === ring.winner);
  if (ring.winner !== null && winner === undefined) broken.push("the winner is not a leg of the call");
  if (winner !== undefined && !winner.accepted) broken.push("the winner did not accept");
  if (ring.winner !== null && !isArmed(timers, "connect")) broken.push("a connection without its timer");
  const waits = ring.phases.some((p, i) => p === "waiting" && ring.stations[i]?.slot === ring.slot);
  const over = !caller.asked && !waits && !legs.some(isActive) && !isArmed(timers, "gone");
  if (ring.winner === null && caller.parked && over)
    broken.push("nothing rings or decides, and the step is not over");
  const isRung = ring.native && legs.some(({ native }) => native);
  const isAsked = caller.asked && isArmed(timers, "claim");
  if (ring.early !== null && !legs.some(({ id }) => id === ring.early?.leg))
    broken.push("the caller hears a leg that is not there");
  if (
    !caller.parked &&
    ring.winner === null &&
    ring.early === null &&
    !isRung &&
    !isAsked &&
    !isArmed(timers, "repark")
  )
    broken.push("a caller neither parked nor about to be");
  if (caller.asked && !isArmed(timers, "claim")) broken.push("a claim without its timer");
  if (caller.parked && ring.native && !caller.asked)
    broken.push("the switch rings phones for a parked caller");
  return broken;
}
