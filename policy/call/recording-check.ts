/**
 * What a look at the switch says of a recording. A look may be older than the command to record, which may still be on
 * its way; and between the command and the recording lie the tone, and up to 20 ms in which the switch shows nothing of
 * either. What such a look seems to prove would throw a message away. So one look is never believed: the next one is
 * asked for after its answer, by the same way as the command, and a moment later. What plays is doubted likewise.
 */
import { LOOK_ANSWER_MS, RECORD_BEGINS_MS } from "./bounds.js";
import type { Input } from "./input.js";
import type { Turn } from "./turn.js";

type LiveCaller = NonNullable<Extract<Input, { type: "resync" }>["caller"]>;

/** Whether a recording has ended unheard or never begun. As long as nobody knows it is looked again. */
export function isOver(turn: Turn, caller: LiveCaller): boolean {
  if (caller.recording === true) {
    turn.disarm("look");
    return false;
  }
  // This look was asked for by an earlier one: its clock was set anew when it was, to no later than its answer is due.
  const isSecond = turn.isDueAfter("look", RECORD_BEGINS_MS) && !turn.isDueAfter("look", LOOK_ANSWER_MS);
  if (!caller.playing && isSecond) return true;
  turn.arm("look", turn.atMs + RECORD_BEGINS_MS);
  return false;
}

/**
 * After the connection was lost something plays, and it may be what came before: the command for what is waited for was
 * lost on the way. It shows when that ends.
 */
export function doubtSound(turn: Turn): void {
  turn.arm("look", turn.state.timers["say"] ?? turn.atMs);
}

/** The tone was heard, or another sound than the one that is waited for: what follows it is the recording, or nothing. */
export function otherHeard(turn: Turn): void {
  if ("look" in turn.state.timers) turn.arm("look", turn.atMs + RECORD_BEGINS_MS);
}

/** The switch is asked; without an answer soon, it will be asked again. */
export function askSwitch(turn: Turn): void {
  turn.arm("look", turn.atMs + LOOK_ANSWER_MS);
  turn.emit({ type: "look" });
}
