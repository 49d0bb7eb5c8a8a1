/** A ring step after an inspection: the state takes over what the switch has of the call, and the step goes on. */
import { INSPECTION_MS, LOOK_AGAIN_MS, LOOKS_BEFORE_LOST } from "../../call/bounds.js";
import { callerGone } from "../../call/ending.js";
import type { Input, LiveLeg } from "../../call/input.js";
import { isActive, isRinging, named } from "../../call/legs.js";
import { ensureRingback } from "../../call/ringback.js";
import type { Leg } from "../../call/state.js";
import type { Turn } from "../../call/turn.js";
import { connectedUnseen, connecting, reconnect, talkedWith, winnerLost } from "./connecting.js";
import { hearEarly } from "./early.js";
import { legAnswered, legEnded, legParked, legRinging } from "./leg-events.js";
import { expectRepark } from "./native.js";
import { tryNextCarrier } from "./next-carrier.js";
import { repeatPrompt } from "./prompt.js";
import { patchRing, type Ring, ringOf } from "./state.js";
import { checkOver, dialLeg } from "./stations.js";

type Resync = Extract<Input, { type: "resync" }>;

export function resync(turn: Turn, ring: Ring, input: Resync): boolean {
  if (input.caller === null) {
    callerGone(turn);
    return true;
  }
  const { bridgedTo, parked, playing, media, isRung, transferredTo, handsOver } = input.caller;
  turn.patchCaller({ media });
  const isElsewhere = bridgedTo !== null && turn.leg(bridgedTo) === undefined;
  const hasTalked = isElsewhere || transferredTo !== null || handsOver !== undefined;
  const before = hasTalked ? talkedWith(turn, ring, input.caller) : undefined;
  if (before !== undefined) return connectedUnseen(turn, before, input);
  if (bridgedTo !== null && turn.leg(bridgedTo) !== undefined) {
    if (heardByCaller(turn, ring, bridgedTo, input)) return true;
    if (ring.winner !== bridgedTo) patchRing(turn, { winner: bridgedTo });
    removeLosers(turn, input);
    return connecting(turn, ringOf(turn) ?? ring, { type: "bridged", atMs: turn.atMs, leg: bridgedTo });
  }
  const native = !parked && (ring.native || isRung === true);
  const guarded = native && turn.state.caller.guarded;
  turn.patchCaller({ parked, guarded, ringback: playing && turn.state.caller.ringback });
  patchRing(turn, { native, ...(parked ? { early: null } : {}) });
  if (parked || isRung === true) turn.disarm("repark");
  else if (ring.winner === null) expectRepark(turn);
  resyncLegs(turn, ring, input);
  hearEarly(turn);
  if (ring.winner !== null && ringOf(turn)?.winner === ring.winner) reconnect(turn);
  else if (ringOf(turn)?.winner === null) ensureRingback(turn);
  checkOver(turn);
  return true;
}

/** The caller hears a leg that has not answered; one that has answered meanwhile is connected. */
function heardByCaller(turn: Turn, ring: Ring, id: string, { legs }: Resync): boolean {
  const leg = turn.leg(id);
  const live = legs.find((each) => each.id === id);
  if (leg === undefined || live === undefined || !isRinging(leg)) return false;
  patchRing(turn, { early: { leg: id, stands: true } });
  turn.patchCaller({ parked: false });
  turn.disarm("repark");
  if (live.state === "answered") legAnswered(turn, ring, id);
  else legRinging(turn, id, true);
  return true;
}

/** The call asks on its own account about the winner, and about legs that an inspection has not shown before. */
function resyncLegs(turn: Turn, { winner }: Ring, input: Resync): void {
  const live = new Map(input.legs.map((leg) => [leg.id, leg]));
  for (const { id } of turn.state.legs) {
    const leg = turn.leg(id); // What became of another leg may have ended this one.
    if (leg === undefined || !isActive(leg)) continue;
    if (input.isInspection !== true || id === winner || leg.unseen > 0)
      resyncLeg(turn, leg, live.get(id), input);
  }
  if (turn.state.legs.some(isMissing)) turn.arm("appear", turn.atMs + LOOK_AGAIN_MS);
  else turn.disarm("appear");
}

