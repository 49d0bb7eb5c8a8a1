/**
 * The moment of connection: from a leg that may be connected (the winner) to CHANNEL_BRIDGE, which alone proves that it
 * was. In between either side can die. So the caller's leg is guarded first: it goes back to park instead of being hung
 * up (switch_ivr_bridge.c:1203-1271). It gets media before the bridge is asked for: without media the switch replies +OK
 * and destroys both (switch_ivr_bridge.c:2046-2060). And the other phones ring on until the bridge stands, for the case
 * that the winner is lost.
 */
import { CONNECT_INSPECT_MS, CONNECT_MS, CONNECT_TONE_MS } from "../../call/bounds.js";
import { connectedRun } from "../../call/connected.js";
import type { Input } from "../../call/input.js";
import { isActive, LOSE_RACE, named } from "../../call/legs.js";
import { ensureRingback, stopRingback } from "../../call/ringback.js";
import type { Leg } from "../../call/state.js";
import { legTimer, outlivesStep } from "../../call/timers.js";
import { transferTaken } from "../../call/transfer.js";
import type { Turn } from "../../call/turn.js";
import { codecForCaller } from "./caller-codec.js";
import { hearEarly, isHeard } from "./early.js";
import { endNativeRing, expectRepark, isNativelyRung } from "./native.js";
import { patchRing, type Ring, ringOf } from "./state.js";
import { ringLosersAgain } from "./stations.js";

const SOUND_TAKEN = "call-taken";

/**
 * How often the switch is asked about a caller who does not come back to park after a bridge that failed. Then the step goes
 * on in any case: it must end even if the switch never shows the caller parked.
 */
const REPARKS_MAX = 10;
/** Runs of the connect timer after which the winner is given up, as soon as the switch shows that there is no bridge. */
const WAITS_MAX = CONNECT_MS / CONNECT_TONE_MS;
/** How long the event of the winner's end may take after the caller's parking, before the switch is asked. */
const WINNER_NEWS_MS = 300;
/** How long telling a loser may take. */
const TAKEN_MS = 6_000;

/** Makes a leg that may be connected the winner, unless another one already is: then it stands by. */
export function tryWin(turn: Turn, id: string): void {
  if (ringOf(turn)?.winner !== null) return;
  const isNative = turn.leg(id)?.native === true;
  // The switch connects a leg that it rings itself, and answers the caller.
  patchRing(turn, { winner: id, bridging: isNative, waits: 0 });
  turn.arm("connect", turn.atMs + CONNECT_TONE_MS);
  // Until the call is claimed, nothing is done to the caller.
  if (isNative || turn.state.caller.asked) return;
  prepareCaller(turn, id);
  endNativeRing(turn);
  connect(turn);
}

function prepareCaller(turn: Turn, winner: string): void {
  stopRingback(turn);
  const codec = codecForCaller(turn, winner);
  if (codec !== null) {
    turn.emit({ type: "guard_caller", codec });
    turn.patchCaller({ guarded: true });
  }
  if (turn.state.caller.media === "answered") return;
  turn.emit({ type: "answer_caller" });
  turn.patchCaller({ media: "answered" });
}

/**
 * After an inspection that shows winner and caller not bridged. Commands may have been lost with the connection, or an
 * event was lost: what may be missing is done again.
 */
export function reconnect(turn: Turn): void {
  const winner = ringOf(turn)?.winner ?? null;
  if (winner === null) return;
  turn.arm("connect", turn.atMs + CONNECT_TONE_MS);
  // The time for connecting is over, and the switch has shown just now that no bridge is being made. One that is being made
  // may stand by now, so it gets as much time again.
  const waits = ringOf(turn)?.waits ?? 0;
  if (waits >= 2 * WAITS_MAX || (waits >= WAITS_MAX && turn.state.caller.parked)) {
    giveUpWinner(turn, winner, "no bridge in time");
    return;
  }
  // Neither parked nor bridged: the bridge is being made, and its event is on the way.
  if (!turn.state.caller.parked) {
    if (turn.leg(winner)?.native !== true) endNativeRing(turn);
    return;
  }
  if (turn.leg(winner)?.native === true) {
    giveUpWinner(turn, winner, "no bridge in time");
    return;
  }
  patchRing(turn, { bridging: false });
  if (turn.leg(winner)?.parked !== true && turn.state.caller.media === "answered") {
    // The winner is slow to park. A caller who was answered must not hear silence meanwhile.
    ensureRingback(turn);
    return;
  }
  prepareCaller(turn, winner);
  connect(turn);
}

