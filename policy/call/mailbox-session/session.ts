/**
 * Somebody listens to messages by phone: their own, those of a group they are in, or, with a PIN, from anywhere. How
 * it begins, and what each input does at each stage; the menus and what their keys do have files of their own.
 *
 * Nobody is left to silence: every stage has its clock. A menu without a key is repeated once, and then the call ends.
 */

import type { Box } from "../../office/box.js";
import type { ListenCode } from "../../routing/feature-codes.js";
import { callerGone } from "../ending.js";
import type { Input } from "../input.js";
import type { Answer, Ask } from "../mailbox-requests.js";
import type { PhaseRun } from "../phase-run.js";
import { askSwitch, doubtSound, isOver, otherHeard } from "../recording-check.js";
import { stopRingback } from "../ringback.js";
import type { PhaseOf } from "../state.js";
import type { Turn } from "../turn.js";
import {
  draftOpened,
  draftRecorded,
  forwarded,
  greetingKept,
  greetingsKnown,
  presentRemoved,
  recordDraft,
} from "./drafts.js";
import { admit, askEntry, entryPause, pinChecked, pinSet, repeatEntry, typeKey } from "./entries.js";
import { violations } from "./invariants.js";
import { pressKey } from "./keys.js";
import { openMenu, repeatMenu } from "./menus.js";
import { claimed, counted, found, listed, lookAgain, marked, next, play, playedOut } from "./messages.js";
import { type Listening, type Next, NO_DEVICE } from "./state.js";
import { awaitKey, forgetDraft, isBeingAsked, leave, mayRepeat, sayGoodbye, stopSound } from "./turn.js";

const NOBODY: Listening = {
  stage: { at: "entry", entry: "extension" },
  username: "",
  admitted: false,
  remote: true,
  box: null,
  typed: "",
  newPin: "",
  wrong: 0,
  boxes: [],
  messages: [],
  index: 0,
  current: null,
  offsetMs: 0,
  sinceMs: 0,
  draft: "",
  purpose: null,
  present: null,
  repeats: 0,
  playId: "",
};

/** A phone of the office has dialled a code. Its user is known by it, and needs no PIN for what is theirs. */
export function beginListening(turn: Turn, { extension, asks }: ListenCode): void {
  const { office } = turn.world;
  const owner = extension === null ? undefined : office.lookupExtension(extension);
  if (extension !== null && owner === undefined) {
    turn.goOn = { kind: "start_flow", source: { kind: "unassigned" } };
    return;
  }
  const box: Box | null =
    owner === undefined
      ? null
      : owner.kind === "user"
        ? { kind: "user", username: owner.user.username }
        : { kind: "group", id: owner.group.id };
  const isOutside = comesFromOutside(turn);
  const from = isOutside ? undefined : turn.state.caller.from?.username;
  answer(turn);
  const nobody = { ...NOBODY, remote: isOutside, box };
  if (from !== undefined && !asks && isOwn(box, from)) admit(turn, { ...nobody, username: from });
  else askWho(turn, nobody);
}

/** A caller pressed star in the greeting of a mailbox that may be listened to from outside. */
export function listenAt(turn: Turn, box: Box): void {
  answer(turn);
  askWho(turn, { ...NOBODY, remote: comesFromOutside(turn), box });
}

/** Also who has called back from outside, and counts as a user for what they are shown: they are on no phone of ours. */
function comesFromOutside(turn: Turn): boolean {
  const { from } = turn.state.caller;
  return from === undefined || from.device === NO_DEVICE;
}

function isOwn(box: Box | null, username: string): boolean {
  return box === null || box.kind === "group" || box.username === username;
}

/** A person's mailbox is listened to by that person; whose PIN it is has to be said for every other. */
function askWho(turn: Turn, listening: Listening): void {
  // Whoever gives up now is no caller who was missed.
  turn.patch({ ending: { kind: "hung_up", reason: "normal" } });
  const { box } = listening;
  if (box?.kind === "user") askEntry(turn, { ...listening, username: box.username }, "pin");
  else askEntry(turn, listening, "extension", box === null ? [] : ["vm-who-are-you"]);
}

function answer(turn: Turn): void {
  stopRingback(turn);
  if (turn.state.caller.media === "answered") return;
  turn.emit({ type: "answer_caller" });
  turn.patchCaller({ media: "answered" });
}

function handle(turn: Turn, { listening: state }: PhaseOf<"listening">, input: Input): boolean {
  switch (input.type) {
    case "caller_gone":
      gone(turn, state);
      return true;
    case "resync":
      resync(turn, state, input.caller);
      return true;
    case "digit":
      if (input.channel === turn.state.id) digit(turn, state, input.digit);
      return true;
    case "answered":
      if (state.stage.at === "asking" && input.id === state.stage.id)
        answered(turn, state, state.stage.ask, input.answer);
      return true;
    case "played":
      if (input.playId !== state.playId) otherHeard(turn);
      else if (state.stage.at !== "recording") played(turn, state, input.missing === true);
      return true;
    case "recorded":
      if (state.stage.at === "recording" && input.playId === state.playId) draftRecorded(turn, state, false);
      return true;
    case "play_began":
      if (state.stage.at === "playing" && input.channel === turn.state.id)
        turn.enter({ kind: "listening", listening: { ...state, sinceMs: turn.atMs } });
      return true;
    case "timer":
      return timer(turn, state, input.id);
    default:
      return input.type !== "claimed";
  }
}

