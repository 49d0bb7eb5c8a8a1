/**
 * The greeting. Tone and recording are queued behind it on the switch, so that they follow at once however late the
 * engine gets the events, and so that a caller can leave a message even when the engine dies. So from the greeting on,
 * the message's file may hold something.
 */
import { ANNOUNCE_MAX_MS, RECORD_BEGINS_MS } from "../../call/bounds.js";
import {
  checkAfterSound,
  checkRecording,
  isBeingChecked,
  type Shown,
  showsCaller,
} from "../../call/dialogue/recording-check.js";
import { enterStage, stopSound } from "../../call/dialogue/stages.js";
import type { Input } from "../../call/input.js";
import type { RecordedGreeting } from "../../call/mailbox-requests.js";
import { stopRingback } from "../../call/ringback.js";
import type { Turn } from "../../call/turn.js";
import { boxName } from "../../office/box.js";
import { greetingChoices } from "./sounds.js";
import type { LeavingMessage } from "./state.js";
import { armRecording, enter, measure, openMessage, queueTake } from "./takes.js";

/** The mailbox takes a message: its caller is answered and greeted. */
export function greet(turn: Turn, leaving: LeavingMessage, recorded: readonly RecordedGreeting[]): void {
  stopRingback(turn);
  if (turn.state.caller.media !== "answered") {
    turn.emit({ type: "answer_caller" });
    turn.patchCaller({ media: "answered" });
  }
  turn.emit({ type: "prepare_recording" });
  turn.note({ kind: "greeting", box: boxName(leaving.box) });
  sayGreeting(turn, { ...leaving, greetings: greetingChoices(turn, leaving.box, recorded) });
}

/** Says the best greeting that is left. */
export function sayGreeting(turn: Turn, leaving: LeavingMessage): void {
  const [sounds = [], ...greetings] = leaving.greetings;
  const playId = turn.playId();
  const recordId = turn.playId();
  enterStage(turn, enter, { ...leaving, greetings, stage: "greeting", playId, recordId });
  turn.arm("say", turn.atMs + ANNOUNCE_MAX_MS);
  turn.emit({ type: "save", guard: false, recording: true });
  turn.emit({ type: "play", channel: turn.state.id, playId, sounds });
  queueTake(turn, leaving, recordId);
}

/**
 * The greeting's file is missing: the next best is said, so that no caller hears the tone alone. Meanwhile the switch
 * goes on to the tone and records. So the next greeting gets a message of its own, which overwrites nothing.
 */
function nextGreeting(turn: Turn, leaving: LeavingMessage): void {
  const { message, earlier, takes } = leaving;
  stopSound(turn);
  openMessage(turn, { ...leaving, earlier: [message, ...earlier], takes: takes - 1 });
}

/**
 * The greeting is over, and the recording behind it begins. Nothing is saved: an engine that takes over sees that the
 * switch records.
 * @param extraMs the greeting may play for so long yet
 */
function greeted(turn: Turn, leaving: LeavingMessage, recordId: string, extraMs = 0): void {
  const wasChecked = isBeingChecked(turn);
  enterStage(turn, enter, { ...leaving, stage: "recording", playId: recordId, greetings: [] });
  armRecording(turn, leaving, extraMs);
  if (wasChecked) turn.arm("check", turn.atMs + RECORD_BEGINS_MS);
}

/**
 * Handles an input during the greeting; false: the input is handled as in every dialogue. A `#` needs nothing here,
 * since it ends the sound on the switch itself (playback_terminators).
 */
export function duringGreeting(turn: Turn, leaving: LeavingMessage, input: Input): boolean {
  const { playId, recordId, greetings } = leaving;
  if (recordId === null) return false;
  switch (input.type) {
    case "played":
      if (input.playId !== playId) return false;
      if (input.missing === true && greetings.length > 0) nextGreeting(turn, leaving);
      else greeted(turn, leaving, recordId);
      return true;
    case "recorded":
      if (input.playId === recordId) measure(turn, leaving);
      return true;
    case "timer":
      if (input.id !== "say") return false;
      // The greeting may be that long, or the event of its end was lost: then a stop would end the recording.
      greeted(turn, leaving, recordId, ANNOUNCE_MAX_MS);
      return true;
    case "resync":
      if (!showsCaller(input)) return false;
      resync(turn, leaving, recordId, input);
      return true;
    default:
      return false;
  }
}

/** The greeting may still play, or the recording behind it may have begun, or be over. */
function resync(turn: Turn, leaving: LeavingMessage, recordId: string, input: Shown): void {
  // The commands that queue tone and recording may have been lost.
  if (input.caller.playing) checkAfterSound(turn);
  else if (checkRecording(turn, input)) measure(turn, leaving);
  else if (input.caller.recording === true) greeted(turn, leaving, recordId);
}