/** Asks for the bridge as soon as both sides are parked. */
export function connect(turn: Turn): void {
  const ring = ringOf(turn);
  if (ring === undefined || ring.winner === null || ring.bridging || turn.state.caller.asked) return;
  if (!turn.state.caller.parked || turn.leg(ring.winner)?.parked !== true) return;
  patchRing(turn, { bridging: true });
  // The answer may have been lost with the connection; a bridge without media would destroy both.
  if (turn.state.caller.media === "answered") stopRingback(turn);
  else prepareCaller(turn, ring.winner);
  // The step's beginning set the guard; a bridge that failed since then has used it up.
  if (!turn.state.caller.guarded) turn.emit({ type: "guard_caller", codec: null });
  turn.patchCaller({ parked: false, guarded: true });
  turn.emit({ type: "bridge", leg: ring.winner });
}

type BridgeInput = Extract<Input, { type: "bridged" | "bridge_refused" | "caller_parked" }>;

export function connecting(turn: Turn, ring: Ring, input: BridgeInput): boolean {
  switch (input.type) {
    case "bridged":
      if (isHeard(turn, input.leg)) return true;
      // Of several phones that answer in one instant, the switch chooses among those that it rings itself.
      if (ring.winner === input.leg || isNatively(turn, input.leg)) connected(turn, input.leg);
      else {
        // A bridge that comes after its winner was given up: the kill under way ends it, and the caller parks again. The
        // switch has answered the caller, who would hear nothing from then on without our tone.
        turn.patchCaller({ parked: false, media: "answered" });
        expectRepark(turn);
      }
      return true;
    case "bridge_refused":
      // No such command is sent while the switch rings phones.
      if (ring.native) return true;
      if (ring.early?.leg === input.leg && ring.winner === null) {
        // The leg is gone, and its event is on the way.
        turn.patchLeg(input.leg, { parked: false });
        callerParked(turn, ring);
        return true;
      }
      if (ring.winner !== input.leg || !ring.bridging) {
        // The event of the winner's end came first. The refusal proves that the caller never left park.
        if (!turn.state.caller.parked && !ring.bridging) callerParked(turn, ring);
        return true;
      }
      turn.patchCaller({ parked: true });
      giveUpWinner(turn, input.leg, "bridge refused");
      return true;
    case "caller_parked":
      if (input.transferredTo !== null || input.handsOver !== undefined) {
        const leg = talkedWith(turn, ring, input);
        if (leg !== undefined) return connectedUnseen(turn, leg, input);
      }
      callerParked(turn, ring);
      return true;
  }
}

function isNatively(turn: Turn, id: string): boolean {
  const leg = turn.leg(id);
  return leg !== undefined && isNativelyRung(leg);
}

/**
 * The leg with which the caller has talked when one of the two phones transfers the other: the channel that the
 * switch names, or the winner of whom the call knows. The switch connects a leg that it rings itself, so an engine that
 * takes the call over may know of no winner: then the leg that came furthest, the only one if one phone was rung.
 */
export function talkedWith(
  turn: Turn,
  { winner }: Ring,
  { transferredBy, handsOver }: { readonly transferredBy?: string; readonly handsOver?: string },
): Leg | undefined {
  return turn.leg(handsOver ?? transferredBy ?? "") ?? turn.leg(winner ?? "") ?? furthestNative(turn);
}

function furthestNative(turn: Turn): Leg | undefined {
  const legs = turn.state.legs.filter(isNativelyRung);
  const inPhase = (phase: Leg["phase"]) => legs.find((leg) => leg.phase === phase);
  return inPhase("answered") ?? inPhase("ringing") ?? legs[0];
}

/**
 * The event of the bridge was lost, with the connection or with an engine, and one of the two was transferred since. Only
 * parties who talk can be transferred, so the bridge stood.
 */
export function connectedUnseen(turn: Turn, { id }: Leg, input: Input): boolean {
  connected(turn, id);
  const { phase } = turn.state;
  return phase.kind === "connected" && connectedRun.handle(turn, phase, input);
}

function callerParked(turn: Turn, ring: Ring): void {
  turn.patchCaller({ parked: true, guarded: false, ringback: false });
  patchRing(turn, { native: false, early: null });
  turn.disarm("repark");
  if (ring.native) ringLosersAgain(turn, ring);
  if (ring.winner === null) {
    if (ring.early === null) hearEarly(turn);
    ensureRingback(turn);
    turn.goOn = { kind: "check_phase" };
  } else if (ring.bridging) {
    // The bridge failed. The winner has most likely ended, and its event is on the way.
    turn.arm("connect", turn.atMs + WINNER_NEWS_MS);
  } else connect(turn);
}

function giveUpWinner(turn: Turn, id: string, why: string): void {
  const leg = turn.leg(id);
  if (leg === undefined) return;
  turn.killLeg(id, "NORMAL_CLEARING");
  winnerLost(turn, leg, why);
  turn.goOn = { kind: "check_phase" };
}

