/**
 * The stations of a ring step: they open and close by the clock, ring while they are open, and the step is over when
 * nothing rings, decides, or is yet to ring.
 */
import {
  CARRIER_SILENT_MIN_MS,
  CARRIER_SILENT_MS,
  LAST_CARRIER_SILENT_MS,
  LEG_DEADMAN_EXTRA_MS,
  LEG_DEADMAN_NONE_MS,
  LEGS_PER_CALL_MAX,
  LEGS_PER_STEP_MAX,
} from "../../call/bounds.js";
import { derivedId } from "../../call/derived-id.js";
import { isActive, isDeciding, isRinging } from "../../call/legs.js";
import { isDialledByPerson } from "../../call/outside-answer.js";
import type { Leg } from "../../call/state.js";
import { isArmed, legTimer, stationTimer } from "../../call/timers.js";
import type { Turn } from "../../call/turn.js";
import { given } from "../../office/optional.js";
import { wayOutAfter } from "../../outside/carriers.js";
import { limitReached, OFFICE, type Payer, type Refusal } from "../../outside/payer.js";
import type { Dial, Station } from "../../ring/plan.js";
import { earlyOver } from "./early.js";
import { nativeLegEnded, ownLegJoins } from "./native.js";
import { rollOver, TIME_OVER } from "./roll-over.js";
import { isAbout, rungKey } from "./rung.js";
import { patchRing, type Ring, ringOf } from "./state.js";

export function openSlot(turn: Turn): void {
  const ring = ringOf(turn);
  if (ring === undefined) return;
  const lengthMs = ring.slotMs[ring.slot];
  if (lengthMs !== null && lengthMs !== undefined) turn.arm("slot", ring.slotBeganMs + lengthMs);
  ring.stations.forEach((station, index) => {
    if (station.slot !== ring.slot) return;
    if (station.startMs === 0) openStation(turn, index);
    else turn.arm(stationTimer("start", index), ring.slotBeganMs + station.startMs);
  });
  checkOver(turn);
}

function setStation(turn: Turn, index: number, phase: "open" | "closed"): void {
  const phases = ringOf(turn)?.phases.map((was, i) => (i === index ? phase : was));
  if (phases !== undefined) patchRing(turn, { phases });
}

export function openStation(turn: Turn, index: number): void {
  const ring = ringOf(turn);
  const station = ring?.stations[index];
  if (ring === undefined || station === undefined) return;
  setStation(turn, index, "open");
  if (station.endMs !== null) turn.arm(stationTimer("end", index), ring.slotBeganMs + station.endMs);
  const limit = limitOf(turn, station);
  if (limit !== null) {
    turn.note({
      kind: "not_rung",
      whom: { who: station.who, device: station.device, reason: limit },
    });
    return;
  }
  const dials = dialsOf(turn, station);
  if (dials.length === 0)
    turn.note({
      kind: "not_rung",
      whom: { who: station.who, device: station.device, reason: "not_registered" },
    });
  for (const dial of dials) dialLeg(turn, index, station, dial);
}

/** The limit that leaves no room for a call to an outside phone; null: none, or nobody pays for it. */
function limitOf(turn: Turn, { payer }: Station): Refusal | null {
  if (payer === undefined) return null;
  const begun = (who: Payer): number =>
    turn.commands.filter(
      (command) =>
        command.type === "dial" &&
        command.dial.kind === "gateway" &&
        command.dial.payer !== undefined &&
        (who === OFFICE || command.dial.payer === who),
    ).length;
  return limitReached(payer, turn.world.office, turn.world.outside, begun);
}

export function dialsOf(turn: Turn, station: Station): readonly Dial[] {
  if (station.at.kind === "phone")
    return station.carrier === null
      ? []
      : [
          {
            kind: "gateway",
            carrier: station.carrier,
            number: station.at.number,
            ...given({ payer: station.payer }),
          },
        ];
  const sip = station.at.name;
  const srtp = turn.world.office.deviceBySip(sip)?.device.srtp;
  return turn.world
    .contactsOf(sip)
    .map((contact) => ({ kind: "contact", sip, url: contact.url, ...given({ srtp }) }));
}

