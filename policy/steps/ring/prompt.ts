/**
 * The accept prompt: what an answered leg hears before it is connected. 1 accepts, 2 declines this leg,
 * 3 sends the caller to the next step where the step allows it; any other key repeats the prompt, at
 * most twice; silence until the decision clock ends, or hanging up, ends this leg alone. A machine that
 * answers a mobile presses nothing, so it never gets the call.
 */

import { DECIDE_MS, PROMPT_REPEATS_MAX } from "../../call/bounds.js";
import type { Input } from "../../call/input.js";
import { isActive, named } from "../../call/legs.js";
import type { Leg } from "../../call/state.js";
import { isOfStation, legTimer } from "../../call/timers.js";
import type { Turn } from "../../call/turn.js";
import { SPOKEN_DIGITS_MAX, spokenCaller, spokenDigits } from "../../mailbox/spoken.js";
import { tryWin } from "./connecting.js";
import { rollOver, TIME_OVER } from "./roll-over.js";
import { patchRing, type Ring, ringOf } from "./state.js";

export function waitForDecision(turn: Turn, id: string): void {
  turn.arm(legTimer("decide", id), turn.atMs + DECIDE_MS);
}

/**
 * Begins the prompt. Digits pressed before it are in the switch's queue and would be read as an answer
 * (switch_channel.c:641-678), so the queue is emptied, and none counts before the prompt is heard to play.
 */
export function beginPrompt(turn: Turn, id: string): void {
  const leg = turn.leg(id);
  if (leg === undefined) return;
  turn.note({ kind: "deciding", ...named(leg) });
  turn.emit({ type: "flush_digits", channel: id });
  playPrompt(turn, leg);
}

/** Plays the prompt, for the first time or again. Keys count in the pause before a repetition, too. */
function playPrompt(turn: Turn, leg: Leg): void {
  const playId = turn.playId();
  turn.patchLeg(leg.id, { phase: "deciding", prompts: leg.prompts + 1, playId });
  turn.emit({ type: "play", channel: leg.id, playId, sounds: promptSounds(turn) });
}

export function repeatPrompt(turn: Turn, id: string): void {
  const leg = turn.leg(id);
  if (leg !== undefined && leg.prompts <= PROMPT_REPEATS_MAX) playPrompt(turn, leg);
}

/** "Call for 1-0-1 from 2-1-2-…: press 1 to accept, 2 to decline." Digits are spoken one by one. */
function promptSounds(turn: Turn): readonly string[] {
  const { caller } = turn.state;
  return [
    "call-for",
    ...spokenDigits(calledName(turn)).slice(0, SPOKEN_DIGITS_MAX),
    "from",
    ...spokenCaller(caller.number),
    ringOf(turn)?.step.skip === true ? "press-1-2-or-3" : "press-1-to-accept",
  ];
}

/** The group's extension, by which its members know it; else the number called. */
function calledName(turn: Turn): string {
  const target = ringOf(turn)?.step.target;
  const group = target?.kind === "group" ? turn.world.office.group(target.id) : undefined;
  return group?.extension ?? turn.state.caller.called;
}

type PromptInput = Extract<Input, { type: "digit" | "play_began" | "played" }>;

export function deciding(turn: Turn, ring: Ring, input: PromptInput): boolean {
  switch (input.type) {
    case "play_began": {
      const leg = turn.leg(input.channel);
      if (leg?.phase === "deciding") turn.patchLeg(leg.id, { prompting: true });
      return true;
    }
    case "played": {
      // No key was pressed: repeat the prompt, within the same bound as after a wrong key.
      const leg = turn.state.legs.find((l) => l.phase === "deciding" && l.playId === input.playId);
      if (leg !== undefined) repeatPrompt(turn, leg.id);
      return true;
    }
    case "digit":
      return digit(turn, ring, input.channel, input.digit);
  }
}

function digit(turn: Turn, ring: Ring, channel: string, key: string): boolean {
  const leg = turn.leg(channel);
  if (leg === undefined || leg.phase !== "deciding" || !leg.prompting) return true;
  turn.emit({ type: "stop_playing", channel });
  if (key === "1") {
    turn.note({ kind: "accepted", ...named(leg) });
    turn.disarm(legTimer("decide", channel));
    turn.patchLeg(channel, { phase: "answered", accepted: true, prompting: false });
    tryWin(turn, channel);
  } else if (key === "2") {
    turn.note({ kind: "declined", ...named(leg) });
    turn.killLeg(channel, "CALL_REJECTED");
    turn.goOn = { kind: "check_phase" };
  } else if (
    key === "3" &&
    ring.step.skip &&
    ring.winner === null &&
    (turn.state.caller.parked || ring.native)
  ) {
    if (turn.state.caller.parked) rollOver(turn, "skipped");
    else skipWhenParked(turn, ring);
  } else {
    repeatPrompt(turn, channel);
  }
  return true;
}

/** The caller is where the switch rings phones, and parks when it rings none any more. Then the step is over. */
function skipWhenParked(turn: Turn, ring: Ring): void {
  patchRing(turn, { skipped: true, clockEnded: true, phases: ring.phases.map(() => "closed") });
  turn.disarmWhere((id) => id === "slot" || isOfStation(id));
  for (const leg of turn.state.legs) if (isActive(leg)) turn.killLeg(leg.id, TIME_OVER);
  turn.goOn = { kind: "check_phase" };
}
