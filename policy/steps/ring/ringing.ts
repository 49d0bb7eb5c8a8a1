/**
 * A ring step in progress: its stations ring, their legs are answered, decide, and end; the first leg that may be
 * connected wins. Two clocks run: the ring clock ends ringing, the decision clock of each answered leg ends deciding,
 * and the step is over when nothing rings or decides any more.
 */

import { STATIONS_MAX } from "../../call/bounds.js";
import { callerGone } from "../../call/ending.js";
import type { Input } from "../../call/input.js";
import { isActive } from "../../call/legs.js";
import { ensureRingback } from "../../call/ringback.js";
import { isOfStation, parseTimer, type Timer } from "../../call/timers.js";
import type { Turn } from "../../call/turn.js";
import { planRing } from "../../ring/plan.js";
import { connecting, connectTimedOut, reparkTimedOut } from "./connecting.js";
import { claimedLate } from "./late-claim.js";
import { legAnswered, legEnded, legParked, legRinging } from "./leg-events.js";
import { isNativelyRung } from "./native.js";
import { carrierSilent, tryNextForHelp } from "./next-carrier.js";
import { deciding } from "./prompt.js";
import { lookForLegs, resync } from "./resync.js";
import { TIME_OVER } from "./roll-over.js";
import { showing } from "./showing.js";
import { patchRing, type Ring } from "./state.js";
import {
  checkOver,
  closeSlot,
  closeStation,
  contactsChanged,
  nextSlot,
  openSlot,
  openStation,
  stopRinging,
} from "./stations.js";
import type { RingStep } from "./step.js";

export function beginRing(turn: Turn, step: RingStep): void {
  const { state, world } = turn;
  turn.patch({ busy: null, refusal: null });
  const plan = planRing(step, showing(turn, step), world, `${state.id}/${state.hops}/${state.flow.index}`);
  for (const whom of plan.notRung) turn.note({ kind: "not_rung", whom });
  if (plan.leftOut > 0)
    turn.note({
      kind: "bound_reached",
      bound: `phones of one ring step: ${STATIONS_MAX} of ${STATIONS_MAX + plan.leftOut}`,
    });
  if (plan.rungFirst !== null) turn.emit({ type: "remember_rung_first", ...plan.rungFirst });
  const endsMs = step.timeoutMs === null ? null : turn.atMs + step.timeoutMs;
  turn.enter({
    kind: "ringing",
    ring: {
      step,
      stations: plan.stations,
      phases: plan.stations.map(() => "waiting"),
      slot: 0,
      slotMs: plan.slotMs,
      slotBeganMs: turn.atMs,
      endsMs,
      clockEnded: false,
      skipped: false,
      native: false,
      losers: [],
      early: null,
      winner: null,
      bridging: false,
      rung: [],
      waits: 0,
    },
  });
  if (endsMs !== null) turn.arm("ring", endsMs);
  openSlot(turn);
  if (turn.goOn !== null) return; // Nothing rings, and the next step saves the state.
  ensureRingback(turn);
  patchRing(turn, { native: turn.state.legs.some(isNativelyRung) });
  const guard = turn.state.legs.some((leg) => isActive(leg) && !leg.native);
  if (guard) turn.patchCaller({ guarded: true });
  // Saved after the dialling, for which the caller waits. If the engine dies before, no leg can ring twice: the ids of
  // legs are derived from the call's.
  turn.emit({ type: "save", guard });
}

export function ringing(turn: Turn, ring: Ring, input: Input): boolean {
  switch (input.type) {
    case "leg_ringing":
      return legRinging(turn, input.leg, input.isMedia === true);
    case "leg_answered":
      return legAnswered(turn, ring, input.leg, input.codec);
    case "leg_parked":
      return legParked(turn, ring, input);
    case "leg_ended":
      return legEnded(turn, ring, input.leg, input);
    case "timer":
      return ringTimer(turn, ring, parseTimer(input.id));
    case "caller_gone":
      callerGone(turn);
      return true;
    case "contacts_changed":
      contactsChanged(turn, ring, input.sipName);
      return true;
    case "digit":
    case "play_began":
    case "played":
      return deciding(turn, ring, input);
    case "bridged":
    case "bridge_refused":
    case "caller_parked":
      return connecting(turn, ring, input);
    case "answer_unknown":
      // A bridge without media would destroy both legs: the caller is answered again before it is asked for.
      turn.patchCaller({ media: "none" });
      return true;
    case "resync":
      return resync(turn, ring, input);
    case "claimed":
      return claimedLate(turn, input.won);
    default:
      return false;
  }
}

function ringTimer(turn: Turn, ring: Ring, timer: Timer): boolean {
  switch (timer.kind) {
    case "ring":
      patchRing(turn, { clockEnded: true, phases: ring.phases.map(() => "closed") });
      turn.disarmWhere((id) => id === "slot" || isOfStation(id));
      stopRinging(turn, () => true);
      break;
    case "slot":
      // Legs that decide keep their decision clock while the next member rings.
      closeSlot(turn, ring);
      if (ring.slot + 1 < ring.slotMs.length) nextSlot(turn);
      break;
    case "start":
      openStation(turn, timer.station);
      break;
    case "end":
      closeStation(turn, timer.station);
      break;
    case "decide":
      turn.killLeg(timer.leg, "NORMAL_CLEARING");
      break;
    case "dial":
      turn.killLeg(timer.leg, TIME_OVER);
      break;
    case "carrier":
      carrierSilent(turn, timer.leg);
      break;
    case "connect":
      connectTimedOut(turn, ring);
      break;
    case "repark":
      reparkTimedOut(turn, ring);
      break;
    case "appear":
      lookForLegs(turn);
      break;
    case "gone":
      // The leg was cancelled by the phone's side (487), so the step goes on.
      tryNextForHelp(turn);
      break;
    default:
      return false;
  }
  checkOver(turn);
  return true;
}