/** The leg that the caller hears has answered: the switch answers the caller, and the two talk. */
export function earlyAnswered(turn: Turn, id: string): void {
  if (ringOf(turn)?.early?.stands === true) {
    connected(turn, id);
    return;
  }
  patchRing(turn, { winner: id, bridging: true, waits: 0 });
  turn.arm("connect", turn.atMs + CONNECT_TONE_MS);
}

/** The winner is not connected yet. */
export function connectTimedOut(turn: Turn, ring: Ring): void {
  if (ring.winner === null) return;
  turn.arm("connect", turn.atMs + CONNECT_TONE_MS);
  if (ring.bridging && turn.state.caller.parked) {
    // The bridge has failed, unless the event of the parking was late and belongs to a bridge before this one: then the two
    // may talk by now, and the switch knows.
    patchRing(turn, { waits: Math.max(ring.waits, WAITS_MAX) });
    turn.emit({ type: "inspect" });
    return;
  }
  const waits = Math.min(ring.waits + 1, 2 * WAITS_MAX);
  patchRing(turn, { waits });
  ensureRingback(turn);
  // Once the time is over, the switch is asked until it answers.
  if (waits >= WAITS_MAX || (waits * CONNECT_TONE_MS) % CONNECT_INSPECT_MS === 0)
    turn.emit({ type: "inspect" });
}

/** The winner ended before the bridge stood. Another leg that has accepted wins; else the other phones ring on. */
export function winnerLost(turn: Turn, leg: Leg, cause: string): void {
  turn.note({ kind: "winner_lost", ...named(leg), cause });
  nextWinner(turn);
}

/** Another leg that was answered and may be connected takes the winner's place, if there is one. */
export function nextWinner(turn: Turn): void {
  turn.disarm("connect");
  patchRing(turn, { winner: null, bridging: false, waits: 0 });
  if (!turn.state.caller.parked && ringOf(turn)?.native !== true) expectRepark(turn);
  const standby = turn.state.legs.find((other) => other.phase === "answered" && other.accepted);
  if (standby !== undefined) tryWin(turn, standby.id);
  else ensureRingback(turn);
}

/**
 * The event of the caller's parking did not come in time. It may be lost, or the switch may be slow: another bridge asked
 * for before the caller is parked may end both legs. So the switch is asked.
 */
export function reparkTimedOut(turn: Turn, ring: Ring): void {
  if (ring.winner !== null) return; // The connect timer asks.
  // As long as the switch rings phones, nothing can be done for the caller.
  if (ring.native || ring.waits < REPARKS_MAX) {
    if (!ring.native) patchRing(turn, { waits: ring.waits + 1 });
    expectRepark(turn);
    turn.emit({ type: "inspect" });
    return;
  }
  turn.patchCaller({ parked: true, guarded: false });
  ensureRingback(turn);
  turn.goOn = { kind: "check_phase" };
}

function connected(turn: Turn, id: string): void {
  const winner = turn.leg(id);
  if (winner === undefined) return;
  const wasGuarded = turn.state.caller.guarded;
  turn.disarmWhere((timer) => !outlivesStep(timer));
  // A leg we killed during an outage may have been bridged: keep it.
  turn.disarm(legTimer("kill", id));
  turn.patchLeg(id, { phase: "answered" });
  turn.patchCaller({ parked: false, guarded: false, media: "answered" });
  turn.patch({ answeredBy: winner.who });
  transferTaken(turn, true);
  turn.note({ kind: "connected", ...named(winner) });
  // A caller for whom nothing but the switch has rung is as a connected caller should be.
  if (!winner.native || wasGuarded) turn.emit({ type: "unguard_caller" });
  if (turn.world.office.user(winner.who) !== undefined)
    turn.emit({ type: "remember_answered", username: winner.who });
  for (const leg of turn.state.legs) {
    if (leg.id === id || !isActive(leg)) continue;
    // The switch itself ends those that it rings.
    if (leg.native) turn.expectEnd(leg.id, LOSE_RACE);
    else release(turn, leg);
  }
  turn.enter({ kind: "connected", leg: id, looks: 0, who: null });
}

/** Ends a leg that lost. A leg that hears the prompt is told that another phone took the call. */
function release(turn: Turn, leg: Leg): void {
  if (leg.phase !== "deciding" && !(leg.phase === "answered" && leg.prompts > 0)) {
    turn.killLeg(leg.id, LOSE_RACE);
    return;
  }
  const playId = turn.playId();
  turn.emit({ type: "stop_playing", channel: leg.id });
  turn.emit({ type: "play", channel: leg.id, playId, sounds: [SOUND_TAKEN] });
  turn.patchLeg(leg.id, { phase: "releasing", prompting: false, playId });
  turn.arm(legTimer("taken", leg.id), turn.atMs + TAKEN_MS);
}
