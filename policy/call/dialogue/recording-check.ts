/**
 * Finds out whether a recording has ended without an event, or never begun, after the connection to the switch was lost.
 * An inspection of the caller's channel may be older than our command to record, which may still be on its way; and
 * between that command and the recording lie the tone, and up to 20 ms in which the switch shows neither. Believing such
 * an inspection would throw a message away. So the first one is never believed: a second one is asked for a moment after
 * the first, behind the command on the same connection. A sound that plays is checked in the same way.
 */
import { INSPECTION_MS, RECORD_BEGINS_MS } from "../bounds.js";
import type { Input } from "../input.js";
import type { Turn } from "../turn.js";

export type LiveCaller = NonNullable<Extract<Input, { type: "resync" }>["caller"]>;

/** Whether the recording is over or was never begun. As long as that is not known, the switch is asked again. */
export function checkRecording(turn: Turn, caller: LiveCaller): boolean {
  if (caller.recording === true) {
    turn.disarm("check");
    return false;
  }
  // Only `askSwitch` leaves the timer due between these two: so this inspection is the second one.
  const isSecond = turn.isDueAfter("check", RECORD_BEGINS_MS) && !turn.isDueAfter("check", INSPECTION_MS);
  if (!caller.playing && isSecond) return true;
  turn.arm("check", turn.atMs + RECORD_BEGINS_MS);
  return false;
}

/**
 * Something plays after the connection was lost. It may be the sound before the one we wait for, whose command was
 * lost: when the sound has had its time, the switch is asked.
 */
export function checkAfterSound(turn: Turn): void {
  turn.arm("check", turn.state.timers["say"] ?? turn.atMs);
}

/**
 * Another sound than the one we wait for has ended, such as the tone. If a check is under way, the next inspection
 * decides: what follows is the recording, or nothing.
 */
export function checkAfterOtherSound(turn: Turn): void {
  if (turn.isArmed("check")) turn.arm("check", turn.atMs + RECORD_BEGINS_MS);
}

/** Asks the switch; without an answer soon, it is asked again. */
export function askSwitch(turn: Turn): void {
  turn.arm("check", turn.atMs + INSPECTION_MS);
  turn.emit({ type: "inspect" });
}
