/**
 * A ring step in progress: stations open and close by the clock, their legs ring, are answered, decide,
 * and end; the first who may be connected wins. Two clocks run: the ring clock ends ringing, the
 * decision clock of each answered leg ends deciding, and the step is over when neither rings nor decides.
 */

import { type Dial, planRing, type Station } from "../ring/plan.js";
import type { RingStep } from "../steps/ring/step.js";
import { LEG_DEADMAN_EXTRA_MS, LEG_DEADMAN_NONE_MS, LEGS_PER_STEP_MAX } from "./bounds.js";
import {
  assumeParked,
  connect,
  connecting,
  connectTimedOut,
  expectRepark,
  reconnect,
  tryWin,
  winnerLost,
} from "./connecting.js";
import { derivedId } from "./derived-id.js";
import { callerGone } from "./ending.js";
import type { Input, LiveLeg } from "./input.js";
import { isActive, isDeciding, isRinging, named } from "./legs.js";
import { beginPrompt, deciding, repeatPrompt, waitForDecision } from "./prompt.js";
import { ensureRingback } from "./ringback.js";
import type { Leg, Ring } from "./state.js";
import type { Turn } from "./turn.js";

/** Legs that stop because their time is over get a plain CANCEL: their phones show a missed call. */
const TIME_OVER = "NO_ANSWER";

export function beginRing(turn: Turn, step: RingStep): void {
  const { state, world } = turn;
  turn.patch({ busy: null });
  const plan = planRing(step, showing(turn, step), world, `${state.id}/${state.hops}/${state.flow.index}`);
  for (const whom of plan.notRung) turn.note({ kind: "not_rung", whom });
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
      winner: null,
      bridging: false,
      rung: [],
    },
  });
  if (endsMs !== null) turn.arm("ring", endsMs);
  openSlot(turn);
  if (turn.goOn !== null) return; // Nothing rings: the next step saves, and has its own to play.
  ensureRingback(turn);
  // After the dialling, which somebody waits for. A leg that is not in a saved state cannot ring twice all the
  // same: its id is derived.
  turn.patchCaller({ guarded: true });
  turn.emit({ type: "save", guard: true });
}

function showing(turn: Turn, step: RingStep) {
  const { caller, flow } = turn.state;
  const { office } = turn.world;
  const entry = office.lookupNumber(caller.called);
  const id =
    step.target.kind === "group" ? step.target.id : flow.source.kind === "group" ? flow.source.id : null;
  const group = id === null ? undefined : office.group(id);
  return {
    callerNumber: caller.number,
    callerName: caller.name,
    called: entry?.number ?? null,
    prefix: entry?.callerIdPrefix ?? group?.callerIdPrefix ?? null,
    emergency: flow.source.kind === "emergency",
    ...(caller.from === undefined ? {} : { from: caller.from }),
  };
}

function openSlot(turn: Turn): void {
  const ring = turn.ring;
  if (ring === undefined) return;
  const lengthMs = ring.slotMs[ring.slot];
  if (lengthMs !== null && lengthMs !== undefined) turn.arm("slot", ring.slotBeganMs + lengthMs);
  ring.stations.forEach((station, index) => {
    if (station.slot !== ring.slot) return;
    if (station.startMs === 0) openStation(turn, index);
    else turn.arm(`start:${index}`, ring.slotBeganMs + station.startMs);
  });
  settle(turn);
}

function setStation(turn: Turn, index: number, phase: "open" | "closed"): void {
  const phases = turn.ring?.phases.map((was, i) => (i === index ? phase : was));
  if (phases !== undefined) turn.patchRing({ phases });
}

function openStation(turn: Turn, index: number): void {
  const ring = turn.ring;
  const station = ring?.stations[index];
  if (ring === undefined || station === undefined) return;
  setStation(turn, index, "open");
  if (station.endMs !== null) turn.arm(`end:${index}`, ring.slotBeganMs + station.endMs);
  const dials = dialsOf(turn, station);
  if (dials.length === 0)
    turn.note({
      kind: "not_rung",
      whom: { who: station.who, device: station.device, reason: "not_registered" },
    });
  for (const dial of dials) dialLeg(turn, index, station, dial);
}

