/**
 * The mailbox session: a person listens to messages by phone, to their own, to those of a group they are in, or, with a
 * PIN, from anywhere. Here is how it begins, and what each input does at each stage; menus and keys have files of their
 * own. Every stage has a timer, so that no listener is left in silence. A menu without a key is repeated once; then the
 * call ends.
 */

import type { Box } from "../../office/box.js";
import type { ListenCode } from "../../routing/feature-codes.js";
import { type Activity, converse, type Dialogue } from "../dialogue/dialogue.js";
import { callerGone } from "../ending.js";
import type { Input } from "../input.js";
import type { Answer } from "../mailbox-requests.js";
import type { PhaseRun } from "../phase-run.js";
import { stopRingback } from "../ringback.js";
import type { PhaseOf } from "../state.js";
import { transferTaken } from "../transfer.js";
import type { Turn } from "../turn.js";
import {
  DRAFT_LIMITS,
  draftOpened,
  draftRecorded,
  forwarded,
  greetingKept,
  greetingsKnown,
  presentRemoved,
  recordDraft,
} from "./drafts.js";
import { admit, askEntry, entryEnded, pinChecked, pinSet, repeatEntry, typeKey } from "./entries.js";
import { violations } from "./invariants.js";
import { pressKey } from "./keys.js";
import { openMenu, repeatMenu } from "./menus.js";
import {
  counted,
  countMessages,
  found,
  listed,
  marked,
  messageClaimed,
  next,
  play,
  playedOut,
} from "./messages.js";
import { savedListening } from "./saved.js";
import { enter, forgetDraft, leave, sayGoodbye } from "./stages.js";
import type { MailboxSession, Next } from "./state.js";

const NOBODY: MailboxSession = {
  stage: { at: "entry", entry: "extension" },
  username: null,
  admitted: false,
  remote: true,
  box: null,
  typed: "",
  newPin: null,
  wrong: 0,
  boxes: [],
  messages: [],
  index: 0,
  current: null,
  offsetMs: 0,
  sinceMs: 0,
  draft: null,
  purpose: null,
  present: null,
  repeats: 0,
  playId: null,
};

/** A phone of the office has dialled a feature code. The phone's user needs no PIN for their own messages. */
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
  transferTaken(turn, false);
  const nobody = { ...NOBODY, remote: isOutside, box };
  if (from !== undefined && !asks && isOwn(box, from)) admit(turn, { ...nobody, username: from });
  else askWho(turn, nobody);
}

/** A caller pressed star in the greeting of a mailbox that may be listened to from outside. */
export function listenAt(turn: Turn, box: Box): void {
  answer(turn);
  askWho(turn, { ...NOBODY, remote: comesFromOutside(turn), box });
}

/** A listener who has called back from outside counts as a user, but uses no device of the office. */
function comesFromOutside(turn: Turn): boolean {
  const { from } = turn.state.caller;
  return from === undefined || from.device === null;
}

function isOwn(box: Box | null, username: string): boolean {
  return box === null || box.kind === "group" || box.username === username;
}

/** At a user's mailbox the PIN is that user's; at any other, the listener first says who they are. */
function askWho(turn: Turn, session: MailboxSession): void {
  // A listener who hangs up now is no missed call.
  turn.patch({ ending: { kind: "hung_up", reason: "normal" } });
  const { box } = session;
  if (box?.kind === "user") askEntry(turn, { ...session, username: box.username }, "pin");
  else askEntry(turn, session, "extension", box === null ? [] : ["vm-who-are-you"]);
}

function answer(turn: Turn): void {
  stopRingback(turn);
  if (turn.state.caller.media === "answered") return;
  turn.emit({ type: "answer_caller" });
  turn.patchCaller({ media: "answered" });
}

function handle(turn: Turn, { listening: session }: PhaseOf<"listening">, input: Input): boolean {
  // The place within the message is counted from the moment at which it begins to play.
  if (input.type === "play_began" && session.stage.at === "playing" && input.channel === turn.state.id)
    enter(turn, { ...session, sinceMs: turn.atMs });
  return converse(DIALOGUE, turn, session, input);
}

