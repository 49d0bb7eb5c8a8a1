/**
 * The life of a call, as a pure function: `(state, input) -> {state, commands}`. Inputs that come too late or are about
 * unknown legs are handled here; all others by the phase that the call is in.
 */

import { askedInput, awaitClaim, beginAsked } from "./asked.js";
import { KILLS_BEFORE_GONE, KILLS_MAX } from "./bounds.js";
import { arrivedState, beginClaim } from "./claiming.js";
import type { Command } from "./command.js";
import { hangUp } from "./ending.js";
import { finish } from "./finish.js";
import type { Arrival, Input } from "./input.js";
import { violations } from "./invariants.js";
import { isActive, LOSE_RACE } from "./legs.js";
import { listenAt } from "./mailbox-session/session.js";
import { phaseRun } from "./phases.js";
import { beginRecall } from "./recalling.js";
import type { CallState, Leg } from "./state.js";
import { legTimer, parseTimer, type TimerId } from "./timers.js";
import { hop, nextStep, startFlow } from "./transitions.js";
import { type GoOn, Turn } from "./turn.js";
import type { World } from "./world.js";

export interface Outcome {
  readonly state: CallState;
  readonly commands: readonly Command[];
}

/** A call that has just parked on the switch. */
export function begin(arrival: Arrival, world: World): Outcome {
  const turn = new Turn(arrivedState(arrival, world), world, arrival.atMs);
  beginClaim(turn);
  return finishTurn(turn);
}

/**
 * A call about which the switch asks what to do. If phones ring at once, that is the answer. Anything else waits until the
 * caller has parked: only then the switch has claimed the call, and commands can be sent to the caller.
 */
export function beginByQuestion(arrival: Arrival, world: World): Outcome {
  const turn = new Turn(arrivedState({ ...arrival, asked: true }, world), world, arrival.atMs);
  beginAsked(turn);
  const waits = turn.state;
  const waiting = [...turn.commands];
  turn.isAnswer = true;
  // A phone may transfer somebody to whoever it is calling (RFC 3891). While phones ring in a `bridge`, the switch does that
  // otherwise: the one takes the other's place there.
  turn.mayRingNatively = arrival.origin.kind === "carrier";
  turn.patchCaller({ parked: true });
  turn.goOn = { kind: "start_flow", source: turn.state.flow.source };
  followAll(turn);
  if (turn.state.phase.kind !== "ringing") return { state: waits, commands: waiting };
  awaitClaim(turn);
  return finishTurn(turn);
}

/**
 * What an input does to a call.
 * @throws Error when the state that results breaks a rule of `invariants.ts`: our own mistake
 */
export function step(state: CallState, input: Input, world: World): Outcome {
  const turn = new Turn(state, world, input.atMs);
  if (state.phase.kind === "ended") late(turn, input);
  else if (input.type === "timer") timer(turn, input);
  else if (!isAboutClaim(turn, input) && !stray(turn, input)) dispatch(turn, input);
  return finishTurn(turn);
}

/** A timer that is not armed any more is counted, and changes nothing. */
function timer(turn: Turn, input: Extract<Input, { type: "timer" }>): void {
  if (!turn.isArmed(input.id)) {
    turn.patch({ staleTimers: turn.state.staleTimers + 1 });
    return;
  }
  turn.disarm(input.id);
  if (!isAboutClaim(turn, input) && !strayTimer(turn, input.id)) dispatch(turn, input);
}

function isAboutClaim(turn: Turn, input: Input): boolean {
  return turn.state.caller.asked && askedInput(turn, input);
}

function late(turn: Turn, input: Input): void {
  // After the end of a call, channels still end and digits still arrive.
  if (input.type === "timer") turn.patch({ staleTimers: turn.state.staleTimers + 1 });
}

/**
 * Handles events of legs that no step waits for any more, and of legs that are not in the state. False: it was none.
 */
function stray(turn: Turn, input: Input): boolean {
  switch (input.type) {
    case "leg_ringing":
    case "leg_answered":
    case "leg_parked":
    case "leg_ended": {
      const leg = turn.leg(input.leg);
      if (leg === undefined) {
        turn.note({ kind: "late", input: input.type });
        // The call gave this leg up as lost, but the switch has it: end it.
        if (input.type !== "leg_ended")
          turn.emit({ type: "kill", channel: input.leg, cause: "NORMAL_CLEARING" });
        return true;
      }
      return strayLeg(turn, leg, input.type === "leg_ended");
    }
    case "played": {
      const leg = turn.state.legs.find((l) => l.phase === "releasing" && l.playId === input.playId);
      if (leg === undefined) return false;
      turn.disarm(legTimer("taken", leg.id));
      turn.killLeg(leg.id, LOSE_RACE);
      return true;
    }
    case "resync":
      killUnknown(turn, input);
      return false;
    default:
      return false;
  }
}

