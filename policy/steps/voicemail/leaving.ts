/**
 * A caller leaves a message: greeting, tone, recording, and a menu for those who stay on the line.
 *
 * The order is what keeps messages from being lost: the message has its row in the database before the
 * recording begins (`open_message`), and from then on either this call or, after a crash, the next start of
 * the engine sees to it. Greeting, tone and recording are queued on the switch together: nothing lies between them,
 * however late the engine hears of each, and who is at a mailbox when the engine dies can speak until its lease ends.
 * So from the greeting on there may be something in the file, and nobody drops it unmeasured. Whatever ends the
 * recording, the file is measured before anything is decided; a caller who hangs up is waited for until their message
 * is in the mailbox (`settling`).
 */

import {
  ANNOUNCE_MAX_MS,
  DESK_MS,
  MENU_REPEATS_MAX,
  MENU_WAIT_MS,
  MESSAGE_MIN_MS,
  RECORD_BEGINS_MS,
  RECORD_EXTRA_MS,
  SETTLE_MS,
  TAKES_MAX,
} from "../../call/bounds.js";
import { callerGone, endCaller, hangUp } from "../../call/ending.js";
import { sourceOf } from "../../call/flow.js";
import type { Input } from "../../call/input.js";
import type { RecordedGreeting } from "../../call/mailbox-requests.js";
import { askSwitch, doubtSound, isOver, otherHeard } from "../../call/recording-check.js";
import { stopRingback } from "../../call/ringback.js";
import { SOUND_BEEP, SOUND_GOODBYE } from "../../call/sounds.js";
import type { Turn } from "../../call/turn.js";
import { boxOwner, mailboxSettings } from "../../mailbox/mailbox.js";
import { type Box, boxName } from "../../office/box.js";
import {
  greetingChoices,
  MENU_OPERATOR,
  SOUND_MENU,
  SOUND_NOT_URGENT,
  SOUND_REFUSED,
  SOUND_SAVED,
  SOUND_TOO_SHORT,
  SOUND_URGENT,
} from "./sounds.js";
import type { LeavingMessage, LeavingStage } from "./state.js";

/** A `voicemail` step begins: is the mailbox ready for a message? */
export function beginVoicemail(turn: Turn, box: Box): void {
  if (boxOwner(box, turn.world.office) === undefined) {
    // Only an office older than the check can name a mailbox that nobody owns.
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
    playId: "",
    callerGone: false,
  });
}

/** Each take is a message of its own: an earlier one stays until a later one has proved good. */
function openMessage(turn: Turn, taking: LeavingMessage): void {
  const message = turn.playId();
  enter(turn, { ...taking, stage: "opening", message, takes: taking.takes + 1 });
  turn.arm("desk", turn.atMs + DESK_MS);
  turn.emit({ type: "save", guard: false });
  turn.emit({ type: "open_message", message, box: taking.box });
}

function enter(turn: Turn, { recordId, ...taking }: LeavingMessage): void {
  turn.disarm("say");
  turn.disarm("desk");
  turn.disarm("record");
  turn.disarm("look");
  const isQueued = recordId !== undefined && (taking.stage === "greeting" || taking.stage === "settling");
  turn.enter({ kind: "voicemail", taking: isQueued ? { ...taking, recordId } : taking });
}

/** Plays to the caller; the stage goes on when it has been heard, or its bound is reached. */
function say(turn: Turn, taking: LeavingMessage, stage: LeavingStage, sounds: readonly string[]): void {
  const playId = turn.playId();
  enter(turn, { ...taking, stage, playId });
  turn.arm("say", turn.atMs + ANNOUNCE_MAX_MS);
  // Before what it tells of: an engine that takes over may find too little done, and never too much.
  turn.emit({ type: "save", guard: false });
  turn.emit({ type: "play", channel: turn.state.id, playId, sounds });
  if (turn.state.caller.media === "none") turn.patchCaller({ media: "early" });
}

export function voicemail(turn: Turn, taking: LeavingMessage, input: Input): boolean {
  if (taking.stage === "settling") return settling(turn, taking, input);
  switch (input.type) {
    case "caller_gone":
      gone(turn, taking);
      return true;
    case "resync":
      resync(turn, taking, input.caller);
      return true;
    case "caller_parked":
    case "contacts_changed":
    case "bridged":
    case "bridge_refused":
      return true;
    case "timer":
      if (input.id !== "look") return atStage(turn, taking, input);
      askSwitch(turn);
      return true;
    case "played":
      if (input.playId !== taking.playId) otherHeard(turn);
      return atStage(turn, taking, input);
    default:
      return atStage(turn, taking, input);
  }
}

