/**
 * A caller leaves a message: greeting, tone, recording, and a menu for callers who stay on the line.
 *
 * The order is what keeps messages from being lost: the message has its row in the database before the recording begins
 * (`open_message`), and from then on either this call or, after a crash, the next start of the engine delivers it.
 * Whatever ends the recording, the file is measured before anything is decided. After a caller has hung up, the call
 * waits until their message is in the mailbox (`delivering`).
 */
import { DELIVERY_MS, MESSAGE_MIN_MS, TAKES_MAX } from "../../call/bounds.js";
import { type Activity, converse, type Dialogue } from "../../call/dialogue/dialogue.js";
import { askAgain, enterStage, stopSound } from "../../call/dialogue/stages.js";
import { callerGone, endCaller, hangUp } from "../../call/ending.js";
import type { Input } from "../../call/input.js";
import type { Answer, MailboxQuestion } from "../../call/mailbox-requests.js";
import { stopRingback } from "../../call/ringback.js";
import { SOUND_GOODBYE } from "../../call/sounds.js";
import { transferTaken } from "../../call/transfer.js";
import type { Turn } from "../../call/turn.js";
import { boxOwner } from "../../mailbox/mailbox.js";
import { type Box, boxName } from "../../office/box.js";
import { duringGreeting, greet, sayGreeting } from "./greeting.js";
import { stopForMessages, stopForOperator, whileStopping } from "./leaving-early.js";
import { openMenu, pressMenuKey, save, sayMenu, tell } from "./menu.js";
import { SOUND_REFUSED, SOUND_SAVED, SOUND_TOO_SHORT } from "./sounds.js";
import type { LeavingMessage, LeavingStage } from "./state.js";
import {
  deliver,
  deliverKept,
  drop,
  dropTake,
  earlierTakes,
  enter,
  measure,
  openMessage,
  questionOf,
  record,
  takesOfGone,
} from "./takes.js";

/** A `voicemail` step begins: the mailbox is asked whether it takes a message. */
export function beginVoicemail(turn: Turn, box: Box): void {
  if (boxOwner(box, turn.world.office) === undefined) {
    // `check` refuses a mailbox without an owner, so only an office that is older than the check names one.
    turn.goOn = { kind: "hop", source: { kind: "apology" } };
    return;
  }
  openMessage(turn, {
    box,
    stage: "opening",
    message: "",
    kept: null,
    earlier: [],
    takes: 0,
    urgent: false,
    greetings: [],
    repeats: 0,
    playId: null,
    recordId: null,
    callerGone: false,
  });
}

export function voicemail(turn: Turn, leaving: LeavingMessage, input: Input): boolean {
  switch (leaving.stage) {
    case "delivering":
      return delivering(turn, leaving, input);
    case "greeting":
      return duringGreeting(turn, leaving, input) || converse(DIALOGUE, turn, leaving, input);
    case "stopping":
    case "stopping_for_operator":
    case "stopping_for_messages":
      return whileStopping(turn, leaving, leaving.stage, input) || converse(DIALOGUE, turn, leaving, input);
    case "goodbye":
      // The ask may have been lost with the connection. Voicemail delivers once, however often it is asked.
      if (input.type === "resync" && input.caller !== null) deliverKept(turn, leaving);
      return converse(DIALOGUE, turn, leaving, input);
    default:
      return converse(DIALOGUE, turn, leaving, input);
  }
}

const ACTIVITIES: Readonly<Record<LeavingStage, Activity>> = {
  opening: "waits",
  refusing: "hears",
  greeting: "hears",
  stopping_for_operator: "stops",
  stopping_for_messages: "stops",
  stopping: "stops",
  recording: "speaks",
  measuring: "waits",
  again: "hears",
  menu: "chooses",
  replaying: "hears",
  told: "hears",
  goodbye: "hears",
  delivering: "waits",
};

const DIALOGUE: Dialogue<LeavingMessage> = {
  activity: ({ stage }) => ACTIVITIES[stage],
  pressed,
  heard,
  putAgain: sayMenu,
  keysEnded: save,
  question: questionOf,
  answered,
  unanswered,
  recorded,
  gone,
};

function pressed(turn: Turn, leaving: LeavingMessage, key: string): void {
  switch (leaving.stage) {
    case "greeting":
      if (key === "0") stopForOperator(turn, leaving);
      else if (key === "*") stopForMessages(turn, leaving);
      return;
    case "menu":
      pressMenuKey(turn, leaving, key);
      return;
    case "replaying":
    case "told":
      pressMenuKey(turn, leaving, key);
      return;
    default:
      return;
  }
}

function heard(turn: Turn, leaving: LeavingMessage): void {
  switch (leaving.stage) {
    case "again":
      openMessage(turn, leaving);
      return;
    case "replaying":
    case "told":
      openMenu(turn, leaving);
      return;
    case "refusing":
      hangUp(turn, "unavailable");
      return;
    case "goodbye":
      leave(turn);
      return;
    default:
      return;
  }
}

function leave(turn: Turn): void {
  const { ending } = turn.state;
  if (ending === null) hangUp(turn, "normal");
  else endCaller(turn, ending, "NORMAL_CLEARING");
}

