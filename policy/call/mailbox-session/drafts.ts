/**
 * Recordings that are no messages: greetings, a name, the introduction of a message that is forwarded. The listener may
 * hear a recording and make it again, and puts it into use by a key. Until then it is a draft, which is removed when the
 * call ends.
 */
import { GREETING_LIMIT_MS, GREETING_SILENCE_MS } from "../bounds.js";
import { type RecordingLimits, stopSound } from "../dialogue/stages.js";
import type { Answer, GreetingSlot } from "../mailbox-requests.js";
import type { Turn } from "../turn.js";
import { openMenu } from "./menus.js";
import { NOT_NOW } from "./sounds.js";
import { ask, forgetDraft, record, tell } from "./stages.js";
import { draftOf, listenerOf, type MailboxSession, type Menu } from "./state.js";

/** What ends the recording of a draft. */
export const DRAFT_LIMITS: RecordingLimits = {
  limitMs: GREETING_LIMIT_MS,
  silenceMs: GREETING_SILENCE_MS,
  silenceLevel: "auto",
};

/** The menu from which the draft is recorded, and to which a failure leads back. */
function menuOf({ purpose }: MailboxSession): Menu {
  return purpose?.for === "introduction" ? "intro" : "greeting";
}

export function chooseGreeting(turn: Turn, session: MailboxSession, slot: GreetingSlot): void {
  ask(turn, { ...session, purpose: { for: "greeting", slot } }, { kind: "greetings", box: slot.box });
}

export function greetingsKnown(turn: Turn, session: MailboxSession, answer: Answer): void {
  const { purpose } = session;
  if (answer.kind !== "greetings" || purpose?.for !== "greeting") {
    openMenu(turn, session, "settings", [NOT_NOW]);
    return;
  }
  const { kind, busy } = purpose.slot;
  const there = answer.greetings.find((greeting) => greeting.kind === kind && greeting.busy === busy);
  openMenu(turn, { ...session, present: there?.id ?? null }, "greeting");
}

export function hearPresent(turn: Turn, session: MailboxSession): void {
  tell(turn, session, [`recording:${session.present}`], { to: "menu", menu: "greeting" });
}

export function removePresent(turn: Turn, session: MailboxSession): void {
  const { purpose } = session;
  if (purpose?.for === "greeting")
    ask(turn, session, { kind: "remove_greeting", slot: purpose.slot, username: listenerOf(session) });
}

export function presentRemoved(turn: Turn, session: MailboxSession, answer: Answer): void {
  if (answer.kind === "done")
    openMenu(turn, { ...session, present: null }, "greeting", ["vm-greeting-removed"]);
  else openMenu(turn, session, "greeting", [NOT_NOW]);
}

/**
 * Records a draft, or records it again. Voicemail writes the draft's row first, so that no crash leaves a file behind.
 */
export function startRecording(turn: Turn, session: MailboxSession): void {
  const draft = turn.playId();
  ask(turn, { ...forgetDraft(turn, session), draft }, { kind: "open_draft", draft });
}

export function draftOpened(turn: Turn, session: MailboxSession, answer: Answer): void {
  if (answer.kind === "done") tell(turn, session, ["vm-speak-after-tone"], { to: "recording" });
  else openMenu(turn, { ...session, draft: null }, menuOf(session), [NOT_NOW]);
}

export function recordDraft(turn: Turn, session: MailboxSession): void {
  record(turn, session, DRAFT_LIMITS);
}

/** @param isLate the recording's time is over, but no event of its end has come */
export function draftRecorded(turn: Turn, session: MailboxSession, isLate: boolean): void {
  if (isLate) {
    turn.note({ kind: "bound_reached", bound: "length of a recording" });
    stopSound(turn);
  }
  openMenu(turn, session, "review");
}

export function hearDraft(turn: Turn, session: MailboxSession): void {
  tell(turn, session, [`recording:${draftOf(session)}`], { to: "menu", menu: "review" });
}

export function keepDraft(turn: Turn, session: MailboxSession): void {
  const { purpose } = session;
  const draft = draftOf(session);
  if (purpose?.for === "greeting")
    ask(turn, session, { kind: "keep_greeting", slot: purpose.slot, draft, username: listenerOf(session) });
  else forward(turn, session, draft);
}

export function greetingKept(turn: Turn, session: MailboxSession, answer: Answer): void {
  if (answer.kind === "done") {
    openMenu(turn, { ...session, draft: null, purpose: null }, "settings", ["vm-greeting-kept"]);
    return;
  }
  if (answer.kind === "refused") openMenu(turn, forgetDraft(turn, session), "greeting", ["vm-nothing-heard"]);
  else openMenu(turn, session, "review", [NOT_NOW]);
}

/** Without an introduction. */
export function sendAsItIs(turn: Turn, session: MailboxSession): void {
  forward(turn, forgetDraft(turn, session), null);
}

function forward(turn: Turn, session: MailboxSession, intro: string | null): void {
  const { purpose, current } = session;
  if (purpose?.for !== "introduction" || current === null) return;
  const { as, to } = purpose;
  ask(turn, session, { kind: "forward", message: current.id, as, to, intro, username: listenerOf(session) });
}

export function forwarded(turn: Turn, session: MailboxSession, answer: Answer): void {
  if (answer.kind === "refused" && answer.why === "too_short") {
    openMenu(turn, forgetDraft(turn, session), "intro", ["vm-nothing-heard"]);
    return;
  }
  if (answer.kind === "failed") {
    openMenu(turn, session, session.draft === null ? "intro" : "review", [NOT_NOW]);
    return;
  }
  const said =
    answer.kind === "done"
      ? "vm-forwarded"
      : answer.kind === "refused" && answer.why === "full"
        ? "vm-their-box-full"
        : "vm-gone";
  openMenu(turn, { ...forgetDraft(turn, session), purpose: null }, "message", [said]);
}
