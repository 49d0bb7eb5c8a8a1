/** A ring step after an inspection: the state takes over what the switch has of the call, and the step goes on. */
import { callerGone } from "../../call/ending.js";
import type { Input, LiveLeg } from "../../call/input.js";
import { isRinging } from "../../call/legs.js";
import { ensureRingback } from "../../call/ringback.js";
import type { Leg } from "../../call/state.js";
import type { Turn } from "../../call/turn.js";
import { connecting, expectRepark, reconnect } from "./connecting.js";
import { legAnswered, legEnded, legParked } from "./leg-events.js";
import { repeatPrompt } from "./prompt.js";
import { patchRing, type Ring, ringOf } from "./state.js";
import { checkOver, dialLeg } from "./stations.js";

export function resync(turn: Turn, ring: Ring, input: Extract<Input, { type: "resync" }>): boolean {
  if (input.caller === null) {
    callerGone(turn);
    return true;
  }
  const { bridgedTo, parked, playing, media } = input.caller;
  turn.patchCaller({ media });
  if (bridgedTo !== null && turn.leg(bridgedTo) !== undefined) {
    if (ring.winner !== bridgedTo) patchRing(turn, { winner: bridgedTo });
    return connecting(turn, ringOf(turn) ?? ring, { type: "bridged", atMs: turn.atMs, leg: bridgedTo });
  }
  turn.patchCaller({ parked, guarded: false, ringback: playing && turn.state.caller.ringback });
  if (ring.winner === null && !parked) expectRepark(turn);
  const live = new Map(input.legs.map((leg) => [leg.id, leg]));
  for (const leg of turn.state.legs)
    if (leg.phase !== "transferring" && (input.isInspection !== true || leg.id === ring.winner))
      resyncLeg(turn, leg, live.get(leg.id), input.undialled ?? []);
  if (ring.winner !== null && ringOf(turn)?.winner === ring.winner) reconnect(turn);
  else if (ringOf(turn)?.winner === null) ensureRingback(turn);
  checkOver(turn);
  return true;
}

function resyncLeg(turn: Turn, leg: Leg, now: LiveLeg | undefined, undialled: readonly string[]): void {
  const ring = ringOf(turn);
  if (ring === undefined) return;
  if (now === undefined) {
    if (undialled.includes(leg.id) && isRinging(leg)) dialAgain(turn, ring, leg);
    else legEnded(turn, ring, leg.id, "LOST");
    return;
  }
  // The prompt is said again, since the event of its key may have been lost.
  const again = leg.phase === "deciding" && !now.playing;
  if (now.playing && leg.phase !== "deciding") turn.emit({ type: "stop_playing", channel: leg.id });
  if (now.state === "answered" && isRinging(leg)) legAnswered(turn, ring, leg.id);
  const after = ringOf(turn);
  if (now.parked && !leg.parked && after !== undefined) legParked(turn, after, leg.id);
  if (again) repeatPrompt(turn, leg.id);
}

/** The switch does not know the leg. It is dialled under another id, since the first command may still arrive. */
function dialAgain(turn: Turn, ring: Ring, leg: Leg): void {
  turn.removeLeg(leg.id);
  const station = ring.stations[leg.station];
  // A state that was too long to be saved whole has no addresses (`policy/call/reduced.ts`).
  if (leg.dial.kind === "contact" && leg.dial.url === "") return;
  if (station !== undefined && ring.phases[leg.station] === "open")
    dialLeg(turn, leg.station, station, leg.dial);
}
