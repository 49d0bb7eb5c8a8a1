/**
 * Going through the messages of a mailbox: which there are, one after the other, and what is done with each. A message
 * counts as heard when it was heard to its end, or when they went on from the middle of it; a line that breaks leaves
 * it new.
 */

import { mailboxSettings } from "../../mailbox/mailbox.js";
import { type Box, boxName } from "../../office/box.js";
import { may } from "../../office/permission.js";
import { PLAY_EXTRA_MS, SEEK_MS } from "../bounds.js";
import { callBackSource } from "../dialled.js";
import type { Answer, HeardMessage, MessageList } from "../mailbox-requests.js";
import type { Turn } from "../turn.js";
import { openMenu } from "./menus.js";
import { factsSounds, messageSounds, NOT_NOW, summarySounds } from "./sounds.js";
import { type Listening, NO_DEVICE } from "./state.js";
import { ask, forgetDraft, inform, say, sayGoodbye, tell } from "./turn.js";

/** What is there? Then the main menu. */
export function lookAgain(turn: Turn, listening: Listening): void {
  const { username } = listening;
  const afresh = { ...forgetDraft(turn, listening), purpose: null, messages: [], index: 0, current: null };
  ask(turn, afresh, { kind: "boxes", username });
}

export function counted(turn: Turn, listening: Listening, answer: Answer): void {
  if (answer.kind !== "boxes") {
    sayGoodbye(turn, listening, [NOT_NOW]);
    return;
  }
  const now = { ...listening, boxes: answer.boxes.filter((count) => mayHear(turn, listening, count.box)) };
  openMenu(turn, now, "main", summarySounds(turn, now));
}

/** From outside only mailboxes are open of which the office says so. */
function mayHear(turn: Turn, { remote }: Listening, box: Box): boolean {
  return !remote || mailboxSettings(box, turn.world.office).remoteAccess !== "none";
}

export function list(turn: Turn, listening: Listening, which: MessageList): void {
  const { box, username } = listening;
  if (box !== null) ask(turn, listening, { kind: "list", box, username, list: which });
}

export function listed(turn: Turn, listening: Listening, answer: Answer): void {
  if (answer.kind !== "listed") {
    openMenu(turn, listening, "main", [NOT_NOW]);
    return;
  }
  if (answer.messages.length === 0) tell(turn, listening, ["vm-no-messages"], { to: "start" });
  else lookAt(turn, { ...listening, messages: answer.messages }, 0);
}

function lookAt(turn: Turn, listening: Listening, index: number): void {
  const { messages, username } = listening;
  const message = messages[index];
  if (message === undefined) tell(turn, listening, ["vm-no-more"], { to: "start" });
  else ask(turn, { ...listening, index, current: null }, { kind: "look", message, username });
}

export function found(turn: Turn, listening: Listening, answer: Answer): void {
  if (answer.kind !== "looked") {
    openMenu(turn, listening, "main", [NOT_NOW]);
    return;
  }
  const { message } = answer;
  if (message === null) {
    tell(turn, listening, ["vm-gone"], { to: "next_message" });
    return;
  }
  const at = { ...listening, current: message, offsetMs: 0 };
  const sounds = messageSounds(message, listening.index);
  // A file that is not there is said, and never waited for: the listener can go on, or delete it.
  if (message.playable) tell(turn, at, sounds, { to: "playing" });
  else openMenu(turn, at, "message", [...sounds, "vm-damaged"]);
}

/** Plays the message from `fromMs` on. */
export function play(turn: Turn, listening: Listening, fromMs: number): void {
  const { current } = listening;
  if (current === null) {
    lookAgain(turn, listening);
    return;
  }
  const offsetMs = Math.min(Math.max(0, Math.round(fromMs)), current.lengthMs);
  const sound = `recording:${current.id}${offsetMs === 0 ? "" : `@${offsetMs}`}`;
  const maxMs = current.lengthMs - offsetMs + PLAY_EXTRA_MS;
  say(turn, { ...listening, offsetMs, sinceMs: turn.atMs }, { at: "playing" }, [sound], maxMs);
}

/** The message was heard to its end, or there was nothing to hear. */
export function playedOut(turn: Turn, listening: Listening, missing: boolean): void {
  if (missing) openMenu(turn, listening, "message", ["vm-damaged"]);
  else openMenu(turn, asHeard(turn, listening), "message");
}

function asHeard(turn: Turn, listening: Listening): Listening {
  const { current, username } = listening;
  if (current === null || current.state !== "new") return listening;
  inform(turn, { kind: "mark", message: current.id, username, state: "heard" });
  return { ...listening, current: { ...current, state: "heard" } };
}

/** They leave the message: what they have heard some of, and go on from, was heard. */
function leaving(turn: Turn, listening: Listening): Listening {
  return listening.stage.at === "playing" ? asHeard(turn, listening) : listening;
}