function atStage(turn: Turn, taking: LeavingMessage, input: Input): boolean {
  switch (taking.stage) {
    case "opening":
      return opening(turn, taking, input);
    case "greeting":
      return greeting(turn, taking, input);
    case "recording":
      return recording(turn, taking, input);
    case "measuring":
      return measuring(turn, taking, input);
    case "menu":
      return menu(turn, taking, input);
    case "replaying":
    case "told":
      return duringMenu(turn, taking, input);
    case "again":
      return said(turn, taking, input, () => openMessage(turn, taking));
    case "refusing":
      return said(turn, taking, input, () => hangUp(turn, "unavailable"));
    case "leaving":
      return said(turn, taking, input, () => leave(turn));
    case "settling":
      return false;
  }
}

/** Goes on when what is being said was heard, or takes too long. */
function said(turn: Turn, taking: LeavingMessage, input: Input, goOn: () => void): boolean {
  const heard = input.type === "played" && input.playId === taking.playId;
  const late = input.type === "timer" && input.id === "say";
  if (late) turn.emit({ type: "stop_playing", channel: turn.state.id });
  if (heard || late) goOn();
  return heard || late || input.type === "played";
}

function opening(turn: Turn, taking: LeavingMessage, input: Input): boolean {
  if (input.type === "timer" && input.id === "desk") {
    turn.note({ kind: "bound_reached", bound: "time to open a mailbox" });
    refuse(turn, taking, "unavailable");
    return true;
  }
  if (input.type !== "message_opened") return input.type === "played";
  if (input.message !== taking.message) return true;
  if (input.refused !== null) refuse(turn, taking, input.refused);
  else if (taking.greetings.length > 0) sayGreeting(turn, taking);
  else if (taking.takes > 1) record(turn, taking);
  else greet(turn, taking, input.greetings);
  return true;
}

/** Takes that are or may be long enough, the newest first: the mailroom delivers the first that is and that it can read. */
function good({ kept, earlier }: LeavingMessage): string[] {
  // A state that an older engine has written knows of no earlier ones.
  return [...(kept === null ? [] : [kept]), ...(earlier ?? [])];
}

/** The caller hears, unbilled, that there is no leaving a message; one that was taken before is kept. */
function refuse(turn: Turn, taking: LeavingMessage, why: "full" | "unavailable"): void {
  turn.note({ kind: "mailbox_refused", box: boxName(taking.box), why });
  if (taking.kept !== null) {
    sayMenu(turn, taking);
    return;
  }
  settle(turn, taking);
  stopRingback(turn);
  say(turn, { ...taking, earlier: [] }, "refusing", [SOUND_REFUSED[why]]);
}

function greet(turn: Turn, taking: LeavingMessage, recorded: readonly RecordedGreeting[]): void {
  stopRingback(turn);
  if (turn.state.caller.media !== "answered") {
    turn.emit({ type: "answer_caller" });
    turn.patchCaller({ media: "answered" });
  }
  turn.emit({ type: "prepare_recording" });
  turn.note({ kind: "greeting", box: boxName(taking.box) });
  sayGreeting(turn, { ...taking, greetings: greetingChoices(turn, taking.box, recorded) });
}

/** The best greeting there is, with tone and recording behind it. */
function sayGreeting(turn: Turn, taking: LeavingMessage): void {
  const [sounds = [], ...greetings] = taking.greetings;
  const playId = turn.playId();
  const recordId = turn.playId();
  const now = { ...taking, greetings, stage: "greeting", playId, recordId } as const;
  enter(turn, now);
  turn.arm("say", turn.atMs + ANNOUNCE_MAX_MS);
  turn.emit({ type: "save", guard: false, recording: true });
  turn.emit({ type: "play", channel: turn.state.id, playId, sounds });
  queueRecording(turn, now, recordId);
}

function queueRecording(turn: Turn, { box, message }: LeavingMessage, recordId: string): void {
  const { limitMs, silenceMs } = mailboxSettings(box, turn.world.office);
  turn.emit({ type: "play", channel: turn.state.id, playId: turn.playId(), sounds: [SOUND_BEEP] });
  turn.emit({ type: "record", playId: recordId, message, limitMs, silenceMs });
}

/**
 * The file of a greeting is not there: the next best is said, and none is left with a tone alone. The switch goes on to
 * the tone meanwhile, so a message for the next one is opened, lest it write over what may have been said.
 */
function nextGreeting(turn: Turn, taking: LeavingMessage): void {
  const { message, earlier, takes } = taking;
  turn.emit({ type: "stop_playing", channel: turn.state.id });
  openMessage(turn, { ...taking, earlier: [message, ...(earlier ?? [])], takes: takes - 1 });
}

