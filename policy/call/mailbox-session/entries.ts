/**
 * Entries: an extension, a PIN or a new PIN, typed key by key, and what each leads to. Extension and PIN say who the
 * listener is, or the listener is turned away. A PIN is never spoken, and never written down. Voicemail counts wrong
 * PINs across calls.
 */

import { isMember } from "../../mailbox/mailbox.js";
import { numbersOf, weakPin } from "../../mailbox/pin.js";
import type { Box } from "../../office/box.js";
import { ENTRY_DIGIT_WAIT_MS, ENTRY_DIGITS_MAX, ENTRY_WRONG_MAX } from "../bounds.js";
import { stopSound, thinkFor } from "../dialogue/stages.js";
import type { Answer } from "../mailbox-requests.js";
import type { Turn } from "../turn.js";
import { openMenu } from "./menus.js";
import { countMessages, noteListener } from "./messages.js";
import { ENTRY_SOUNDS, NOT_NOW } from "./sounds.js";
import { ask, enter, sayEntry, sayGoodbye, tell } from "./stages.js";
import { type Entry, listenerOf, type MailboxSession } from "./state.js";

/** Asks for an entry, from the first key on. */
export function askEntry(
  turn: Turn,
  session: MailboxSession,
  entry: Entry,
  first: readonly string[] = [],
): void {
  sayEntry(turn, { ...session, repeats: 0 }, entry, [...first, ...ENTRY_SOUNDS[entry]]);
}

/** A key of an entry; the first one stops the question. */
export function typeKey(turn: Turn, session: MailboxSession, entry: Entry, key: string): void {
  const { typed } = session;
  if (typed === "") stopSound(turn);
  if (key === "#") submit(turn, session, entry);
  else if (key === "*") cancel(turn, session, entry);
  else if (/^[0-9]$/.test(key)) {
    const longer = `${typed}${key}`.slice(0, ENTRY_DIGITS_MAX);
    enter(turn, { ...session, stage: { at: "entry", entry }, typed: longer });
    thinkFor(turn, ENTRY_DIGIT_WAIT_MS);
  }
}

/** No further key came: what was typed counts. Without any key the call ends. */
export function entryEnded(turn: Turn, session: MailboxSession, entry: Entry): void {
  if (session.typed === "") sayGoodbye(turn, session);
  else submit(turn, session, entry);
}

/** Asks once more, from the first key on. The caller of this has counted the repetition, where it counts. */
export function repeatEntry(turn: Turn, session: MailboxSession, entry: Entry): void {
  sayEntry(turn, session, entry, ENTRY_SOUNDS[entry]);
}

/** Star goes back to the menu before; a listener who is not known yet begins anew. */
function cancel(turn: Turn, session: MailboxSession, entry: Entry): void {
  if (entry === "forward_to") openMenu(turn, session, "message");
  else if (entry === "new_pin" || entry === "new_pin_again") openMenu(turn, withoutPin(session), "settings");
  else askEntry(turn, session, entry);
}

function withoutPin(session: MailboxSession): MailboxSession {
  return { ...session, typed: "", newPin: null };
}

function submit(turn: Turn, session: MailboxSession, entry: Entry): void {
  const { typed } = session;
  switch (entry) {
    case "extension":
      identify(turn, session, typed);
      return;
    case "pin":
      checkPin(turn, session, typed);
      return;
    case "new_pin":
      choosePin(turn, session, typed);
      return;
    case "new_pin_again":
      if (typed !== session.newPin) askEntry(turn, withoutPin(session), "new_pin", ["vm-pin-differs"]);
      else ask(turn, withoutPin(session), { kind: "set_pin", username: listenerOf(session), pin: typed });
      return;
    case "forward_to":
      forwardTo(turn, session, typed);
      return;
  }
}