export function next(turn: Turn, listening: Listening): void {
  lookAt(turn, leaving(turn, listening), listening.index + 1);
}

export function previous(turn: Turn, listening: Listening): void {
  lookAt(turn, listening, Math.max(0, listening.index - 1));
}

export function hearAgain(turn: Turn, listening: Listening): void {
  if (listening.current?.playable === false) openMenu(turn, listening, "message", ["vm-damaged"]);
  else play(turn, listening, 0);
}

/** Five seconds back or forward; forward past the end is the end, and from there the next message. */
export function seek(turn: Turn, listening: Listening, direction: "back" | "forward"): void {
  const { stage, current, offsetMs, sinceMs } = listening;
  if (current?.playable !== true) {
    if (direction === "forward") next(turn, listening);
    else hearAgain(turn, listening);
    return;
  }
  if (stage.at === "telling") {
    play(turn, listening, 0);
    return;
  }
  const isPlaying = stage.at === "playing";
  if (!isPlaying && direction === "forward") {
    next(turn, listening);
    return;
  }
  const atMs = isPlaying ? offsetMs + turn.atMs - sinceMs : current.lengthMs;
  const toMs = atMs + (direction === "forward" ? SEEK_MS : -SEEK_MS);
  if (toMs < current.lengthMs) play(turn, listening, toMs);
  else playedOut(turn, listening, false);
}

export function hearFacts(turn: Turn, listening: Listening): void {
  const { current } = listening;
  if (current !== null) tell(turn, listening, factsSounds(turn, current), { to: "menu", menu: "message" });
}

export function mark(turn: Turn, listening: Listening, state: HeardMessage["state"]): void {
  const { current, username } = listening;
  if (current !== null) ask(turn, listening, { kind: "mark", message: current.id, username, state });
}

export function marked(turn: Turn, listening: Listening, state: HeardMessage["state"], answer: Answer): void {
  const { current } = listening;
  if (answer.kind !== "done" || current === null) {
    const gone = answer.kind === "refused";
    openMenu(turn, listening, "message", [gone ? "vm-gone" : NOT_NOW]);
    return;
  }
  const now = { ...listening, current: { ...current, state } };
  if (state === "saved") tell(turn, now, ["vm-msg-saved"], { to: "next_message" });
  else if (state === "deleted") tell(turn, now, ["vm-msg-deleted"], { to: "next_message" });
  else openMenu(turn, now, "message", ["vm-msg-undeleted"]);
}

export function claim(turn: Turn, listening: Listening): void {
  const { current, username } = listening;
  if (current === null) return;
  const give = current.claimedBy === username;
  ask(turn, listening, { kind: "claim", message: current.id, username, give });
}

export function claimed(turn: Turn, listening: Listening, answer: Answer): void {
  const { current, username } = listening;
  if (answer.kind !== "claimed" || current === null) {
    openMenu(turn, listening, "message", [NOT_NOW]);
    return;
  }
  const { by } = answer;
  const said = by === null ? "vm-unclaimed" : by === username ? "vm-claimed" : "vm-claimed-by-other";
  openMenu(turn, { ...listening, current: { ...current, claimedBy: by } }, "message", [said]);
}

/**
 * Calls whoever left the message. Callers choose the number they show, so it is never a reason to call outside: a
 * phone of the office may do so when its user may, and somebody who listens from outside only where the office says
 * so of their mailbox.
 */
export function callBack(turn: Turn, listening: Listening): void {
  const { current } = listening;
  if (current === null) return;
  const target = callBackSource(current.callerNumber, turn.world, mayCallOutside(turn, listening));
  if (target === undefined) {
    openMenu(turn, listening, "message", ["vm-cannot-call"]);
    return;
  }
  const heard = leaving(turn, listening);
  for (const timer of ["say", "desk", "record"]) turn.disarm(timer);
  // A call like any other from here on: from the user, with the number that they show.
  const { from } = turn.state.caller;
  turn.patchCaller({ called: target.called, from: from ?? { username: heard.username, device: NO_DEVICE } });
  turn.patch({ ending: null });
  turn.goOn = { kind: "hop", source: target.source };
}

function mayCallOutside(turn: Turn, { username, remote }: Listening): boolean {
  const { office } = turn.world;
  const caller = office.user(turn.state.caller.from?.username ?? username);
  if (caller === undefined || !may(caller, "outside_calls", office)) return false;
  return !remote || mailboxSettings({ kind: "user", username }, office).remoteAccess === "call_back";
}

/** The story of the call: who listens where. */
export function noteListener(turn: Turn, { username, box }: Listening): void {
  turn.note({ kind: "listens", username, box: box === null ? "" : boxName(box) });
}