/** Nothing is saved: whoever takes the call over sees that it is recording. @param extraMs of a greeting whose end is not known */
function greeted(turn: Turn, taking: LeavingMessage, recordId: string, extraMs = 0): void {
  const isDoubted = "look" in turn.state.timers;
  enter(turn, { ...taking, stage: "recording", playId: recordId, greetings: [] });
  armRecording(turn, taking, extraMs);
  if (isDoubted) turn.arm("look", turn.atMs + RECORD_BEGINS_MS);
}

function armRecording(turn: Turn, { box }: LeavingMessage, extraMs = 0): void {
  const { limitMs } = mailboxSettings(box, turn.world.office);
  turn.arm("record", turn.atMs + limitMs + RECORD_EXTRA_MS + extraMs);
  turn.note({ kind: "recording", box: boxName(box) });
}

/** `#` ends a sound on the switch itself (playback_terminators), so it is not looked at here. */
function greeting(turn: Turn, taking: LeavingMessage, input: Input): boolean {
  if (input.type === "digit" && input.digit === "0") {
    toOperator(turn, taking);
    return true;
  }
  if (input.type === "digit" && input.digit === "*") {
    listen(turn, taking);
    return true;
  }
  const { playId, recordId, greetings } = taking;
  if (recordId === undefined) return said(turn, taking, input, () => record(turn, taking));
  switch (input.type) {
    case "played":
      if (input.playId !== playId) return true;
      if (input.missing === true && greetings.length > 0) nextGreeting(turn, taking);
      else greeted(turn, taking, recordId);
      return true;
    case "recorded":
      if (input.playId === recordId) measure(turn, taking);
      return true;
    case "timer":
      // It may be that long; or its end was not heard, and what would be stopped is the message.
      if (input.id === "say") greeted(turn, taking, recordId, ANNOUNCE_MAX_MS);
      return input.id === "say";
    default:
      return false;
  }
}

/** Another take: the tone, and the recording right behind it. */
function record(turn: Turn, taking: LeavingMessage): void {
  const playId = turn.playId();
  enter(turn, { ...taking, stage: "recording", playId });
  armRecording(turn, taking);
  turn.emit({ type: "save", guard: false, recording: true });
  queueRecording(turn, taking, playId);
}

function recording(turn: Turn, taking: LeavingMessage, input: Input): boolean {
  switch (input.type) {
    case "recorded":
      if (input.playId === taking.playId) measure(turn, taking);
      return true;
    case "timer":
      if (input.id !== "record") return false;
      turn.note({ kind: "bound_reached", bound: "length of a message" });
      turn.emit({ type: "stop_playing", channel: turn.state.id });
      measure(turn, taking);
      return true;
    case "played":
      return true;
    default:
      return false;
  }
}

function measure(turn: Turn, taking: LeavingMessage): void {
  enter(turn, { ...taking, stage: "measuring", greetings: [] });
  turn.arm("desk", turn.atMs + DESK_MS);
  turn.emit({ type: "measure_message", message: taking.message });
}

function measuring(turn: Turn, taking: LeavingMessage, input: Input): boolean {
  if (input.type === "timer" && input.id === "desk") {
    unmeasured(turn, taking);
    return true;
  }
  if (input.type !== "message_measured") return input.type === "played" || input.type === "recorded";
  if (input.message === taking.message) measured(turn, taking, input.soundMs);
  return true;
}

/** Nobody knows how long it is: then it is kept, and an earlier take with it, until the mailroom can tell. */
function unmeasured(turn: Turn, taking: LeavingMessage): void {
  const { message, urgent, box } = taking;
  if (taking.kept === null) {
    measured(turn, taking, MESSAGE_MIN_MS);
    return;
  }
  turn.emit({ type: "deliver_message", messages: [message, ...good(taking)], urgent });
  turn.patch({ ending: { kind: "message", box: boxName(box) } });
  say(turn, { ...taking, kept: null, earlier: [] }, "leaving", [SOUND_SAVED, SOUND_GOODBYE]);
}

function measured(turn: Turn, taking: LeavingMessage, soundMs: number): void {
  if (soundMs >= MESSAGE_MIN_MS) {
    sayMenu(turn, { ...taking, kept: taking.message, earlier: good(taking), repeats: 0 });
    return;
  }
  turn.note({ kind: "no_message", box: boxName(taking.box), why: "too_short" });
  if (taking.kept !== null) {
    turn.emit({ type: "drop_message", message: taking.message });
    sayMenu(turn, taking);
    return;
  }
  settle(turn, taking);
  const now = { ...taking, earlier: [] };
  if (taking.takes < TAKES_MAX) say(turn, now, "again", [SOUND_TOO_SHORT]);
  else say(turn, now, "leaving", [SOUND_GOODBYE]);
}