export function dialLeg(turn: Turn, index: number, station: Station, dial: Dial): void {
  const { state } = turn;
  if (state.legs.length >= LEGS_PER_CALL_MAX || state.legs.filter(isActive).length >= LEGS_PER_STEP_MAX) {
    turn.note({ kind: "bound_reached", bound: `legs per step: ${LEGS_PER_STEP_MAX}` });
    turn.note({
      kind: "not_rung",
      whom: { who: station.who, device: station.device, reason: "bound_reached" },
    });
    return;
  }
  const n = state.legCount + 1;
  const leg: Leg = {
    id: derivedId(state.id, n, state.askedBy),
    station: index,
    who: station.who,
    device: station.device,
    dial,
    native: mayBeNative(turn, station),
    phase: "dialing",
    parked: false,
    codec: null,
    accepted: false,
    prompting: false,
    prompts: 0,
    playId: null,
    unseen: 0,
    kills: 0,
    killCause: null,
  };
  turn.patch({ legs: [...state.legs, leg], legCount: n });
  const key = rungKey(index, urlOf(dial));
  const rung = ringOf(turn)?.rung ?? [];
  // A number is dialled again through the next carrier.
  const isAgain = rung.includes(key);
  if (!isAgain) patchRing(turn, { rung: [...rung, key] });
  emitDial(turn, leg, station, isAgain);
}

/** Has a leg dialled that the call has already. */
export function emitDial(turn: Turn, leg: Leg, station: Station, isAgain = false): void {
  const deadmanMs = legDeadmanMs(turn, station);
  // If the job's result and every event are lost, this timer ends the leg.
  turn.arm(legTimer("dial", leg.id), turn.atMs + deadmanMs + LEG_DEADMAN_EXTRA_MS);
  armCarrier(turn, leg, station);
  turn.emit({
    type: "dial",
    leg: leg.id,
    dial: leg.dial,
    native: leg.native,
    ...(isHeardEarly(turn, station) ? { isHeardEarly: true } : {}),
    station: leg.station,
    ...(isAgain && leg.dial.kind === "gateway" ? { isAgain } : {}),
    callerName: station.callerName,
    callerNumber: station.callerNumber,
    diversion: station.diversion,
    asserted: station.asserted,
    ...given({ isPrivate: station.isPrivate }),
    codecs: turn.state.caller.codecs,
    deadmanMs,
  });
  if (!leg.native) ownLegJoins(turn);
}

/** A carrier has a bound in which it rings, answers or fails. */
function armCarrier(turn: Turn, { id }: Leg, station: Station): void {
  const { at, carrier } = station;
  if (at.kind !== "phone" || carrier === null) return;
  const isLast = wayOutAfter(carrier, at.number, turn.world.office.carriers) === undefined;
  turn.arm(legTimer("carrier", id), turn.atMs + (isLast ? LAST_CARRIER_SILENT_MS : carrierMs(turn, station)));
}

/** Where the phone has little time to ring, half of it is left for the next carrier. */
function carrierMs(turn: Turn, station: Station): number {
  const leftMs = timeLeftMs(turn, station);
  if (leftMs === null) return CARRIER_SILENT_MS;
  return Math.min(CARRIER_SILENT_MS, Math.max(CARRIER_SILENT_MIN_MS, leftMs / 2));
}

/**
 * A person who has dialled the number hears what the carrier sends before it answers. Not in a transfer: the switch would
 * tell the phone that transferred the caller that somebody had answered (CF_CONFIRM_BLIND_TRANSFER).
 */
function isHeardEarly(turn: Turn, { at, accept }: Station): boolean {
  if (at.kind !== "phone" || accept || turn.state.transfer !== null) return false;
  return isDialledByPerson(turn.state) && ringOf(turn)?.stations.length === 1;
}

/**
 * The phone that the switch has chosen was lost before it was connected, and the switch had ended the others for it: they
 * ring again.
 */
export function ringLosersAgain(turn: Turn, ring: Ring): void {
  const keys = ring.losers;
  patchRing(turn, { losers: [], rung: ring.rung.filter((key) => !keys.includes(key)) });
  if (ring.clockEnded) return;
  ring.stations.forEach((station, index) => {
    if (ring.phases[index] !== "open") return;
    for (const dial of dialsOf(turn, station))
      if (keys.includes(rungKey(index, urlOf(dial)))) dialLeg(turn, index, station, dial);
  });
}

/** How a step remembers the contact or number that a leg rings. */
export function keyOf({ station, dial }: Leg): string {
  return rungKey(station, urlOf(dial));
}

/**
 * Who answers a leg that the switch rings itself is connected at once, so nobody is asked to accept. A number outside is
 * rung by a leg of our own, since a gateway that is down makes no leg of which the end could be heard, and then the next
 * carrier is tried. A dialplan takes no text with a quoted apostrophe, which a name such as O'Brien needs (switch_caller_extension_add_application).
 */
function mayBeNative(turn: Turn, { at, accept, callerName }: Station): boolean {
  return turn.mayRingNatively && at.kind === "sip" && !accept && !callerName.includes("'");
}

