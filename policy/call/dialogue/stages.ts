/**
 * The steps that dialogues are made of: say something, ask the mailbox, record the caller. Each enters a stage and arms
 * the clock that ends it whatever else happens, so that no caller is left in silence.
 */
import type { SilenceLevel } from "../../mailbox/silence.js";
import { ANNOUNCE_MAX_MS, ANSWER_MS, RECORD_EXTRA_MS } from "../bounds.js";
import type { Ask, MailboxQuestion } from "../mailbox-requests.js";
import { SOUND_BEEP } from "../sounds.js";
import type { Turn } from "../turn.js";
import { endCheck } from "./recording-check.js";
import type { DialogueState } from "./state.js";

/** Puts the state of a dialogue into the call's phase. */
export type Enter<S> = (turn: Turn, state: S) => void;

/** Enters a stage. The clocks of the stage before end; the new one arms its own. */
export function enterStage<S>(turn: Turn, enter: Enter<S>, state: S): void {
  turn.disarm("say");
  turn.disarm("answer");
  turn.disarm("record");
  endCheck(turn);
  enter(turn, state);
}

/** Stops what the caller hears, because a key was pressed. Comes before whatever the key does. */
export function stopSound(turn: Turn): void {
  turn.emit({ type: "stop_playing", channel: turn.state.id });
}

/**
 * Plays to the caller; the stage goes on when they have heard it.
 * @param maxMs after so long it counts as heard
 */
export function say<S extends DialogueState>(
  turn: Turn,
  enter: Enter<S>,
  state: S,
  sounds: readonly string[],
  maxMs = ANNOUNCE_MAX_MS,
): void {
  const playId = turn.playId();
  enterStage(turn, enter, { ...state, playId });
  turn.arm("say", turn.atMs + maxMs);
  // Saved before the sound plays: an engine that takes over may repeat the stage, and never skips it.
  turn.emit({ type: "save", guard: false });
  turn.emit({ type: "play", channel: turn.state.id, playId, sounds });
  if (turn.state.caller.media === "none") turn.patchCaller({ media: "early" });
}

/** The question was heard: the caller may think for a while. */
export function thinkFor(turn: Turn, ms: number): void {
  turn.arm("say", turn.atMs + ms);
}

/**
 * Asks the mailbox; the stage goes on with the answer. The state entered must give the same question again.
 * @param isSaved false: an engine that takes over finds the stage before, and comes here again
 */
export function askMailbox<S>(
  turn: Turn,
  enter: Enter<S>,
  state: S,
  question: MailboxQuestion,
  isSaved = true,
): void {
  enterStage(turn, enter, state);
  turn.arm("answer", turn.atMs + ANSWER_MS);
  if (isSaved) turn.emit({ type: "save", guard: false });
  turn.emit({ type: "ask", ...question });
}

/**
 * Asks again: the question or its answer may have been lost with the connection, or with the engine that asked. The
 * mailbox has its whole time again. The time before was spent without an engine, and must not count against a caller.
 */
export function askAgain(turn: Turn, question: MailboxQuestion, answerMs = ANSWER_MS): void {
  turn.arm("answer", turn.atMs + answerMs);
  turn.emit({ type: "ask", ...question });
}

/** Asks the mailbox for something that no stage waits for. */
export function inform(turn: Turn, ask: Ask, id = turn.playId()): void {
  turn.emit({ type: "ask", id, ask });
}

export interface RecordingLimits {
  readonly limitMs: number;
  /** So much silence ends the recording; null: none does. */
  readonly silenceMs: number | null;
  readonly silenceLevel: SilenceLevel;
}

/**
 * Queues tone and recording on the switch together, so that nothing lies between them.
 * @param playId of the recording @param message names its file
 */
export function queueRecording(turn: Turn, playId: string, message: string, limits: RecordingLimits): void {
  turn.emit({ type: "play", channel: turn.state.id, playId: turn.playId(), sounds: [SOUND_BEEP] });
  turn.emit({ type: "record", playId, message, ...limits });
}

/**
 * The caller speaks from now on. The switch ends the recording at its limit; the timer is for the case that it does
 * not.
 */
export function armRecordingClock(turn: Turn, limitMs: number): void {
  turn.arm("record", turn.atMs + limitMs + RECORD_EXTRA_MS);
}