function gone(turn: Turn, state: Listening): void {
  const { stage } = state;
  // What is being kept or sent must not be taken from under it; what is left then goes with the mailroom's next look.
  const isUsed =
    stage.at === "asking" && (stage.ask.kind === "forward" || stage.ask.kind === "keep_greeting");
  if (!isUsed) forgetDraft(turn, state);
  callerGone(turn);
}

function digit(turn: Turn, state: Listening, key: string): void {
  const { stage } = state;
  switch (stage.at) {
    case "menu":
      pressKey(turn, state, stage.menu, key);
      return;
    case "playing":
      pressKey(turn, state, "message", key);
      return;
    case "entry":
      typeKey(turn, state, stage.entry, key);
      return;
    case "telling":
      // Nobody has to hear out what leads to where their key means something.
      if (stage.next.to === "menu") pressKey(turn, state, stage.next.menu, key);
      else if (stage.next.to === "playing") pressKey(turn, state, "message", key);
      return;
    case "asking":
    case "recording":
      return;
  }
}

function played(turn: Turn, state: Listening, missing: boolean): void {
  const { stage } = state;
  switch (stage.at) {
    case "menu":
      awaitKey(turn, state);
      return;
    case "entry":
      if (state.typed === "") awaitKey(turn, state);
      return;
    case "telling":
      goOn(turn, state, stage.next);
      return;
    case "playing":
      playedOut(turn, state, missing);
      return;
    case "asking":
    case "recording":
      return;
  }
}

function goOn(turn: Turn, state: Listening, to: Next): void {
  switch (to.to) {
    case "menu":
      openMenu(turn, state, to.menu);
      return;
    case "start":
      lookAgain(turn, state);
      return;
    case "playing":
      play(turn, state, 0);
      return;
    case "next_message":
      next(turn, state);
      return;
    case "recording":
      recordDraft(turn, state);
      return;
    case "leave":
      leave(turn);
      return;
  }
}

function timer(turn: Turn, state: Listening, id: string): boolean {
  const { stage } = state;
  if (id === "desk" && stage.at === "asking") {
    turn.note({ kind: "bound_reached", bound: "time to ask the mailroom" });
    answered(turn, state, stage.ask, { kind: "failed" });
    return true;
  }
  if (id === "record" && stage.at === "recording") {
    turn.note({ kind: "bound_reached", bound: "length of a recording" });
    draftRecorded(turn, state, true);
    return true;
  }
  if (id === "look") {
    askSwitch(turn);
    return true;
  }
  if (id !== "say") return false;
  switch (stage.at) {
    case "menu":
      if (mayRepeat(state)) repeatMenu(turn, state, stage.menu);
      else sayGoodbye(turn, state);
      return true;
    case "entry":
      entryPause(turn, state, stage.entry);
      return true;
    case "telling":
    case "playing":
      stopSound(turn);
      played(turn, state, false);
      return true;
    case "asking":
    case "recording":
      return false;
  }
}

function answered(turn: Turn, state: Listening, question: Ask, given: Answer): void {
  switch (question.kind) {
    case "boxes":
      counted(turn, state, given);
      return;
    case "list":
      listed(turn, state, given);
      return;
    case "look":
      found(turn, state, given);
      return;
    case "mark":
      marked(turn, state, question.state, given);
      return;
    case "claim":
      claimed(turn, state, given);
      return;
    case "check_pin":
      pinChecked(turn, state, given);
      return;
    case "set_pin":
      pinSet(turn, state, given);
      return;
    case "open_draft":
      draftOpened(turn, state, given);
      return;
    case "keep_greeting":
      greetingKept(turn, state, given);
      return;
    case "greetings":
      greetingsKnown(turn, state, given);
      return;
    case "remove_greeting":
      presentRemoved(turn, state, given);
      return;
    case "forward":
      forwarded(turn, state, given);
      return;
    case "drop_draft":
      return;
  }
}

function askOnceMore(turn: Turn, state: Listening): void {
  if (state.stage.at === "menu") repeatMenu(turn, state, state.stage.menu);
  else if (state.stage.at === "entry") repeatEntry(turn, state, state.stage.entry);
}

type LiveCaller = Extract<Input, { type: "resync" }>["caller"];

/** The connection is back: what was playing, recording or being asked may have ended unheard. */
function resync(turn: Turn, state: Listening, caller: LiveCaller): void {
  const { stage } = state;
  if (caller === null) {
    gone(turn, state);
    return;
  }
  switch (stage.at) {
    case "asking":
      turn.emit({ type: "ask", id: stage.id, ask: stage.ask });
      return;
    case "recording":
      if (isOver(turn, caller)) draftRecorded(turn, state, false);
      return;
    case "menu":
    case "entry":
      if (caller.playing) doubtSound(turn);
      // Its end was heard, and a key is waited for; or its end came while nobody listened: then it is said once more.
      else if (isBeingAsked(turn, state)) askOnceMore(turn, { ...state, repeats: state.repeats - 1 });
      return;
    case "telling":
    case "playing":
      if (caller.playing) doubtSound(turn);
      else played(turn, state, false);
      return;
  }
}

export const listeningRun: PhaseRun<PhaseOf<"listening">> = { handle, violations };
