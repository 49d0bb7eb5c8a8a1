/** How a mailbox session enters its stages: tell something, put a question, ask the mailbox, record, leave. */
import * as dialogue from "../dialogue/stages.js";
import { hangUp } from "../ending.js";
import type { SessionAsk } from "../mailbox-requests.js";
import { SOUND_GOODBYE } from "../sounds.js";
import type { Turn } from "../turn.js";
import {
  draftOf,
  type Entry,
  type MailboxSession,
  type Menu,
  type Next,
  type SessionStage,
} from "./state.js";

/** Puts the state into the call's phase. */
export function enter(turn: Turn, session: MailboxSession): void {
  turn.enter({ kind: "listening", listening: session });
}

/** @param maxMs after so long it counts as heard */
export function say(
  turn: Turn,
  session: MailboxSession,
  stage: SessionStage,
  sounds: readonly string[],
  maxMs?: number,
): void {
  dialogue.say(turn, enter, { ...session, stage }, sounds, maxMs);
}

/** Says something, and goes on when it was heard. */
export function tell(turn: Turn, session: MailboxSession, sounds: readonly string[], next: Next): void {
  say(turn, session, { at: "telling", next }, sounds);
}

/** Says what the keys of a menu do. */
export function sayMenu(turn: Turn, session: MailboxSession, menu: Menu, sounds: readonly string[]): void {
  say(turn, session, { at: "menu", menu }, sounds);
}

/** Asks for the keys of an entry, from the first one on. */
export function sayEntry(turn: Turn, session: MailboxSession, entry: Entry, sounds: readonly string[]): void {
  say(turn, { ...session, typed: "" }, { at: "entry", entry }, sounds);
}

/** The session waits for the answer. */
export function ask(turn: Turn, session: MailboxSession, asked: SessionAsk): void {
  const id = turn.playId();
  const stage: SessionStage = { at: "asking", ask: asked, id };
  dialogue.askMailbox(turn, enter, { ...session, stage }, { id, ask: asked });
}

/** Records a greeting, a name or an introduction; `#` ends it. */
export function record(turn: Turn, session: MailboxSession, limits: dialogue.RecordingLimits): void {
  const playId = turn.playId();
  dialogue.enterStage(turn, enter, { ...session, stage: { at: "recording" }, playId });
  dialogue.armRecordingClock(turn, limits.limitMs);
  turn.emit({ type: "save", guard: false, recording: true });
  turn.emit({ type: "prepare_recording" });
  // A `#` that is still queued on the switch would end the recording at once (switch_channel_queue_dtmf).
  turn.emit({ type: "flush_digits", channel: turn.state.id });
  dialogue.queueRecording(turn, playId, draftOf(session), limits);
}

/** Drops the draft, if there is one. */
export function forgetDraft(turn: Turn, session: MailboxSession): MailboxSession {
  if (session.draft !== null) dialogue.inform(turn, { kind: "drop_draft", draft: session.draft });
  return { ...session, draft: null };
}

/** Last words, and the end of the call. */
export function sayGoodbye(turn: Turn, session: MailboxSession, sounds: readonly string[] = []): void {
  tell(turn, forgetDraft(turn, session), [...sounds, SOUND_GOODBYE], { to: "leave" });
}

export function leave(turn: Turn): void {
  hangUp(turn, "normal");
}
