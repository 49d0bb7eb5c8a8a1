/** Events of the legs of a ring step, and what they do to the step. */
import { CALLER_GONE_MS, RANG_MAX } from "../../call/bounds.js";
import { CALLER_GAVE_UP } from "../../call/ending.js";
import type { Input } from "../../call/input.js";
import { isRinging, LOSE_RACE, named } from "../../call/legs.js";
import type { Leg } from "../../call/state.js";
import { legTimer } from "../../call/timers.js";
import type { Turn } from "../../call/turn.js";
import { type LegEnd, statusForCaller, worthier } from "../../outside/carrier-answers.js";
import { connect, earlyAnswered, nextWinner, tryWin, winnerLost } from "./connecting.js";
import { earlyOver, hearEarly } from "./early.js";
import { hasRung, tryNextCarrier } from "./next-carrier.js";
import { beginPrompt, waitForDecision } from "./prompt.js";
import { patchRing, type Ring, ringOf } from "./state.js";
import { checkOver, keyOf } from "./stations.js";

/** @param isMedia the leg is heard, and maybe nothing rings: its carrier's time goes on (`hasRung` in next-carrier.ts) */
export function legRinging(turn: Turn, id: string, isMedia: boolean): boolean {
  const leg = turn.leg(id);
  if (leg === undefined) return false;
  if (leg.phase === "dialing") turn.patchLeg(id, { phase: "ringing", unseen: 0 });
  if (!isMedia) turn.disarm(legTimer("carrier", id));
  noteRang(turn, leg);
  return true;
}

function noteRang(turn: Turn, leg: Leg): void {
  if (leg.phase === "dialing") turn.note({ kind: "rings", ...named(leg) });
  const { rang } = turn.state;
  if (!rang.includes(leg.who) && rang.length < RANG_MAX) turn.patch({ rang: [...turn.state.rang, leg.who] });
}

export function legAnswered(turn: Turn, ring: Ring, id: string, codec?: string): boolean {
  const leg = turn.leg(id);
  if (leg === undefined || !isRinging(leg)) return leg !== undefined;
  noteRang(turn, leg);
  turn.disarm(legTimer("dial", id));
  turn.disarm(legTimer("carrier", id));
  const asked = ring.stations[leg.station]?.accept ?? true;
  turn.patchLeg(id, { phase: "answered", accepted: !asked, codec: codec ?? null, unseen: 0 });
  if (asked) waitForDecision(turn, id);
  else if (ringOf(turn)?.early?.leg === id) earlyAnswered(turn, id);
  else tryWin(turn, id);
  return true;
}

type Parked = Pick<Extract<Input, { type: "leg_parked" }>, "leg" | "isEarly" | "codec">;

export function legParked(turn: Turn, ring: Ring, { leg: id, isEarly, codec }: Parked): boolean {
  const leg = turn.leg(id);
  if (leg === undefined) return false;
  if (isEarly === true && isRinging(leg)) {
    legRinging(turn, id, true);
    turn.patchLeg(id, { parked: true, codec: codec ?? leg.codec });
    hearEarly(turn);
    return true;
  }
  // The event of the answer may be lost; a leg that is parked was answered.
  if (isRinging(leg)) legAnswered(turn, ring, id);
  turn.patchLeg(id, { parked: true });
  if (ringOf(turn)?.winner === id) connect(turn);
  else if (turn.leg(id)?.phase === "answered" && turn.leg(id)?.accepted === false) beginPrompt(turn, id);
  return true;
}

/** The leg is over, whatever the cause: busy, declined, unreachable, hung up during the prompt. */
export function legEnded(turn: Turn, ring: Ring, id: string, end: LegEnd): boolean {
  const leg = turn.leg(id);
  const { cause } = end;
  if (leg === undefined) return false;
  if (leg.native && cause === LOSE_RACE) {
    lostRace(turn, ring, leg);
    return true;
  }
  turn.note({ kind: "leg_ended", ...named(leg), cause });
  const rang = hasRung(turn, leg);
  turn.removeLeg(id);
  if (ring.winner === id) winnerLost(turn, leg, cause);
  if (leg.dial.kind === "gateway") outsideEnded(turn, leg, end, rang);
  else noteBusy(turn, cause);
  if (cause === CALLER_GAVE_UP) turn.arm("gone", turn.atMs + CALLER_GONE_MS);
  checkOver(turn);
  return true;
}

function noteBusy(turn: Turn, cause: string): void {
  turn.patch({ busy: cause === "USER_BUSY" && turn.state.busy !== false });
}

/** A number outside did not answer, or was not reached: then maybe the next carrier reaches it. */
function outsideEnded(turn: Turn, leg: Leg, end: LegEnd, rang: boolean): void {
  earlyOver(turn);
  if (isRinging(leg)) turn.patch({ refusal: worthier(turn.state.refusal, statusForCaller(end)) });
  if (end.cause === CALLER_GAVE_UP || !tryNextCarrier(turn, leg, end, rang)) noteBusy(turn, end.cause);
}

/** The switch has chosen another of the phones that it rings itself; its event follows. */
function lostRace(turn: Turn, ring: Ring, leg: Leg): void {
  turn.removeLeg(leg.id);
  patchRing(turn, { losers: [...ring.losers, keyOf(leg)] });
  if (ring.winner === leg.id) nextWinner(turn);
  checkOver(turn);
}
