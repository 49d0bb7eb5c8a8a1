/**
 * What a look at the switch says of a recording. Between the command and the recording lie the way there, the tone, and
 * up to 20 ms in which the switch shows nothing of either: a look in that time proves nothing, and what it seems to
 * prove would throw a message away.
 */
import { RECORD_BEGINS_MS, RECORD_EXTRA_MS, TONE_TO_RECORD_MS } from "../bounds.js";
import type { Input } from "./input.js";
import type { Turn } from "./turn.js";

type LiveCaller = NonNullable<Extract<Input, { type: "resync" }>["caller"]>;

/**
 * Whether a recording of at most `limitMs`, whose clock `record` runs, has ended unheard or never begun. As long as
 * nobody knows it is looked again.
 */
export function isOver(turn: Turn, caller: LiveCaller, limitMs: number): boolean {
  if (caller.recording === true) {
    turn.disarm("look");
    return false;
  }
  const askedMs = (turn.state.timers["record"] ?? turn.atMs) - limitMs - RECORD_EXTRA_MS;
  if (!caller.playing && turn.atMs - askedMs > RECORD_BEGINS_MS) return true;
  turn.arm("look", turn.atMs + RECORD_BEGINS_MS);
  return false;
}

/** The tone was heard: what follows it is the recording, or nothing. */
export function toneHeard(turn: Turn): void {
  if ("look" in turn.state.timers) turn.arm("look", turn.atMs + TONE_TO_RECORD_MS);
}

/** The switch is asked; unless it shows a recording, it will be asked again. */
export function lookAtRecording(turn: Turn): void {
  turn.arm("look", turn.atMs + RECORD_BEGINS_MS);
  turn.emit({ type: "look" });
}
