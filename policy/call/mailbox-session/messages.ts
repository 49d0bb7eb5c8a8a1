/**
 * Going through the messages of a mailbox, one after the other, and what is done with each. A message counts as heard
 * when it has played to its end, or when the listener went on from the middle of it. If the line breaks, it stays new.
 */

import { mailboxSettings } from "../../mailbox/mailbox.js";
import { type Box, boxName } from "../../office/box.js";
import { given } from "../../office/optional.js";
import { type Payer, userPays } from "../../outside/payer.js";
import { PLAY_EXTRA_MS, SEEK_MS } from "../bounds.js";
import { callBackSource } from "../dialled.js";
import { inform } from "../dialogue/stages.js";
import type { Answer, HeardMessage, MessageList } from "../mailbox-requests.js";
import { noteRefusal } from "../refusal.js";
import type { Turn } from "../turn.js";
import { openMenu } from "./menus.js";
import { factsSounds, messageSounds, NOT_NOW, summarySounds } from "./sounds.js";
import { ask, forgetDraft, say, sayGoodbye, tell } from "./stages.js";
import { listenerOf, type MailboxSession } from "./state.js";

/** Counts the messages anew; then comes the main menu. */
export function countMessages(turn: Turn, session: MailboxSession): void {
  const username = listenerOf(session);
  const afresh = { ...forgetDraft(turn, session), purpose: null, messages: [], index: 0, current: null };
  ask(turn, afresh, { kind: "boxes", username });
}

export function counted(turn: Turn, session: MailboxSession, answer: Answer): void {
  if (answer.kind !== "boxes") {
    sayGoodbye(turn, session, [NOT_NOW]);
    return;
  }
  const now = { ...session, boxes: answer.boxes.filter((count) => mayHear(turn, session, count.box)) };
  openMenu(turn, now, "main", summarySounds(turn, now));
}

/** From outside, only those mailboxes are open for which the office allows remote access. */
function mayHear(turn: Turn, { remote }: MailboxSession, box: Box): boolean {
  return !remote || mailboxSettings(box, turn.world.office).remoteAccess !== "none";
}

export function list(turn: Turn, session: MailboxSession, which: MessageList): void {
  const { box } = session;
  if (box !== null) ask(turn, session, { kind: "list", box, username: listenerOf(session), list: which });
}

export function listed(turn: Turn, session: MailboxSession, answer: Answer): void {
  if (answer.kind !== "listed") {
    openMenu(turn, session, "main", [NOT_NOW]);
    return;
  }
  if (answer.messages.length === 0) tell(turn, session, ["vm-no-messages"], { to: "start" });
  else goToMessage(turn, { ...session, messages: answer.messages }, 0);
}

function goToMessage(turn: Turn, session: MailboxSession, index: number): void {
  const { messages } = session;
  const username = listenerOf(session);
  const message = messages[index];
  if (message === undefined) tell(turn, session, ["vm-no-more"], { to: "start" });
  else ask(turn, { ...session, index, current: null }, { kind: "look", message, username });
}

export function found(turn: Turn, session: MailboxSession, answer: Answer): void {
  if (answer.kind !== "looked") {
    openMenu(turn, session, "main", [NOT_NOW]);
    return;
  }
  const { message } = answer;
  if (message === null) {
    tell(turn, session, ["vm-gone"], { to: "next_message" });
    return;
  }
  const at = { ...session, current: message, offsetMs: 0 };
  const sounds = messageSounds(message, session.index);
  // The listener hears that the file is missing or empty, and can go on or delete the message.
  if (message.playable) tell(turn, at, sounds, { to: "playing" });
  else openMenu(turn, at, "message", [...sounds, "vm-damaged"]);
}

/** Plays the message from `fromMs` on. */
export function play(turn: Turn, session: MailboxSession, fromMs: number): void {
  const { current } = session;
  if (current === null) {
    countMessages(turn, session);
    return;
  }
  const offsetMs = Math.min(Math.max(0, Math.round(fromMs)), current.lengthMs);
  const sound = `recording:${current.id}${offsetMs === 0 ? "" : `@${offsetMs}`}`;
  const maxMs = current.lengthMs - offsetMs + PLAY_EXTRA_MS;
  say(turn, { ...session, offsetMs, sinceMs: turn.atMs }, { at: "playing" }, [sound], maxMs);
}

/** The message was heard to its end, or there was nothing to hear. */
export function playedOut(turn: Turn, session: MailboxSession, missing: boolean): void {
  if (missing) openMenu(turn, session, "message", ["vm-damaged"]);
  else openMenu(turn, asHeard(turn, session), "message");
}

function asHeard(turn: Turn, session: MailboxSession): MailboxSession {
  const { current } = session;
  if (current === null || current.state !== "new") return session;
  inform(turn, { kind: "mark", message: current.id, username: listenerOf(session), state: "heard" });
  return { ...session, current: { ...current, state: "heard" } };
}

/** The listener leaves the message. A message that was playing counts as heard. */
function leaving(turn: Turn, session: MailboxSession): MailboxSession {
  return session.stage.at === "playing" ? asHeard(turn, session) : session;
}