const DIALOGUE: Dialogue<MailboxSession> = {
  activity,
  pressed,
  heard,
  putAgain,
  keysEnded,
  question: ({ stage }) => (stage.at === "asking" ? { id: stage.id, ask: stage.ask } : undefined),
  answered: (turn, session, _question, answer) => answered(turn, session, answer),
  unanswered(turn, session) {
    turn.note({ kind: "bound_reached", bound: "time to ask the mailroom" });
    answered(turn, session, { kind: "failed" });
  },
  recorded: draftRecorded,
  gone,
};

function activity({ stage, typed }: MailboxSession): Activity {
  switch (stage.at) {
    case "menu":
      return "chooses";
    case "entry":
      return typed === "" ? "types" : "typing";
    case "telling":
    case "playing":
      return "hears";
    case "asking":
      return "waits";
    case "recording":
      return "speaks";
  }
}

function gone(turn: Turn, session: MailboxSession): void {
  const { stage } = session;
  // A draft that voicemail is putting into use must not be dropped meanwhile. If it is left over, a sweep removes it.
  const isUsed =
    stage.at === "asking" && (stage.ask.kind === "forward" || stage.ask.kind === "keep_greeting");
  if (!isUsed) forgetDraft(turn, session);
  callerGone(turn);
}

function pressed(turn: Turn, session: MailboxSession, key: string): void {
  const { stage } = session;
  switch (stage.at) {
    case "menu":
      pressKey(turn, session, stage.menu, key);
      return;
    case "playing":
      pressKey(turn, session, "message", key);
      return;
    case "entry":
      typeKey(turn, session, stage.entry, key);
      return;
    case "telling":
      // Where a menu or a message comes next, its keys work already: nobody has to listen to the end.
      if (stage.next.to === "menu") pressKey(turn, session, stage.next.menu, key);
      else if (stage.next.to === "playing") pressKey(turn, session, "message", key);
      return;
    case "asking":
    case "recording":
      return;
  }
}

function heard(turn: Turn, session: MailboxSession, missing: boolean): void {
  const { stage } = session;
  if (stage.at === "telling") goOn(turn, session, stage.next);
  else if (stage.at === "playing") playedOut(turn, session, missing);
}

function putAgain(turn: Turn, session: MailboxSession): void {
  const { stage } = session;
  if (stage.at === "menu") repeatMenu(turn, session, stage.menu);
  else if (stage.at === "entry") repeatEntry(turn, session, stage.entry);
}

function keysEnded(turn: Turn, session: MailboxSession): void {
  const { stage } = session;
  if (stage.at === "entry") entryEnded(turn, session, stage.entry);
  else sayGoodbye(turn, session);
}

function goOn(turn: Turn, session: MailboxSession, to: Next): void {
  switch (to.to) {
    case "menu":
      openMenu(turn, session, to.menu);
      return;
    case "start":
      countMessages(turn, session);
      return;
    case "playing":
      play(turn, session, 0);
      return;
    case "next_message":
      next(turn, session);
      return;
    case "recording":
      recordDraft(turn, session);
      return;
    case "leave":
      leave(turn);
      return;
  }
}

function answered(turn: Turn, session: MailboxSession, given: Answer): void {
  const { stage } = session;
  if (stage.at !== "asking") return;
  switch (stage.ask.kind) {
    case "boxes":
      counted(turn, session, given);
      return;
    case "list":
      listed(turn, session, given);
      return;
    case "look":
      found(turn, session, given);
      return;
    case "mark":
      marked(turn, session, stage.ask.state, given);
      return;
    case "claim":
      messageClaimed(turn, session, given);
      return;
    case "check_pin":
      pinChecked(turn, session, given);
      return;
    case "set_pin":
      pinSet(turn, session, given);
      return;
    case "open_draft":
      draftOpened(turn, session, given);
      return;
    case "keep_greeting":
      greetingKept(turn, session, given);
      return;
    case "greetings":
      greetingsKnown(turn, session, given);
      return;
    case "remove_greeting":
      presentRemoved(turn, session, given);
      return;
    case "forward":
      forwarded(turn, session, given);
      return;
    case "drop_draft":
      return;
  }
}

export const listeningRun: PhaseRun<PhaseOf<"listening">> = {
  handle,
  violations,
  saved: savedListening,
  readsKeys: true,
  recording: ({ listening: { stage, draft } }) =>
    stage.at === "recording" && draft !== null ? { id: draft, ...DRAFT_LIMITS } : undefined,
};