/** A user's extension says who the listener is. A group's names the mailbox; then the listener's own is asked for. */
function identify(turn: Turn, session: MailboxSession, extension: string): void {
  const owner = turn.world.office.lookupExtension(extension);
  if (owner === undefined) {
    wrong(turn, session, "extension", "vm-unknown-extension");
    return;
  }
  if (owner.kind === "group") {
    askEntry(turn, { ...session, box: { kind: "group", id: owner.group.id } }, "extension", [
      "vm-who-are-you",
    ]);
    return;
  }
  askEntry(turn, { ...session, username: owner.user.username }, "pin");
}

/** The entry was wrong. It is asked for again, up to a bound. */
function wrong(turn: Turn, session: MailboxSession, entry: Entry, sound: string): void {
  const now = { ...session, typed: "", wrong: session.wrong + 1 };
  if (now.wrong < ENTRY_WRONG_MAX) askEntry(turn, now, entry, [sound]);
  else sayGoodbye(turn, now, [sound]);
}

function checkPin(turn: Turn, session: MailboxSession, pin: string): void {
  const username = listenerOf(session);
  const user = turn.world.office.user(username);
  if (pin === "" || user === undefined || user.suspended === true) {
    wrong(turn, session, "pin", "vm-wrong-pin");
    return;
  }
  ask(turn, { ...session, typed: "" }, { kind: "check_pin", username, pin });
}

export function pinChecked(turn: Turn, session: MailboxSession, answer: Answer): void {
  const username = listenerOf(session);
  if (answer.kind !== "pin") {
    sayGoodbye(turn, session, [NOT_NOW]);
    return;
  }
  if (answer.verdict === "right") {
    admit(turn, { ...session, wrong: 0 });
    return;
  }
  turn.note({ kind: "pin_refused", username, why: answer.verdict });
  // A user without a PIN sounds like a wrong PIN: callers must not learn whose mailbox can be tried.
  if (answer.verdict === "locked") sayGoodbye(turn, session, ["vm-locked"]);
  else wrong(turn, session, "pin", "vm-wrong-pin");
}

/** The listener is known. They are let in when the mailbox is their own or one of a group of theirs. */
export function admit(turn: Turn, session: MailboxSession): void {
  const username = listenerOf(session);
  const user = turn.world.office.user(username);
  const box: Box = session.box ?? { kind: "user", username };
  const shares = isMember(box, username, turn.world.office);
  const known = { ...session, box, admitted: true };
  if (user === undefined || user.suspended === true || !shares) {
    sayGoodbye(turn, { ...known, admitted: false }, ["vm-not-yours"]);
    return;
  }
  noteListener(turn, username, box);
  turn.patch({ ending: { kind: "listened", by: username } });
  countMessages(turn, known);
}

function choosePin(turn: Turn, session: MailboxSession, pin: string): void {
  const problem = weakPin(pin, numbersOf(listenerOf(session), turn.world.office));
  if (problem === undefined) askEntry(turn, { ...session, newPin: pin }, "new_pin_again");
  else if (problem === "length" || problem === "not_digits") wrong(turn, session, "new_pin", "vm-pin-length");
  else wrong(turn, session, "new_pin", "vm-pin-weak");
}

export function pinSet(turn: Turn, session: MailboxSession, answer: Answer): void {
  const said = answer.kind === "done" ? "vm-pin-set" : answer.kind === "refused" ? "vm-pin-weak" : NOT_NOW;
  openMenu(turn, session, "settings", [said]);
}

function forwardTo(turn: Turn, session: MailboxSession, extension: string): void {
  const owner = turn.world.office.lookupExtension(extension);
  if (owner === undefined) {
    tell(turn, { ...session, typed: "" }, ["vm-unknown-extension"], { to: "menu", menu: "message" });
    return;
  }
  const to: Box =
    owner.kind === "user"
      ? { kind: "user", username: owner.user.username }
      : { kind: "group", id: owner.group.id };
  openMenu(turn, { ...session, typed: "", purpose: { for: "introduction", to, as: turn.playId() } }, "intro");
}
