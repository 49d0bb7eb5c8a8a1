/**
 * Keys that are typed one after the other: an extension, a PIN, a new PIN. And what they lead to: whoever listens is
 * known, or sent away.
 *
 * A PIN is never spoken, and never written down. Wrong ones are counted by the mailroom, across calls.
 */

import { isMember } from "../../mailbox/mailbox.js";
import { numbersOf, weakPin } from "../../mailbox/pin.js";
import type { Box } from "../../office/box.js";
import { ENTRY_DIGIT_WAIT_MS, ENTRY_DIGITS_MAX, ENTRY_WRONG_MAX } from "../bounds.js";
import type { Answer } from "../mailbox-requests.js";
import type { Turn } from "../turn.js";
import { openMenu } from "./menus.js";
import { lookAgain, noteListener } from "./messages.js";
import { ENTRY_SOUNDS, NOT_NOW } from "./sounds.js";
import type { Entry, Listening } from "./state.js";
import { ask, mayRepeat, sayEntry, sayGoodbye, stopSound, tell } from "./turn.js";

/** Asks for it, from the first key on. */
export function askEntry(
  turn: Turn,
  listening: Listening,
  entry: Entry,
  first: readonly string[] = [],
): void {
  sayEntry(turn, { ...listening, repeats: 0 }, entry, [...first, ...ENTRY_SOUNDS[entry]]);
}

/** A key of an entry; the first one stops the question. */
export function typeKey(turn: Turn, listening: Listening, entry: Entry, key: string): void {
  const { typed } = listening;
  if (typed === "") stopSound(turn);
  if (key === "#") submit(turn, listening, entry);
  else if (key === "*") cancel(turn, listening, entry);
  else if (/^[0-9]$/.test(key)) {
    const longer = `${typed}${key}`.slice(0, ENTRY_DIGITS_MAX);
    turn.enter({
      kind: "listening",
      listening: { ...listening, stage: { at: "entry", entry }, typed: longer },
    });
    turn.arm("say", turn.atMs + ENTRY_DIGIT_WAIT_MS);
  }
}

/** Nobody pressed anything for a while: what is there counts; without a key the question is put once more. */
export function entryPause(turn: Turn, listening: Listening, entry: Entry): void {
  if (listening.typed !== "") submit(turn, listening, entry);
  else if (mayRepeat(listening)) repeatEntry(turn, listening, entry);
  else sayGoodbye(turn, listening);
}

/** Asks once more, from the first key on. */
export function repeatEntry(turn: Turn, listening: Listening, entry: Entry): void {
  sayEntry(turn, { ...listening, repeats: listening.repeats + 1 }, entry, ENTRY_SOUNDS[entry]);
}

/** Star goes back to where they came from; who is not known yet begins anew. */
function cancel(turn: Turn, listening: Listening, entry: Entry): void {
  if (entry === "forward_to") openMenu(turn, listening, "message");
  else if (entry === "new_pin" || entry === "new_pin_again")
    openMenu(turn, withoutPin(listening), "settings");
  else askEntry(turn, listening, entry);
}

function withoutPin(listening: Listening): Listening {
  return { ...listening, typed: "", newPin: "" };
}

function submit(turn: Turn, listening: Listening, entry: Entry): void {
  const { typed } = listening;
  switch (entry) {
    case "extension":
      identify(turn, listening, typed);
      return;
    case "pin":
      checkPin(turn, listening, typed);
      return;
    case "new_pin":
      choosePin(turn, listening, typed);
      return;
    case "new_pin_again":
      if (typed !== listening.newPin) askEntry(turn, withoutPin(listening), "new_pin", ["vm-pin-differs"]);
      else ask(turn, withoutPin(listening), { kind: "set_pin", username: listening.username, pin: typed });
      return;
    case "forward_to":
      forwardTo(turn, listening, typed);
      return;
  }
}