function dialsOf(turn: Turn, station: Station): readonly Dial[] {
  if (station.at.kind === "phone")
    return station.carrier === null
      ? []
      : [{ kind: "gateway", carrier: station.carrier, number: station.at.number }];
  const sip = station.at.name;
  return turn.world.contactsOf(sip).map((contact) => ({ kind: "contact", sip, url: contact.url }));
}

function dialLeg(turn: Turn, index: number, station: Station, dial: Dial): void {
  const { state } = turn;
  if (state.legs.filter(isActive).length >= LEGS_PER_STEP_MAX) {
    turn.note({ kind: "bound_reached", bound: `legs per step: ${LEGS_PER_STEP_MAX}` });
    turn.note({
      kind: "not_rung",
      whom: { who: station.who, device: station.device, reason: "bound_reached" },
    });
    return;
  }
  const n = state.legCount + 1;
  const leg: Leg = {
    id: derivedId(state.id, n),
    station: index,
    who: station.who,
    device: station.device,
    dial,
    phase: "dialing",
    parked: false,
    codec: null,
    accepted: false,
    prompting: false,
    prompts: 0,
    playId: "",
    kills: 0,
    killCause: "",
  };
  turn.patch({ legs: [...state.legs, leg], legCount: n });
  turn.patchRing({ rung: [...(turn.ring?.rung ?? []), rungKey(index, dial)] });
  const deadmanMs = legDeadmanMs(turn, station);
  // Whatever else is lost (the job's result, every event), the leg does not count as ringing for ever.
  turn.arm(`dial:${leg.id}`, turn.atMs + deadmanMs + LEG_DEADMAN_EXTRA_MS);
  turn.emit({
    type: "dial",
    leg: leg.id,
    dial,
    station: index,
    callerName: station.callerName,
    callerNumber: station.callerNumber,
    diversion: station.diversion,
    asserted: station.asserted,
    codecs: state.caller.codecs,
    deadmanMs,
  });
}

/** How long the switch may let this leg ring should nobody tell it to stop. */
function legDeadmanMs(turn: Turn, station: Station): number {
  const ring = turn.ring;
  if (ring === undefined) return LEG_DEADMAN_NONE_MS;
  const ends = [
    ring.endsMs,
    station.endMs === null ? null : ring.slotBeganMs + station.endMs,
    ring.slotMs[ring.slot] == null ? null : ring.slotBeganMs + (ring.slotMs[ring.slot] ?? 0),
  ].filter((end): end is number => end !== null);
  if (ends.length === 0) return LEG_DEADMAN_NONE_MS;
  return Math.max(0, Math.min(...ends) - turn.atMs) + LEG_DEADMAN_EXTRA_MS;
}

/** Ends every leg that rings at a station `which` picks; those that were answered may go on deciding. */
function stopRinging(turn: Turn, which: (station: number) => boolean): void {
  for (const leg of turn.state.legs)
    if (isRinging(leg) && which(leg.station)) turn.killLeg(leg.id, TIME_OVER);
}

function closeStation(turn: Turn, index: number): void {
  setStation(turn, index, "closed");
  turn.disarm(`start:${index}`);
  turn.disarm(`end:${index}`);
  stopRinging(turn, (station) => station === index);
}

/** Whether the step goes on; if not, the call goes to the next one. Called after every change. */
export function settle(turn: Turn): void {
  const ring = turn.ring;
  if (ring === undefined || ring.winner !== null || turn.goOn !== null) return;
  if (!turn.state.caller.parked) return; // A bridge has just failed; `caller_parked` comes back here.
  const active = turn.state.legs.filter(isActive);
  if (active.some(isDeciding)) return;
  if (ring.clockEnded) rollOver(turn, "timeout");
  else if (active.length > 0 || isWaiting(ring)) return;
  else if (ring.slot + 1 < ring.slotMs.length) nextSlot(turn);
  else rollOver(turn, ring.phases.some((phase) => phase === "open") ? "nothing_rings" : "timeout");
}

function isWaiting(ring: Ring): boolean {
  return ring.phases.some((phase, i) => phase === "waiting" && ring.stations[i]?.slot === ring.slot);
}

function nextSlot(turn: Turn): void {
  const ring = turn.ring;
  if (ring === undefined) return;
  closeSlot(turn, ring);
  turn.patchRing({ slot: ring.slot + 1, slotBeganMs: turn.atMs });
  openSlot(turn);
}

