/**
 * Takes: a caller may record several times, and each recording (take) is a message of its own until the call ends. An
 * earlier take stays until a later one is long enough, and no take is dropped before it was measured.
 */
import {
  armRecordingClock,
  askMailbox,
  enterStage,
  inform,
  queueRecording,
  type RecordingLimits,
} from "../../call/dialogue/stages.js";
import type { MailboxQuestion, MessageAsk } from "../../call/mailbox-requests.js";
import type { Turn } from "../../call/turn.js";
import { mailboxSettings, silenceLevelOf } from "../../mailbox/mailbox.js";
import { type Box, boxName } from "../../office/box.js";
import type { RoutingTable } from "../../routing/table.js";
import type { LeavingMessage, LeavingStage, StoppingStage } from "./state.js";

/** Puts the state into the call's phase. `recordId` stays only while the queued recording may become the message. */
export function enter(turn: Turn, leaving: LeavingMessage): void {
  const isQueued =
    leaving.stage === "greeting" || leaving.stage === "delivering" || isStopping(leaving.stage);
  turn.enter({ kind: "voicemail", leaving: isQueued ? leaving : { ...leaving, recordId: null } });
}

/** The recording behind a greeting is being stopped. */
function isStopping(stage: LeavingStage): stage is StoppingStage {
  return stage === "stopping" || stage === "stopping_for_operator" || stage === "stopping_for_messages";
}

/** What the mailbox is asked at this stage; the same again after the call was taken over. */
export function questionOf(leaving: LeavingMessage): MailboxQuestion | undefined {
  const { message, urgent } = leaving;
  switch (leaving.stage) {
    case "opening":
      return openQuestion(leaving);
    case "measuring":
      return question(message, { kind: "measure_message", message });
    case "delivering":
      return question(message, { kind: "deliver_message", messages: allTakes(leaving), urgent });
    default:
      return undefined;
  }
}

function question(message: string, ask: MessageAsk): MailboxQuestion {
  return { id: `${ask.kind} ${message}`, ask };
}

/** Opens a message for another take. */
export function openMessage(turn: Turn, leaving: LeavingMessage): void {
  const message = turn.playId();
  const opening: LeavingMessage = { ...leaving, stage: "opening", message, takes: leaving.takes + 1 };
  askMailbox(turn, enter, opening, openQuestion(opening));
}

/** A take replaces an earlier one only where the caller has asked for that, in the menu. */
function openQuestion({ message, box, kept }: LeavingMessage): MailboxQuestion {
  const alone = kept === null ? ({ alone: true } as const) : {};
  return question(message, { kind: "open_message", message, box, ...alone });
}

/** Another take without a greeting: the tone, and the recording right behind it. */
export function record(turn: Turn, leaving: LeavingMessage): void {
  const playId = turn.playId();
  enterStage(turn, enter, { ...leaving, stage: "recording", playId });
  armRecording(turn, leaving);
  turn.emit({ type: "save", guard: false, recording: true });
  queueTake(turn, leaving, playId);
}

export function queueTake(turn: Turn, { box, message }: LeavingMessage, recordId: string): void {
  queueRecording(turn, recordId, message, limitsOf(box, turn.world.office));
}

/** What ends a recording at this mailbox. */
export function limitsOf(box: Box, office: RoutingTable): RecordingLimits {
  const settings = mailboxSettings(box, office);
  const { limitMs, silenceMs } = settings;
  return { limitMs, silenceMs, silenceLevel: silenceLevelOf(settings) };
}

/** @param extraMs of a greeting that may still play */
export function armRecording(turn: Turn, { box }: LeavingMessage, extraMs = 0): void {
  armRecordingClock(turn, mailboxSettings(box, turn.world.office).limitMs + extraMs);
  turn.note({ kind: "recording", box: boxName(box) });
}

/** Not saved: an engine that takes over sees that the recording is over, and measures it. */
export function measure(turn: Turn, leaving: LeavingMessage): void {
  const { message } = leaving;
  const ask = question(message, { kind: "measure_message", message });
  askMailbox(turn, enter, { ...leaving, stage: "measuring", greetings: [] }, ask, false);
}

/** Takes before the one in progress that are or may be long enough, the newest first. */
export function earlierTakes({ kept, earlier }: LeavingMessage): string[] {
  return [...(kept === null ? [] : [kept]), ...earlier];
}

/** With the take in progress, which is the newest unless it has been kept already. */
function allTakes(leaving: LeavingMessage): string[] {
  return [...new Set([leaving.message, ...earlierTakes(leaving)])];
}

/**
 * Takes that may be the message of a caller who has hung up, the best first; none: nothing was said, or it is
 * delivered.
 */
export function takesOfGone(leaving: LeavingMessage): string[] {
  switch (leaving.stage) {
    case "greeting":
    case "stopping":
    case "stopping_for_operator":
    case "stopping_for_messages":
    case "recording":
    case "measuring":
      return [leaving.message, ...earlierTakes(leaving)];
    case "goodbye":
    case "refusing":
      return [];
    default:
      return earlierTakes(leaving);
  }
}

/** Voicemail delivers the first of these takes that is long enough, whatever becomes of the call. */
export function deliver(turn: Turn, messages: readonly string[], urgent: boolean): void {
  const [first = ""] = messages;
  const { id, ask } = question(first, { kind: "deliver_message", messages, urgent });
  inform(turn, ask, id);
}

export function drop(turn: Turn, message: string): void {
  inform(turn, { kind: "drop_message", message }, `drop_message ${message}`);
}

/** The kept take becomes the caller's message. */
export function deliverKept(turn: Turn, leaving: LeavingMessage): void {
  if (leaving.kept === null) return;
  deliver(turn, earlierTakes(leaving), leaving.urgent);
  turn.patch({ ending: { kind: "message", box: boxName(leaving.box) } });
}

/** Drops the take in progress, which holds nothing. Earlier takes were not measured: voicemail does that now. */
export function dropTake(turn: Turn, leaving: LeavingMessage): void {
  const earlier = earlierTakes(leaving);
  if (earlier.length > 0) deliver(turn, earlier, leaving.urgent);
  drop(turn, leaving.message);
}