function strayLeg(turn: Turn, leg: Leg, gone: boolean): boolean {
  // A phone may hang up as soon as it has transferred the caller; its parking is what holds it until then.
  if (leg.phase === "transferring" && !gone) return true;
  if (leg.phase !== "transferring" && leg.phase !== "killed" && leg.phase !== "releasing") return false;
  if (gone) {
    turn.removeLeg(leg.id);
    turn.goOn = { kind: "check_phase" };
  } else if (leg.phase === "killed") {
    // The kill came before the switch had made the channel, and was lost: kill the channel now.
    turn.killLegAgain(leg);
  }
  return true;
}

function strayTimer(turn: Turn, id: TimerId): boolean {
  const timer = parseTimer(id);
  if (timer.kind === "taken") {
    turn.killLeg(timer.leg, LOSE_RACE);
    return true;
  }
  const leg = timer.kind === "kill" ? turn.leg(timer.leg) : undefined;
  if (leg === undefined) return false;
  if (leg.kills < KILLS_MAX) turn.killLegAgain(leg);
  else {
    turn.note({ kind: "bound_reached", bound: `kills of one leg: ${KILLS_MAX}` });
    turn.removeLeg(leg.id);
    turn.goOn = { kind: "check_phase" };
  }
  return true;
}

/** Kills the legs that the switch still has and the call no longer knows; forgets those of which neither is left. */
function killUnknown(turn: Turn, input: Extract<Input, { type: "resync" }>): void {
  for (const live of input.legs)
    if (live.isCaller === true) {
      // Whoever was transferred outlives the caller who had called them.
      if (input.caller === null) turn.removeLeg(live.id);
    } else if (turn.leg(live.id) === undefined && live.id !== input.caller?.bridgedTo)
      turn.emit({ type: "kill", channel: live.id, cause: "NORMAL_CLEARING" });
  for (const leg of turn.state.legs) {
    // A leg that was only just dialled may appear yet, even if it was killed before the switch had made its channel.
    const isNew = leg.phase === "dialing" || (leg.phase === "killed" && leg.kills < KILLS_BEFORE_GONE);
    const mayCome = isNew && !leg.parked && leg.codec === null;
    // Without a caller, no step waits for the leg's end.
    const isOver = input.caller === null || !isActive(leg);
    if (!mayCome && isOver && !input.legs.some((l) => l.id === leg.id)) turn.removeLeg(leg.id);
  }
}

/** Inputs that are no late events, in a phase that has no use for them: they may come at any time. */
const OF_COURSE: ReadonlySet<Input["type"]> = new Set<Input["type"]>([
  "digit",
  "play_began",
  "contacts_changed",
  "answer_unknown",
  // Voicemail has done what it was asked; the call has gone on meanwhile.
  "answered",
]);

function dispatch(turn: Turn, input: Input): void {
  const { phase } = turn.state;
  if (!phaseRun(phase.kind).handle(turn, phase, input) && !OF_COURSE.has(input.type))
    turn.note({ kind: "late", input: input.type });
}

/** Follows `turn.goOn` until the call waits. That ends, since a flow visits each step once and hops are bounded. */
function followAll(turn: Turn): void {
  for (let goOn = turn.goOn; goOn !== null; goOn = turn.goOn) {
    turn.goOn = null;
    follow(turn, goOn);
  }
}

function finishTurn(turn: Turn): Outcome {
  followAll(turn);
  saveDialled(turn);
  const broken = violations(turn.state);
  if (broken.length > 0) throw new Error(`call ${turn.state.id}: ${broken.join("; ")}`);
  return { state: turn.state, commands: turn.commands };
}

function follow(turn: Turn, goOn: GoOn): void {
  switch (goOn.kind) {
    case "start_flow":
      startFlow(turn, goOn.source);
      return;
    case "hop":
      hop(turn, goOn.source);
      return;
    case "recall":
      beginRecall(turn, goOn.why);
      return;
    case "hang_up":
      hangUp(turn, goOn.reason);
      return;
    case "next_step":
      nextStep(turn);
      return;
    case "check_phase":
      phaseRun(turn.state.phase.kind).checkOver?.(turn);
      return;
    case "listen":
      listenAt(turn, goOn.box);
      return;
    case "finish":
      finish(turn, goOn.ending);
      return;
  }
}

/** An engine that takes the call over must know every leg: a leg that it does not know would ring on. */
function saveDialled(turn: Turn): void {
  const has = (type: Command["type"]) => turn.commands.some((command) => command.type === type);
  if (has("dial") && !has("save")) turn.emit({ type: "save", guard: false });
}