function closeSlot(turn: Turn, ring: Ring): void {
  turn.disarm("slot");
  ring.stations.forEach((station, index) => {
    if (station.slot === ring.slot) closeStation(turn, index);
  });
}

/** The step is over without an answer. */
export function rollOver(turn: Turn, why: "timeout" | "nothing_rings" | "skipped"): void {
  turn.note({ kind: "rollover", why });
  if (why !== "nothing_rings") turn.patch({ busy: false });
  endRing(turn);
  turn.goOn = { kind: "next_step" };
}

/** Ends all that belongs to the ring step; kills that are under way go on. */
function endRing(turn: Turn): void {
  for (const leg of turn.state.legs) if (isActive(leg)) turn.killLeg(leg.id, TIME_OVER);
  turn.disarmWhere((id) => !id.startsWith("kill:") && !id.startsWith("taken:"));
}

export function ringing(turn: Turn, ring: Ring, input: Input): boolean {
  switch (input.type) {
    case "leg_ringing":
      return legRinging(turn, input.leg);
    case "leg_answered":
      return legAnswered(turn, ring, input.leg, input.codec);
    case "leg_parked":
      return legParked(turn, ring, input.leg);
    case "leg_ended":
      return legEnded(turn, ring, input.leg, input.cause);
    case "timer":
      return ringTimer(turn, ring, input.id);
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
    case "resync":
      return resync(turn, ring, input);
    default:
      return false;
  }
}

function legRinging(turn: Turn, id: string): boolean {
  const leg = turn.leg(id);
  if (leg === undefined) return false;
  if (leg.phase === "dialing") turn.patchLeg(id, { phase: "ringing" });
  noteRang(turn, leg);
  return true;
}

function noteRang(turn: Turn, leg: Leg): void {
  if (leg.phase === "dialing") turn.note({ kind: "rings", ...named(leg), leg: leg.id });
  if (!turn.state.rang.includes(leg.who)) turn.patch({ rang: [...turn.state.rang, leg.who] });
}

function legAnswered(turn: Turn, ring: Ring, id: string, codec?: string): boolean {
  const leg = turn.leg(id);
  if (leg === undefined || !isRinging(leg)) return leg !== undefined;
  noteRang(turn, leg);
  turn.disarm(`dial:${id}`);
  const asked = ring.stations[leg.station]?.accept ?? true;
  turn.patchLeg(id, { phase: "answered", accepted: !asked, codec: codec ?? null });
  if (asked) waitForDecision(turn, id);
  else tryWin(turn, id);
  return true;
}

function legParked(turn: Turn, ring: Ring, id: string): boolean {
  const leg = turn.leg(id);
  if (leg === undefined) return false;
  // The answer's own event can be lost; a parked leg was answered all the same.
  if (isRinging(leg)) legAnswered(turn, ring, id);
  turn.patchLeg(id, { parked: true });
  if (turn.ring?.winner === id) connect(turn);
  else if (turn.leg(id)?.phase === "answered" && turn.leg(id)?.accepted === false) beginPrompt(turn, id);
  return true;
}

/** Busy, declined, unreachable, hung up in the prompt, or a cause nobody has heard of: this leg is over. */
function legEnded(turn: Turn, ring: Ring, id: string, cause: string): boolean {
  const leg = turn.leg(id);
  if (leg === undefined) return false;
  turn.note({ kind: "leg_ended", ...named(leg), cause });
  turn.patch({ busy: cause === "USER_BUSY" && turn.state.busy !== false });
  turn.removeLeg(id);
  if (ring.winner === id) winnerLost(turn, leg, cause);
  settle(turn);
  return true;
}

function ringTimer(turn: Turn, ring: Ring, timer: string): boolean {
  const [kind, ...rest] = timer.split(":");
  const about = rest.join(":");
  switch (kind) {
    case "ring":
      turn.patchRing({ clockEnded: true, phases: ring.phases.map(() => "closed") });
      turn.disarmWhere((id) => id === "slot" || id.startsWith("start:") || id.startsWith("end:"));
      stopRinging(turn, () => true);
      break;
    case "slot":
      // Those who decide keep their decision clock while the next member rings.
      closeSlot(turn, ring);
      if (ring.slot + 1 < ring.slotMs.length) nextSlot(turn);
      break;
    case "start":
      openStation(turn, Number(about));
      break;
    case "end":
      closeStation(turn, Number(about));
      break;
    case "decide":
      turn.killLeg(about, "NORMAL_CLEARING");
      break;
    case "dial":
      turn.killLeg(about, TIME_OVER);
      break;
    case "connect":
      connectTimedOut(turn, ring);
      break;
    case "repark":
      assumeParked(turn, ring);
      break;
    default:
      return false;
  }
  settle(turn);
  return true;
}

