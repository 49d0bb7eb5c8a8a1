/**
 * The steps that all of listening is made of: say something and go on, ask the mailroom, wait for keys, leave. Each
 * arms the clock that ends it, whatever else happens.
 */
import {
  ANNOUNCE_MAX_MS,
  DESK_MS,
  ENTRY_WAIT_MS,
  MENU_REPEATS_MAX,
  MENU_WAIT_MS,
  RECORD_EXTRA_MS,
} from "../bounds.js";
import { hangUp } from "../ending.js";
import type { Ask } from "../mailbox-requests.js";
import { SOUND_BEEP, SOUND_GOODBYE } from "../sounds.js";
import type { Turn } from "../turn.js";
import type { Entry, Listening, ListeningStage, Menu, Next } from "./state.js";

export function enter(turn: Turn, listening: Listening): void {
  turn.disarm("say");
  turn.disarm("desk");
  turn.disarm("record");
  turn.disarm("look");
  turn.enter({ kind: "listening", listening });
}

/** Stops what is heard: a key was pressed. Comes before whatever the key does. */
export function stopSound(turn: Turn): void {
  turn.emit({ type: "stop_playing", channel: turn.state.id });
}

/** @param maxMs after so long it counts as heard */
export function say(
  turn: Turn,
  listening: Listening,
  stage: ListeningStage,
  sounds: readonly string[],
  maxMs = ANNOUNCE_MAX_MS,
): void {
  const playId = turn.playId();
  enter(turn, { ...listening, stage, playId });
  turn.arm("say", turn.atMs + maxMs);
  // Before what it tells of: an engine that takes over may find too little done, and never too much.
  turn.emit({ type: "save", guard: false });
  turn.emit({ type: "play", channel: turn.state.id, playId, sounds });
}

/** Says something, and goes on when it was heard. */
export function tell(turn: Turn, listening: Listening, sounds: readonly string[], next: Next): void {
  say(turn, listening, { at: "telling", next }, sounds);
}

/** Says a menu's keys; the first time round, or once more because nobody pressed one. */
export function sayMenu(turn: Turn, listening: Listening, menu: Menu, sounds: readonly string[]): void {
  say(turn, listening, { at: "menu", menu }, sounds);
}

/** What is heard before the keys of an entry. */
export function sayEntry(turn: Turn, listening: Listening, entry: Entry, sounds: readonly string[]): void {
  say(turn, { ...listening, typed: "" }, { at: "entry", entry }, sounds);
}

/** A menu or a question was heard: a little time to decide. */
export function awaitKey(turn: Turn, listening: Listening): void {
  turn.arm("say", turn.atMs + waitMs(listening));
}

function waitMs({ stage }: Listening): number {
  return stage.at === "entry" ? ENTRY_WAIT_MS : MENU_WAIT_MS;
}

/** Whether the end of what asked for a key has not come: it is still being said, or its end is lost. */
export function isBeingAsked(turn: Turn, listening: Listening): boolean {
  return turn.isDueAfter("say", waitMs(listening));
}

/** Whether a menu or a question that nobody answered is put once more. */
export function mayRepeat(listening: Listening): boolean {
  return listening.repeats + 1 < MENU_REPEATS_MAX;
}

/** The call waits for the answer. */
export function ask(turn: Turn, listening: Listening, question: Ask): void {
  const id = turn.playId();
  enter(turn, { ...listening, stage: { at: "asking", ask: question, id } });
  turn.arm("desk", turn.atMs + DESK_MS);
  turn.emit({ type: "save", guard: false });
  turn.emit({ type: "ask", id, ask: question });
}

/** Nobody waits for the answer: the mailroom sees to it. */
export function inform(turn: Turn, news: Ask): void {
  turn.emit({ type: "ask", id: turn.playId(), ask: news });
}

/** Tone and recording are queued together, so that nothing lies between them; `#` ends it. */
export function record(turn: Turn, listening: Listening, limitMs: number, silenceMs: number): void {
  const channel = turn.state.id;
  const beep = turn.playId();
  const playId = turn.playId();
  enter(turn, { ...listening, stage: { at: "recording" }, playId });
  turn.arm("record", turn.atMs + limitMs + RECORD_EXTRA_MS);
  turn.emit({ type: "save", guard: false, recording: true });
  turn.emit({ type: "prepare_recording" });
  // A `#` that was pressed before would end the recording at once (switch_channel_queue_dtmf).
  turn.emit({ type: "flush_digits", channel });
  turn.emit({ type: "play", channel, playId: beep, sounds: [SOUND_BEEP] });
  turn.emit({ type: "record", playId, message: listening.draft, limitMs, silenceMs });
}

/** A recording nobody keeps goes away with what it was made for. */
export function forgetDraft(turn: Turn, listening: Listening): Listening {
  if (listening.draft !== "") inform(turn, { kind: "drop_draft", draft: listening.draft });
  return { ...listening, draft: "" };
}

/** Last words, and the end of the call. */
export function sayGoodbye(turn: Turn, listening: Listening, sounds: readonly string[] = []): void {
  tell(turn, forgetDraft(turn, listening), [...sounds, SOUND_GOODBYE], { to: "leave" });
}

/** Hangs up. */
export function leave(turn: Turn): void {
  hangUp(turn, "normal");
}