/** There is no message, unless something was said where a greeting was missing: the mailroom looks. */
function settle(turn: Turn, taking: LeavingMessage): void {
  const { message, urgent } = taking;
  const earlier = good(taking);
  if (earlier.length > 0) turn.emit({ type: "deliver_message", messages: earlier, urgent });
  turn.emit({ type: "drop_message", message });
}

/** The message is safe from here on: hanging up, silence and every key but 3 keep it. */
function sayMenu(turn: Turn, taking: LeavingMessage): void {
  const { operator } = mailboxSettings(taking.box, turn.world.office);
  const sounds = operator === undefined ? [SOUND_MENU] : [SOUND_MENU, MENU_OPERATOR];
  say(turn, { ...taking, repeats: taking.repeats + 1 }, "menu", sounds);
}

function menu(turn: Turn, taking: LeavingMessage, input: Input): boolean {
  if (input.type === "digit") {
    menuKey(turn, taking, input.digit);
    return true;
  }
  if (input.type === "played") {
    // The menu was heard: a little time to decide.
    if (input.playId === taking.playId) turn.arm("say", turn.atMs + MENU_WAIT_MS);
    return true;
  }
  if (input.type !== "timer" || input.id !== "say") return input.type === "recorded";
  if (taking.repeats < MENU_REPEATS_MAX) sayMenu(turn, taking);
  else save(turn, taking);
  return true;
}

/** While something else is said the keys mean the same: nobody has to listen to the end. */
function duringMenu(turn: Turn, taking: LeavingMessage, input: Input): boolean {
  if (input.type === "digit") {
    menuKey(turn, taking, input.digit);
    return true;
  }
  return said(turn, taking, input, () => sayMenu(turn, taking));
}

function menuKey(turn: Turn, taking: LeavingMessage, key: string): void {
  const stop = () => turn.emit({ type: "stop_playing", channel: turn.state.id });
  switch (key) {
    case "1":
    case "#":
      stop();
      save(turn, taking);
      return;
    case "2":
      stop();
      say(turn, { ...taking, repeats: 0 }, "replaying", [`recording:${taking.kept ?? taking.message}`]);
      return;
    case "3":
      stop();
      if (taking.takes < TAKES_MAX) openMessage(turn, { ...taking, repeats: 0 });
      else sayMenu(turn, taking);
      return;
    case "4": {
      stop();
      const urgent = !taking.urgent;
      for (const message of good(taking)) turn.emit({ type: "mark_urgent", message, urgent });
      say(turn, { ...taking, urgent, repeats: 0 }, "told", [urgent ? SOUND_URGENT : SOUND_NOT_URGENT]);
      return;
    }
    case "0":
      toOperator(turn, taking);
      return;
    default:
      return;
  }
}

function save(turn: Turn, taking: LeavingMessage): void {
  deliver(turn, taking);
  say(turn, taking, "leaving", [SOUND_SAVED, SOUND_GOODBYE]);
}

function leave(turn: Turn): void {
  const { ending } = turn.state;
  if (ending === null) hangUp(turn, "normal");
  else endCaller(turn, ending, "NORMAL_CLEARING");
}

/** From here on the mailroom has it: whatever becomes of the call, the message arrives. */
function deliver(turn: Turn, taking: LeavingMessage): void {
  if (taking.kept === null) return;
  turn.emit({ type: "deliver_message", messages: good(taking), urgent: taking.urgent });
  turn.patch({ ending: { kind: "message", box: boxName(taking.box) } });
}

/** 0: somebody else is to be reached; a message that was left stays, and what nobody has measured is measured. */
function toOperator(turn: Turn, taking: LeavingMessage): void {
  const { operator } = mailboxSettings(taking.box, turn.world.office);
  if (operator === undefined) return;
  turn.emit({ type: "stop_playing", channel: turn.state.id });
  const isOpen = taking.kept === null || taking.stage === "greeting";
  const messages = isOpen ? [taking.message, ...good(taking)] : good(taking);
  turn.emit({ type: "deliver_message", messages, urgent: taking.urgent });
  turn.emit({ type: "forget_recording" });
  turn.disarm("say");
  turn.goOn = { kind: "hop", source: sourceOf(turn, operator) };
}