/** How long the switch lets this leg ring when no engine ends it. */
function legDeadmanMs(turn: Turn, station: Station): number {
  const leftMs = timeLeftMs(turn, station);
  return leftMs === null ? LEG_DEADMAN_NONE_MS : leftMs + LEG_DEADMAN_EXTRA_MS;
}

/** How long a phone may still ring in this step; null: without end. */
function timeLeftMs(turn: Turn, station: Station): number | null {
  const ring = ringOf(turn);
  if (ring === undefined) return null;
  const ends = [
    ring.endsMs,
    station.endMs === null ? null : ring.slotBeganMs + station.endMs,
    ring.slotMs[ring.slot] == null ? null : ring.slotBeganMs + (ring.slotMs[ring.slot] ?? 0),
  ].filter((end): end is number => end !== null);
  return ends.length === 0 ? null : Math.max(0, Math.min(...ends) - turn.atMs);
}

/** Ends every leg that rings at a station `which` picks; those that were answered may go on deciding. */
export function stopRinging(turn: Turn, which: (station: number) => boolean): void {
  for (const leg of turn.state.legs)
    if (isRinging(leg) && which(leg.station)) turn.killLeg(leg.id, TIME_OVER);
}

export function closeStation(turn: Turn, index: number): void {
  setStation(turn, index, "closed");
  turn.disarm(stationTimer("start", index));
  turn.disarm(stationTimer("end", index));
  stopRinging(turn, (station) => station === index);
}

/** Goes to the next slot or step when nothing rings or decides any more. Called after every change. */
export function checkOver(turn: Turn): void {
  earlyOver(turn);
  const ring = ringOf(turn);
  if (ring === undefined || ring.winner !== null || turn.goOn !== null) return;
  // The claim is not won yet.
  if (turn.state.caller.asked && !turn.isAnswer) return;
  if (!turn.state.caller.parked) {
    // A bridge has just failed, or the switch rings phones; after `caller_parked` this is called again.
    if (ring.native) nativeLegEnded(turn);
    return;
  }
  // The caller has most likely hung up; ringing another phone would show a missed call there for nothing.
  if (isArmed(turn.state.timers, "gone")) return;
  const active = turn.state.legs.filter(isActive);
  if (ring.skipped) {
    rollOver(turn, "skipped");
    return;
  }
  if (active.some(isDeciding)) return;
  if (ring.clockEnded) rollOver(turn, "timeout");
  else if (active.length > 0 || isWaiting(ring)) return;
  else if (ring.slot + 1 < ring.slotMs.length) nextSlot(turn);
  else rollOver(turn, ring.phases.some((phase) => phase === "open") ? "nothing_rings" : "timeout");
}

function isWaiting(ring: Ring): boolean {
  return ring.phases.some((phase, i) => phase === "waiting" && ring.stations[i]?.slot === ring.slot);
}

export function nextSlot(turn: Turn): void {
  const ring = ringOf(turn);
  if (ring === undefined) return;
  closeSlot(turn, ring);
  patchRing(turn, { slot: ring.slot + 1, slotBeganMs: turn.atMs });
  openSlot(turn);
}

export function closeSlot(turn: Turn, ring: Ring): void {
  turn.disarm("slot");
  ring.stations.forEach((station, index) => {
    if (station.slot === ring.slot) closeStation(turn, index);
  });
}

/**
 * Late joining: a phone that registers while its station is open rings for the rest of its time; one that leaves stops.
 */
export function contactsChanged(turn: Turn, ring: Ring, sipName: string): void {
  if (ring.clockEnded) return;
  ring.stations.forEach((station, index) => {
    if (station.at.kind !== "sip" || station.at.name !== sipName || ring.phases[index] !== "open") return;
    const dials = dialsOf(turn, station);
    const wanted = new Set(dials.map(urlOf));
    const wantedKeys = new Set(dials.map((dial) => rungKey(index, urlOf(dial))));
    for (const leg of turn.state.legs)
      if (leg.station === index && isRinging(leg) && !wanted.has(urlOf(leg.dial)))
        turn.killLeg(leg.id, TIME_OVER);
    // A contact that unregistered may come back and ring; a contact that was busy or declined does not ring again.
    const kept = (ringOf(turn)?.rung ?? []).filter((key) => !isAbout(key, index) || wantedKeys.has(key));
    patchRing(turn, { rung: kept });
    for (const dial of dials)
      if (!kept.includes(rungKey(index, urlOf(dial)))) dialLeg(turn, index, station, dial);
  });
  checkOver(turn);
}

function urlOf(dial: Dial): string {
  return dial.kind === "contact" ? dial.url : dial.number;
}