/** A person's extension says who listens; a group's says where, and then it is asked who they are. */
function identify(turn: Turn, listening: Listening, extension: string): void {
  const owner = turn.world.office.lookupExtension(extension);
  if (owner === undefined) {
    wrong(turn, listening, "extension", "vm-unknown-extension");
    return;
  }
  if (owner.kind === "group") {
    askEntry(turn, { ...listening, box: { kind: "group", id: owner.group.id } }, "extension", [
      "vm-who-are-you",
    ]);
    return;
  }
  askEntry(turn, { ...listening, username: owner.user.username }, "pin");
}

/** The same is asked again, some times. */
function wrong(turn: Turn, listening: Listening, entry: Entry, sound: string): void {
  const now = { ...listening, typed: "", wrong: listening.wrong + 1 };
  if (now.wrong < ENTRY_WRONG_MAX) askEntry(turn, now, entry, [sound]);
  else sayGoodbye(turn, now, [sound]);
}

function checkPin(turn: Turn, listening: Listening, pin: string): void {
  const { username } = listening;
  const user = turn.world.office.user(username);
  if (pin === "" || user === undefined || user.suspended === true) {
    wrong(turn, listening, "pin", "vm-wrong-pin");
    return;
  }
  ask(turn, { ...listening, typed: "" }, { kind: "check_pin", username, pin });
}

export function pinChecked(turn: Turn, listening: Listening, answer: Answer): void {
  const { username } = listening;
  if (answer.kind !== "pin") {
    sayGoodbye(turn, listening, [NOT_NOW]);
    return;
  }
  if (answer.verdict === "right") {
    admit(turn, { ...listening, wrong: 0 });
    return;
  }
  turn.note({ kind: "pin_refused", username, why: answer.verdict });
  // Nobody is told that there is none: whose mailbox can be tried is not for callers to know.
  if (answer.verdict === "locked") sayGoodbye(turn, listening, ["vm-locked"]);
  else wrong(turn, listening, "pin", "vm-wrong-pin");
}

/** They are who they say: are they at their own mailbox, or one they share? */
export function admit(turn: Turn, listening: Listening): void {
  const { username } = listening;
  const user = turn.world.office.user(username);
  const box: Box = listening.box ?? { kind: "user", username };
  const shares = isMember(box, username, turn.world.office);
  const known = { ...listening, box, admitted: true };
  if (user === undefined || user.suspended === true || !shares) {
    sayGoodbye(turn, { ...known, admitted: false }, ["vm-not-yours"]);
    return;
  }
  noteListener(turn, known);
  turn.patch({ ending: { kind: "listened", by: username } });
  lookAgain(turn, known);
}

function choosePin(turn: Turn, listening: Listening, pin: string): void {
  const problem = weakPin(pin, numbersOf(listening.username, turn.world.office));
  if (problem === undefined) askEntry(turn, { ...listening, newPin: pin }, "new_pin_again");
  else if (problem === "length" || problem === "not_digits")
    wrong(turn, listening, "new_pin", "vm-pin-length");
  else wrong(turn, listening, "new_pin", "vm-pin-weak");
}

export function pinSet(turn: Turn, listening: Listening, answer: Answer): void {
  const said = answer.kind === "done" ? "vm-pin-set" : answer.kind === "refused" ? "vm-pin-weak" : NOT_NOW;
  openMenu(turn, listening, "settings", [said]);
}

function forwardTo(turn: Turn, listening: Listening, extension: string): void {
  const owner = turn.world.office.lookupExtension(extension);
  if (owner === undefined) {
    tell(turn, { ...listening, typed: "" }, ["vm-unknown-extension"], { to: "menu", menu: "message" });
    return;
  }
  const to: Box =
    owner.kind === "user"
      ? { kind: "user", username: owner.user.username }
      : { kind: "group", id: owner.group.id };
  openMenu(
    turn,
    { ...listening, typed: "", purpose: { for: "introduction", to, as: turn.playId() } },
    "intro",
  );
}
