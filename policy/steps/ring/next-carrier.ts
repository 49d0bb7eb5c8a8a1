/**
 * A carrier has failed, and the next one is tried: on 408, 5xx, no answer, or when it cannot be reached. Whatever says
 * something about the number that was called (busy, wrong, declined) is the end of the leg, and so is every failure after
 * the phone has rung, since it would ring again. An emergency call goes by the next carrier however the one before has ended.
 */
import { CARRIERS_TRIED_MS } from "../../call/bounds.js";
import { isActive, named } from "../../call/legs.js";
import type { Leg } from "../../call/state.js";
import { legTimer } from "../../call/timers.js";
import type { Turn } from "../../call/turn.js";
import { isCarriersFault, type LegEnd, statusForCaller, worthier } from "../../outside/carrier-answers.js";
import { type WayOut, wayOutAfter } from "../../outside/carriers.js";
import { showOutside } from "../../ring/caller-id.js";
import type { Station } from "../../ring/plan.js";
import { showing } from "./showing.js";
import { patchRing, ringOf } from "./state.js";
import { dialLeg, dialsOf } from "./stations.js";

/** The leg goes on in another call. */
const HANDED_OVER: ReadonlySet<string> = new Set(["ATTENDED_TRANSFER", "BLIND_TRANSFER"]);

/**
 * Whether a phone has rung at the far end. Some carriers send media (183) before each failure, so being heard does not
 * count while the carrier has time left to begin to ring. After that it does: many send their ringing tone as media, and
 * a 180 that follows a 183 makes no event (switch_channel_perform_mark_ring_ready_value).
 */
export function hasRung(turn: Turn, { id, phase }: Leg): boolean {
  return phase !== "dialing" && !turn.isArmed(legTimer("carrier", id));
}

/** The leg has ended unanswered. @returns whether the next carrier is dialled for it */
export function tryNextCarrier(turn: Turn, leg: Leg, end: LegEnd, rang: boolean): boolean {
  if (HANDED_OVER.has(end.cause)) return false;
  if (!isForHelp(turn) && (rang || !isCarriersFault(end))) return false;
  return dialNext(turn, leg.station, end.status === undefined ? end.cause : String(end.status));
}

/** After a carrier has cancelled a call for help, as if its caller had gone, but the caller is still there. */
export function tryNextForHelp(turn: Turn): void {
  if (isForHelp(turn) && !turn.state.legs.some(isActive)) dialNext(turn, 0, "487");
}

function isForHelp({ state }: Turn): boolean {
  return state.flow.source.kind === "emergency";
}

function dialNext(turn: Turn, index: number, why: string): boolean {
  const ring = ringOf(turn);
  const station = ring?.stations[index];
  const next = station && wayOfNext(turn, station);
  if (ring === undefined || station === undefined || next === undefined) return false;
  if (station.at.kind !== "phone" || ring.phases[index] !== "open" || ring.winner !== null) return false;
  const beganMs = ring.slotBeganMs + station.startMs;
  if (!isForHelp(turn) && turn.atMs - beganMs >= CARRIERS_TRIED_MS) return false;
  const { isPrivate: _before, ...rest } = station;
  const now: Station = {
    ...rest,
    carrier: next.gateway,
    ...showOutside(showing(turn, ring.step), turn.world.office, next.carrier.trusted === true),
  };
  patchRing(turn, { stations: ring.stations.map((each, i) => (i === index ? now : each)) });
  turn.note({
    kind: "next_carrier",
    who: station.who,
    device: station.device,
    failed: station.carrier ?? "",
    why,
    carrier: next.gateway,
  });
  for (const dial of dialsOf(turn, now)) dialLeg(turn, index, now, dial);
  return true;
}

function wayOfNext(turn: Turn, { at, carrier }: Station): WayOut | undefined {
  if (at.kind !== "phone" || carrier === null) return undefined;
  return wayOutAfter(carrier, at.number, turn.world.office.carriers);
}

/** The carrier has been silent for so long that the next one is tried; without a next one, its leg has failed. */
export function carrierSilent(turn: Turn, id: string): void {
  const leg = turn.leg(id);
  const station = ringOf(turn)?.stations[leg?.station ?? -1];
  if (leg?.phase !== "dialing" || station === undefined) return;
  const end: LegEnd = { cause: "RECOVERY_ON_TIMER_EXPIRE" };
  turn.note({ kind: "leg_ended", ...named(leg), cause: end.cause });
  turn.patch({ refusal: worthier(turn.state.refusal, statusForCaller(end)) });
  turn.killLeg(id, "NO_ANSWER");
  tryNextCarrier(turn, leg, end, false);
}