function resyncLeg(turn: Turn, leg: Leg, now: LiveLeg | undefined, input: Resync): void {
  const ring = ringOf(turn);
  if (ring === undefined) return;
  if (now === undefined) {
    notShown(turn, ring, leg, input);
    return;
  }
  if (leg.unseen > 0) turn.patchLeg(leg.id, { unseen: 0 });
  // The prompt is said again, since the event of its key may have been lost.
  const again = leg.phase === "deciding" && !now.playing;
  if (now.playing && leg.phase !== "deciding") turn.emit({ type: "stop_playing", channel: leg.id });
  if (now.state === "answered" && isRinging(leg)) legAnswered(turn, ring, leg.id);
  const after = ringOf(turn);
  if (now.parked && !leg.parked && after !== undefined)
    legParked(turn, after, { leg: leg.id, ...(now.state === "answered" ? {} : { isEarly: true }) });
  if (again) repeatPrompt(turn, leg.id);
}

/** A leg of which the last inspection showed nothing. */
function isMissing(leg: Leg): boolean {
  return isActive(leg) && leg.unseen > 0;
}

/**
 * The switch does not show a leg. One that was seen before is gone. One that was only just dialled may appear yet: it is
 * looked for several times, and what appears after that is ended.
 */
function notShown(turn: Turn, ring: Ring, leg: Leg, { undialled = [], isOutdated }: Resync): void {
  if (undialled.includes(leg.id) && isRinging(leg)) dialAgain(turn, ring, leg);
  else if (leg.phase !== "dialing" && isOutdated !== true) legEnded(turn, ring, leg.id, { cause: "LOST" });
  else if (leg.unseen + 1 < LOOKS_BEFORE_LOST) turn.patchLeg(leg.id, { unseen: leg.unseen + 1 });
  else neverAppeared(turn, leg);
}

/**
 * The leg counts as over for the step. It is killed for as long as the switch may still make its channel. A carrier may have
 * refused it while no engine was there to hear that, so the next one is tried.
 */
function neverAppeared(turn: Turn, leg: Leg): void {
  turn.note({ kind: "leg_ended", ...named(leg), cause: "LOST" });
  turn.patch({ busy: false });
  turn.killLeg(leg.id, "NORMAL_CLEARING");
  if (ringOf(turn)?.winner === leg.id) winnerLost(turn, leg, "LOST");
  if (leg.dial.kind === "gateway")
    tryNextCarrier(turn, leg, { cause: "RECOVERY_ON_TIMER_EXPIRE" }, leg.phase !== "dialing");
}

/** Legs that no inspection has shown are looked for again. */
export function lookForLegs(turn: Turn): void {
  if (!turn.state.legs.some(isMissing)) return;
  turn.arm("appear", turn.atMs + INSPECTION_MS);
  turn.emit({ type: "inspect" });
}

/**
 * No reply came to the command that dials the leg, and the switch does not know the leg. It is dialled under another id,
 * since the first command may still arrive; then its leg is ended.
 */
function dialAgain(turn: Turn, ring: Ring, leg: Leg): void {
  turn.killLeg(leg.id, "NORMAL_CLEARING");
  const station = ring.stations[leg.station];
  // A state that was too long to be saved whole has no addresses (`policy/call/reduced.ts`).
  if (leg.dial.kind === "contact" && leg.dial.url === "") return;
  if (station !== undefined && ring.phases[leg.station] === "open")
    dialLeg(turn, leg.station, station, leg.dial);
}

/** When a caller is bridged, none of the legs that the switch was to ring comes any more. */
function removeLosers(turn: Turn, input: Resync): void {
  for (const { id, native } of turn.state.legs)
    if (native && !input.legs.some((live) => live.id === id)) turn.removeLeg(id);
}