/** Star: it is no caller, but somebody who wants to hear this mailbox, where the office lets them. */
function listen(turn: Turn, taking: LeavingMessage): void {
  const { box, message, urgent } = taking;
  if (mailboxSettings(box, turn.world.office).remoteAccess === "none") return;
  turn.emit({ type: "stop_playing", channel: turn.state.id });
  turn.emit({ type: "deliver_message", messages: [message, ...good(taking)], urgent });
  turn.goOn = { kind: "listen", box };
}

/** The caller has hung up: what they said is looked at, and the call ends when it is in the mailbox. */
function gone(turn: Turn, taking: LeavingMessage): void {
  const messages = left(taking);
  if (messages.length === 0) {
    if (taking.stage !== "leaving" && taking.stage !== "refusing")
      turn.emit({ type: "drop_message", message: taking.message });
    callerGone(turn);
    return;
  }
  // A further take was being opened: nothing is in it.
  if (taking.stage === "opening") turn.emit({ type: "drop_message", message: taking.message });
  enter(turn, { ...taking, stage: "settling", callerGone: true });
  turn.arm("desk", turn.atMs + SETTLE_MS);
  turn.emit({ type: "deliver_message", messages, urgent: taking.urgent });
}

/** Recordings that may be the caller's message, the best first; none: nothing was said, or all is settled. */
function left(taking: LeavingMessage): string[] {
  const earlier = good(taking);
  switch (taking.stage) {
    case "greeting":
    case "recording":
    case "measuring":
      return [taking.message, ...earlier];
    case "leaving":
    case "refusing":
      return [];
    case "opening":
    case "again":
    case "menu":
    case "replaying":
    case "told":
    case "settling":
      return earlier;
  }
}

function settling(turn: Turn, taking: LeavingMessage, input: Input): boolean {
  const box = boxName(taking.box);
  if (input.type === "message_delivered") {
    if (input.kept) turn.patch({ ending: { kind: "message", box } });
    // Who hangs up while they are greeted has left none.
    else if (taking.recordId === undefined) turn.note({ kind: "no_message", box, why: "too_short" });
    callerGone(turn);
    return true;
  }
  if (input.type === "timer" && input.id === "desk") {
    turn.note({ kind: "bound_reached", bound: "time to deliver a message" });
    // The mailroom goes on with it; its row says that there is a recording to look at.
    if (taking.recordId === undefined) turn.patch({ ending: { kind: "message", box } });
    callerGone(turn);
    return true;
  }
  if (input.type === "resync") {
    // An engine that took over does not know what the one before it has done; asking twice delivers once.
    const messages = [...new Set([taking.message, ...good(taking)])];
    turn.emit({ type: "deliver_message", messages, urgent: taking.urgent });
    return true;
  }
  return input.type !== "digit";
}

type LiveCaller = Extract<Input, { type: "resync" }>["caller"];

/** The connection is back: what was playing or being recorded may have ended unheard. */
function resync(turn: Turn, taking: LeavingMessage, caller: LiveCaller): void {
  if (caller === null) {
    gone(turn, taking);
    return;
  }
  switch (taking.stage) {
    case "opening":
      turn.emit({ type: "open_message", message: taking.message, box: taking.box });
      return;
    case "greeting":
      resyncGreeting(turn, taking, caller);
      return;
    case "recording":
      if (isOver(turn, caller)) measure(turn, taking);
      return;
    case "measuring":
      turn.emit({ type: "measure_message", message: taking.message });
      return;
    case "menu":
      if (caller.playing) doubtSound(turn);
      // Its end was heard, and a key is waited for; or its end came while nobody listened: then it is said once more.
      if (!caller.playing && turn.isDueAfter("say", MENU_WAIT_MS))
        sayMenu(turn, { ...taking, repeats: taking.repeats - 1 });
      return;
    case "leaving":
      deliver(turn, taking);
      if (caller.playing) doubtSound(turn);
      else leave(turn);
      return;
    default:
      if (caller.playing) doubtSound(turn);
      else atStage(turn, taking, { type: "played", atMs: turn.atMs, playId: taking.playId });
  }
}

/** It may play on, or the recording behind it may have begun, or that may be over, too. */
function resyncGreeting(turn: Turn, taking: LeavingMessage, caller: NonNullable<LiveCaller>): void {
  const { playId, recordId } = taking;
  // What was to be queued behind it may have been lost on the way.
  if (caller.playing) doubtSound(turn);
  else if (recordId === undefined) atStage(turn, taking, { type: "played", atMs: turn.atMs, playId });
  else if (isOver(turn, caller)) measure(turn, taking);
  else if (caller.recording === true) greeted(turn, taking, recordId);
}
