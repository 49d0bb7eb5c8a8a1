/**
 * Finds out whether a recording has ended without an event, or never begun, after the connection to the switch was lost.
 * An inspection of the caller's channel may be older than our command to record, which may still be on its way; and
 * between a greeting, the tone and the recording lie up to 20 ms each in which the switch shows nothing. Several
 * inspections may fall into several of these gaps, and believing them would throw a running recording away. So after
 * three that show nothing, the switch is told to stop whatever plays or records and to drop what is queued. Once it has
 * confirmed that and still shows nothing, there is no recording. If there was one after all, its own event tells.
 *
 * Whether an announcement has ended is found out in a similar way. Two inspections are enough: a sound has one gap, before
 * it begins.
 */
import { INSPECTION_MS, QUIET_AGAIN_MS, RECORD_BEGINS_MS } from "../bounds.js";
import type { Input } from "../input.js";
import type { Turn } from "../turn.js";

type Resync = Extract<Input, { type: "resync" }>;

/** An inspection that shows the caller's channel. */
export type Shown = Resync & { readonly caller: NonNullable<Resync["caller"]> };

export function showsCaller(input: Resync): input is Shown {
  return input.caller !== null;
}

/** Whether the recording is over or was never begun. As long as that is not known, the switch is asked again. */
export function checkRecording(turn: Turn, { caller, isStopped }: Shown): boolean {
  if (caller.recording === true) {
    endCheck(turn);
    return false;
  }
  if (caller.playing) {
    checkLater(turn);
    return false;
  }
  if (isStopped === true) return true;
  if (isAnswer(turn, "quiet")) askSwitch(turn, "quiet", true);
  else if (isAnswer(turn, "check")) {
    turn.disarm("check");
    turn.arm("quiet", turn.atMs + QUIET_AGAIN_MS);
  } else if (!turn.isArmed("quiet")) turn.arm("check", turn.atMs + RECORD_BEGINS_MS);
  return false;
}

/** Whether an announcement has ended, of whose end no event has come. As long as that is not known, the switch is asked again. */
export function checkSound(turn: Turn, { caller }: Shown): boolean {
  if (caller.playing) endCheck(turn);
  else if (isAnswer(turn, "check")) return true;
  else checkLater(turn);
  return false;
}

/** Whether this inspection was asked for by {@link askSwitch}: only that leaves the timer due between these two. */
function isAnswer(turn: Turn, timer: "check" | "quiet"): boolean {
  return turn.isDueAfter(timer, RECORD_BEGINS_MS) && !turn.isDueAfter(timer, INSPECTION_MS);
}

/** The check begins from its start, a moment later. */
function checkLater(turn: Turn): void {
  turn.disarm("quiet");
  turn.arm("check", turn.atMs + RECORD_BEGINS_MS);
}

export function endCheck(turn: Turn): void {
  turn.disarm("check");
  turn.disarm("quiet");
}

/**
 * Something plays after the connection was lost. It may be the sound before the one we wait for, whose command was
 * lost: when the sound has had its time, the switch is asked.
 */
export function checkAfterSound(turn: Turn): void {
  turn.disarm("quiet");
  turn.arm("check", turn.state.timers["say"] ?? turn.atMs);
}

/**
 * Another sound than the one we wait for has ended, such as the tone. If a check is under way, the next inspections
 * decide: what follows is the recording, or nothing.
 */
export function checkAfterOtherSound(turn: Turn): void {
  if (isBeingChecked(turn)) checkLater(turn);
}

export function isBeingChecked(turn: Turn): boolean {
  return turn.isArmed("check") || turn.isArmed("quiet");
}

/** Asks the switch; without an answer soon, it is asked again. */
export function askSwitch(turn: Turn, timer: "check" | "quiet", stopFirst = false): void {
  turn.arm(timer, turn.atMs + INSPECTION_MS);
  turn.emit(stopFirst ? { type: "inspect", stopFirst } : { type: "inspect" });
}