export function next(turn: Turn, session: MailboxSession): void {
  goToMessage(turn, leaving(turn, session), session.index + 1);
}

export function previous(turn: Turn, session: MailboxSession): void {
  goToMessage(turn, session, Math.max(0, session.index - 1));
}

export function hearAgain(turn: Turn, session: MailboxSession): void {
  if (session.current?.playable === false) openMenu(turn, session, "message", ["vm-damaged"]);
  else play(turn, session, 0);
}

/** Five seconds back or forward. Forward stops at the message's end; pressed there, it goes to the next message. */
export function seek(turn: Turn, session: MailboxSession, direction: "back" | "forward"): void {
  const { stage, current, offsetMs, sinceMs } = session;
  if (current?.playable !== true) {
    if (direction === "forward") next(turn, session);
    else hearAgain(turn, session);
    return;
  }
  if (stage.at === "telling") {
    play(turn, session, 0);
    return;
  }
  const isPlaying = stage.at === "playing";
  if (!isPlaying && direction === "forward") {
    next(turn, session);
    return;
  }
  const atMs = isPlaying ? offsetMs + turn.atMs - sinceMs : current.lengthMs;
  const toMs = atMs + (direction === "forward" ? SEEK_MS : -SEEK_MS);
  if (toMs < current.lengthMs) play(turn, session, toMs);
  else playedOut(turn, session, false);
}

export function hearFacts(turn: Turn, session: MailboxSession): void {
  const { current } = session;
  if (current !== null) tell(turn, session, factsSounds(turn, current), { to: "menu", menu: "message" });
}

export function mark(turn: Turn, session: MailboxSession, state: HeardMessage["state"]): void {
  const { current } = session;
  const username = listenerOf(session);
  if (current !== null) ask(turn, session, { kind: "mark", message: current.id, username, state });
}

export function marked(
  turn: Turn,
  session: MailboxSession,
  state: HeardMessage["state"],
  answer: Answer,
): void {
  const { current } = session;
  if (answer.kind !== "done" || current === null) {
    const gone = answer.kind === "refused";
    openMenu(turn, session, "message", [gone ? "vm-gone" : NOT_NOW]);
    return;
  }
  const now = { ...session, current: { ...current, state } };
  if (state === "saved") tell(turn, now, ["vm-msg-saved"], { to: "next_message" });
  else if (state === "deleted") tell(turn, now, ["vm-msg-deleted"], { to: "next_message" });
  else openMenu(turn, now, "message", ["vm-msg-undeleted"]);
}

export function claimMessage(turn: Turn, session: MailboxSession): void {
  const { current } = session;
  if (current === null) return;
  const username = listenerOf(session);
  const give = current.claimedBy === username;
  ask(turn, session, { kind: "claim", message: current.id, username, give });
}

export function messageClaimed(turn: Turn, session: MailboxSession, answer: Answer): void {
  const { current, username } = session;
  if (answer.kind !== "claimed" || current === null) {
    openMenu(turn, session, "message", [NOT_NOW]);
    return;
  }
  const { by } = answer;
  const said = by === null ? "vm-unclaimed" : by === username ? "vm-claimed" : "vm-claimed-by-other";
  openMenu(turn, { ...session, current: { ...current, claimedBy: by } }, "message", [said]);
}

/**
 * Calls the person who left the message. Callers choose the number that they show, so the number alone allows no call
 * outside: the user must be allowed to call outside, and for a listener from outside the mailbox must allow it too.
 */
export function callBack(turn: Turn, session: MailboxSession): void {
  const { current } = session;
  if (current === null) return;
  const target = callBackSource(current.callerNumber, turn.world, payerOf(turn, session));
  const { kind } = target.source;
  if (kind === "unassigned" || kind === "not_permitted") {
    noteRefusal(turn, target);
    openMenu(turn, session, "message", ["vm-cannot-call"]);
    return;
  }
  const heard = leaving(turn, session);
  turn.disarmWhere((id) => id === "say" || id === "answer" || id === "record");
  // From here on this is a call like any other, made by the user.
  const { from } = turn.state.caller;
  const caller = from ?? { username: listenerOf(heard), device: null };
  const hides = turn.world.office.user(caller.username)?.hidesNumber;
  turn.patchCaller({ called: target.called, from: caller, ...given({ hidesNumber: hides }) });
  turn.patch({ ending: null });
  turn.goOn = { kind: "hop", source: target.source };
}

/** null: the listener is outside, and the mailbox does not let them call back from there. */
function payerOf(turn: Turn, session: MailboxSession): Payer | null {
  const { office } = turn.world;
  const { remote } = session;
  const username = listenerOf(session);
  if (remote && mailboxSettings({ kind: "user", username }, office).remoteAccess !== "call_back") return null;
  return userPays(turn.state.caller.from?.username ?? username);
}

/** Notes for the call's record which user listens, and at which mailbox. */
export function noteListener(turn: Turn, username: string, box: Box): void {
  turn.note({ kind: "listens", username, box: boxName(box) });
}