/** Late joining: a phone that registers while its station is open rings for the rest of its time; one that leaves stops. */
function contactsChanged(turn: Turn, ring: Ring, sipName: string): void {
  if (ring.clockEnded) return;
  ring.stations.forEach((station, index) => {
    if (station.at.kind !== "sip" || station.at.name !== sipName || ring.phases[index] !== "open") return;
    const dials = dialsOf(turn, station);
    const wanted = new Set(dials.map(urlOf));
    for (const leg of turn.state.legs)
      if (leg.station === index && isRinging(leg) && !wanted.has(urlOf(leg.dial)))
        turn.killLeg(leg.id, TIME_OVER);
    // A contact that went may come back and ring; one that was busy or declined does not ring again.
    const kept = (turn.ring?.rung ?? []).filter(
      (key) => !isOf(key, index) || wanted.has(key.slice(key.indexOf(" ") + 1)),
    );
    turn.patchRing({ rung: kept });
    for (const dial of dials) if (!kept.includes(rungKey(index, dial))) dialLeg(turn, index, station, dial);
  });
  settle(turn);
}

function rungKey(station: number, dial: Dial): string {
  return `${station} ${urlOf(dial)}`;
}

function isOf(key: string, station: number): boolean {
  return key.startsWith(`${station} `);
}

function urlOf(dial: Dial): string {
  return dial.kind === "contact" ? dial.url : dial.number;
}

/** The connection was gone for a while: believe what the switch has now, and go on. */
function resync(turn: Turn, ring: Ring, input: Extract<Input, { type: "resync" }>): boolean {
  if (input.caller === null) {
    callerGone(turn);
    return true;
  }
  const { bridgedTo, parked, playing, media } = input.caller;
  turn.patchCaller({ media });
  if (bridgedTo !== null && turn.leg(bridgedTo) !== undefined) {
    if (ring.winner !== bridgedTo) turn.patchRing({ winner: bridgedTo });
    return connecting(turn, turn.ring ?? ring, { type: "bridged", atMs: turn.atMs, leg: bridgedTo });
  }
  turn.patchCaller({ parked, guarded: false, ringback: playing && turn.state.caller.ringback });
  if (ring.winner === null && !parked) expectRepark(turn);
  const live = new Map(input.legs.map((leg) => [leg.id, leg]));
  for (const leg of turn.state.legs)
    if (input.look !== true || leg.id === ring.winner)
      resyncLeg(turn, leg, live.get(leg.id), input.undialled ?? []);
  if (ring.winner !== null && turn.ring?.winner === ring.winner) reconnect(turn);
  else if (turn.ring?.winner === null) ensureRingback(turn);
  settle(turn);
  return true;
}

function resyncLeg(turn: Turn, leg: Leg, now: LiveLeg | undefined, undialled: readonly string[]): void {
  const { ring } = turn;
  if (ring === undefined) return;
  if (now === undefined) {
    if (undialled.includes(leg.id) && isRinging(leg)) dialAgain(turn, ring, leg);
    else legEnded(turn, ring, leg.id, "LOST");
    return;
  }
  // The prompt is said anew, since the key to it may have been lost with the connection.
  const again = leg.phase === "deciding" && !now.playing;
  if (now.playing && leg.phase !== "deciding") turn.emit({ type: "stop_playing", channel: leg.id });
  if (now.state === "answered" && isRinging(leg)) legAnswered(turn, ring, leg.id);
  if (now.parked && !leg.parked && turn.ring !== undefined) legParked(turn, turn.ring, leg.id);
  if (again) repeatPrompt(turn, leg.id);
}

/** A leg that the switch was never told of. Under another name: the order may yet be on its way. */
function dialAgain(turn: Turn, ring: Ring, leg: Leg): void {
  turn.removeLeg(leg.id);
  const station = ring.stations[leg.station];
  if (station !== undefined && ring.phases[leg.station] === "open")
    dialLeg(turn, leg.station, station, leg.dial);
}