function answered(turn: Turn, leaving: LeavingMessage, _question: MailboxQuestion, answer: Answer): void {
  if (leaving.stage === "opening") opened(turn, leaving, answer);
  else if (answer.kind === "measured") measured(turn, leaving, answer.soundMs);
  else unmeasured(turn, leaving);
}

function unanswered(turn: Turn, leaving: LeavingMessage): void {
  if (leaving.stage !== "opening") {
    unmeasured(turn, leaving);
    return;
  }
  turn.note({ kind: "bound_reached", bound: "time to open a mailbox" });
  refuse(turn, leaving, "unavailable");
}

function opened(turn: Turn, leaving: LeavingMessage, answer: Answer): void {
  if (answer.kind === "opened") transferTaken(turn, false);
  if (answer.kind !== "opened")
    refuse(turn, leaving, answer.kind === "refused" && answer.why === "full" ? "full" : "unavailable");
  else if (leaving.greetings.length > 0) sayGreeting(turn, leaving);
  else if (leaving.takes > 1) record(turn, leaving);
  else greet(turn, leaving, answer.greetings);
}

/** The caller hears, unbilled, that the mailbox takes no message. A take that was kept before stays. */
function refuse(turn: Turn, leaving: LeavingMessage, why: "full" | "unavailable"): void {
  turn.note({ kind: "mailbox_refused", box: boxName(leaving.box), why });
  if (leaving.kept !== null) {
    openMenu(turn, leaving);
    return;
  }
  dropTake(turn, leaving);
  stopRingback(turn);
  tell(turn, { ...leaving, earlier: [] }, "refusing", [SOUND_REFUSED[why]]);
}

function recorded(turn: Turn, leaving: LeavingMessage, isLate: boolean): void {
  if (isLate) {
    turn.note({ kind: "bound_reached", bound: "length of a message" });
    stopSound(turn);
  }
  measure(turn, leaving);
}

/** The take could not be measured. It is kept, and an earlier one with it, until voicemail can measure them. */
function unmeasured(turn: Turn, leaving: LeavingMessage): void {
  const { message, urgent, box } = leaving;
  if (leaving.kept === null) {
    measured(turn, leaving, MESSAGE_MIN_MS);
    return;
  }
  deliver(turn, [message, ...earlierTakes(leaving)], urgent);
  turn.patch({ ending: { kind: "message", box: boxName(box) } });
  tell(turn, { ...leaving, kept: null, earlier: [] }, "goodbye", [SOUND_SAVED, SOUND_GOODBYE]);
}

function measured(turn: Turn, leaving: LeavingMessage, soundMs: number): void {
  if (soundMs >= MESSAGE_MIN_MS) {
    openMenu(turn, { ...leaving, kept: leaving.message, earlier: earlierTakes(leaving) });
    return;
  }
  turn.note({ kind: "no_message", box: boxName(leaving.box), why: "too_short" });
  if (leaving.kept !== null) {
    drop(turn, leaving.message);
    openMenu(turn, leaving);
    return;
  }
  dropTake(turn, leaving);
  const now = { ...leaving, earlier: [] };
  if (leaving.takes < TAKES_MAX) tell(turn, now, "again", [SOUND_TOO_SHORT]);
  else tell(turn, now, "goodbye", [SOUND_GOODBYE]);
}

/** The caller has hung up: what they said is delivered, and the call ends when it is in the mailbox. */
function gone(turn: Turn, leaving: LeavingMessage): void {
  const messages = takesOfGone(leaving);
  if (messages.length === 0) {
    if (leaving.stage !== "goodbye" && leaving.stage !== "refusing") drop(turn, leaving.message);
    callerGone(turn);
    return;
  }
  // The take that was being opened is empty.
  if (leaving.stage === "opening") drop(turn, leaving.message);
  const delivering: LeavingMessage = { ...leaving, stage: "delivering", callerGone: true };
  enterStage(turn, enter, delivering);
  turn.arm("answer", turn.atMs + DELIVERY_MS);
  const id = questionOf(delivering)?.id ?? "";
  turn.emit({ type: "ask", id, ask: { kind: "deliver_message", messages, urgent: leaving.urgent } });
}

/** The caller is gone: the call waits for the delivery alone. */
function delivering(turn: Turn, leaving: LeavingMessage, input: Input): boolean {
  const box = boxName(leaving.box);
  const question = questionOf(leaving);
  if (input.type === "answered") {
    if (input.id !== question?.id) return true;
    const isKept = input.answer.kind === "delivered" && input.answer.kept;
    if (isKept) turn.patch({ ending: { kind: "message", box } });
    // A caller who hangs up during the greeting has left no message, and is noted as nothing else.
    else if (leaving.recordId === null) turn.note({ kind: "no_message", box, why: "too_short" });
    callerGone(turn);
    return true;
  }
  if (input.type === "timer" && input.id === "answer") {
    turn.note({ kind: "bound_reached", bound: "time to deliver a message" });
    // Voicemail goes on with the delivery by the message's row, also after a restart.
    if (leaving.recordId === null) turn.patch({ ending: { kind: "message", box } });
    callerGone(turn);
    return true;
  }
  if (input.type === "resync") {
    // Voicemail delivers once, however often it is asked.
    if (question !== undefined) askAgain(turn, question, DELIVERY_MS);
    return true;
  }
  return input.type !== "digit";
}
