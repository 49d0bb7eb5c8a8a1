/**
 * A dialogue with the caller: they hear something, press keys, speak, or wait for an answer of the mailbox. Leaving a
 * message and listening to messages are dialogues. What all of them have in common is here: which inputs mean something
 * at a stage, that every stage is ended by a clock, that a question without a key is put again, and how a dialogue goes
 * on after the connection to the switch was lost.
 *
 * A phase that is a dialogue describes its stages by a {@link Dialogue} and hands its inputs to {@link converse}; it
 * enters its stages by the functions of `stages.ts`.
 */
import { ENTRY_WAIT_MS, MENU_REPEATS_MAX, MENU_WAIT_MS } from "../bounds.js";
import type { Input } from "../input.js";
import type { Answer, MailboxQuestion } from "../mailbox-requests.js";
import type { TimerId } from "../timers.js";
import type { Turn } from "../turn.js";
import {
  askSwitch,
  checkAfterOtherSound,
  checkAfterSound,
  checkRecording,
  type Shown,
  showsCaller,
} from "./recording-check.js";
import { askAgain, stopSound, thinkFor } from "./stages.js";
import type { DialogueState } from "./state.js";

/**
 * What goes on at a stage.
 * - `hears`: the caller hears something to its end; then the dialogue goes on.
 * - `chooses`: a question is put, for a key of a menu.
 * - `types`: a question is put, for several keys, none of which was pressed yet.
 * - `typing`: some of the keys were pressed, and another may follow.
 * - `waits`: the mailbox has been asked something.
 * - `speaks`: the caller is being recorded.
 * - `stops`: what plays and what is recorded is being stopped. The phase itself handles what confirms that, see
 *   `stopping.ts`.
 */
export type Activity = "hears" | "chooses" | "types" | "typing" | "waits" | "speaks" | "stops";

export interface Dialogue<S extends DialogueState> {
  activity(state: S): Activity;
  /** A key of the caller, at any stage. */
  pressed(turn: Turn, state: S, key: string): void;
  /** What played was heard, or has taken too long. `missing`: there is no such file. */
  heard(turn: Turn, state: S, missing: boolean): void;
  /** Puts the question of the stage once more; {@link repeated} counts it. */
  putAgain(turn: Turn, state: S): void;
  /** The caller has pressed no key, though the question was put again, or no further key. */
  keysEnded(turn: Turn, state: S): void;
  /** What the mailbox was asked, at a stage that waits. Asked again, it must be the same. */
  question(state: S): MailboxQuestion | undefined;
  answered(turn: Turn, state: S, question: MailboxQuestion, answer: Answer): void;
  /** The mailbox has not answered in time. */
  unanswered(turn: Turn, state: S, question: MailboxQuestion): void;
  /** The recording has ended. `isLate`: its time is over, but no event of its end has come. */
  recorded(turn: Turn, state: S, isLate: boolean): void;
  /** The caller has hung up. */
  gone(turn: Turn, state: S): void;
}

/** How long a caller may think before they press a key. */
const THINK_MS = { chooses: MENU_WAIT_MS, types: ENTRY_WAIT_MS } as const;

/** What an input does to a dialogue. False: it means nothing here. */
export function converse<S extends DialogueState>(
  dialogue: Dialogue<S>,
  turn: Turn,
  state: S,
  input: Input,
): boolean {
  switch (input.type) {
    case "caller_gone":
      dialogue.gone(turn, state);
      return true;
    case "resync":
      if (showsCaller(input)) resync(dialogue, turn, state, input);
      else dialogue.gone(turn, state);
      return true;
    case "digit":
      if (input.channel === turn.state.id) dialogue.pressed(turn, state, input.digit);
      return true;
    case "answered":
      answered(dialogue, turn, state, input);
      return true;
    case "played":
      if (input.playId !== state.playId) checkAfterOtherSound(turn);
      else played(dialogue, turn, state, input.missing === true);
      return true;
    case "recorded":
      if (input.playId === state.playId && dialogue.activity(state) === "speaks")
        dialogue.recorded(turn, state, false);
      return true;
    case "timer":
      return timer(dialogue, turn, state, input.id);
    default:
      return input.type !== "claimed";
  }
}

function played<S extends DialogueState>(
  dialogue: Dialogue<S>,
  turn: Turn,
  state: S,
  missing: boolean,
): void {
  const activity = dialogue.activity(state);
  if (activity === "hears") dialogue.heard(turn, state, missing);
  else if (activity === "chooses" || activity === "types") thinkFor(turn, THINK_MS[activity]);
}

function answered<S extends DialogueState>(
  dialogue: Dialogue<S>,
  turn: Turn,
  state: S,
  { id, answer }: Extract<Input, { type: "answered" }>,
): void {
  const question = dialogue.question(state);
  if (question !== undefined && question.id === id) dialogue.answered(turn, state, question, answer);
}

/** The clock of the stage has run out, or the switch is to be asked about a recording. */
function timer<S extends DialogueState>(dialogue: Dialogue<S>, turn: Turn, state: S, id: TimerId): boolean {
  switch (id) {
    case "check":
    case "quiet":
      askSwitch(turn, id);
      return true;
    case "say":
      return sayTimer(dialogue, turn, state);
    case "answer": {
      const question = dialogue.question(state);
      if (question !== undefined) dialogue.unanswered(turn, state, question);
      return question !== undefined;
    }
    case "record":
      if (dialogue.activity(state) !== "speaks") return false;
      dialogue.recorded(turn, state, true);
      return true;
    default:
      return false;
  }
}

function sayTimer<S extends DialogueState>(dialogue: Dialogue<S>, turn: Turn, state: S): boolean {
  switch (dialogue.activity(state)) {
    case "hears":
      stopSound(turn);
      dialogue.heard(turn, state, false);
      return true;
    case "chooses":
    case "types":
      if (state.repeats + 1 < MENU_REPEATS_MAX) dialogue.putAgain(turn, repeated(state));
      else dialogue.keysEnded(turn, state);
      return true;
    case "typing":
      dialogue.keysEnded(turn, state);
      return true;
    case "waits":
    case "speaks":
    case "stops":
      return false;
  }
}

function repeated<S extends DialogueState>(state: S): S {
  return { ...state, repeats: state.repeats + 1 };
}

/**
 * The connection to the switch was lost and is back: what played, was recorded, or was asked of the mailbox may have
 * ended without an event.
 */
function resync<S extends DialogueState>(dialogue: Dialogue<S>, turn: Turn, state: S, input: Shown): void {
  const { caller } = input;
  // The command to answer the caller may have been lost; without it, they only have early media.
  if (caller.media !== "answered" && turn.state.caller.media === "answered")
    turn.emit({ type: "answer_caller" });
  const activity = dialogue.activity(state);
  switch (activity) {
    case "waits": {
      const question = dialogue.question(state);
      if (question !== undefined) askAgain(turn, question);
      return;
    }
    case "speaks":
      if (checkRecording(turn, input)) dialogue.recorded(turn, state, false);
      return;
    case "hears":
      if (caller.playing) checkAfterSound(turn);
      else dialogue.heard(turn, state, false);
      return;
    case "chooses":
    case "types":
      if (caller.playing) checkAfterSound(turn);
      // The clock is still the one of the sound: its end was not heard, so the question is put again, uncounted.
      else if (turn.isDueAfter("say", THINK_MS[activity])) dialogue.putAgain(turn, state);
      return;
    case "typing":
      if (caller.playing) checkAfterSound(turn);
      return;
    case "stops":
      return;
  }
}
