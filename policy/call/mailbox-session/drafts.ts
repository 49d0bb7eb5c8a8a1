/**
 * Recordings that are no messages: greetings, a name, the introduction of a message that is forwarded. Each is made,
 * may be heard and made again, and is used only when the listener says so. Until then it is a draft, which ends with
 * the call.
 */
import { GREETING_LIMIT_MS, GREETING_SILENCE_MS } from "../bounds.js";
import { stopSound } from "../dialogue/stages.js";
import type { Answer, GreetingSlot } from "../mailbox-requests.js";
import type { Turn } from "../turn.js";
import { openMenu } from "./menus.js";
import { NOT_NOW } from "./sounds.js";
import { ask, forgetDraft, record, tell } from "./stages.js";
import type { MailboxSession, Menu } from "./state.js";

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
  const { purpose, username } = session;
  if (purpose?.for === "greeting")
    ask(turn, session, { kind: "remove_greeting", slot: purpose.slot, username });
}

export function presentRemoved(turn: Turn, session: MailboxSession, answer: Answer): void {
  if (answer.kind === "done")
    openMenu(turn, { ...session, present: null }, "greeting", ["vm-greeting-removed"]);
  else openMenu(turn, session, "greeting", [NOT_NOW]);
}

/** Records a draft, or records it again. Voicemail knows the draft before there is a file: no crash leaves one behind. */
export function startRecording(turn: Turn, session: MailboxSession): void {
  const draft = turn.playId();
  ask(turn, { ...forgetDraft(turn, session), draft }, { kind: "open_draft", draft });
}

export function draftOpened(turn: Turn, session: MailboxSession, answer: Answer): void {
  if (answer.kind === "done") tell(turn, session, ["vm-speak-after-tone"], { to: "recording" });
  else openMenu(turn, { ...session, draft: "" }, menuOf(session), [NOT_NOW]);
}

export function recordDraft(turn: Turn, session: MailboxSession): void {
  record(turn, session, { limitMs: GREETING_LIMIT_MS, silenceMs: GREETING_SILENCE_MS });
}

/** @param isLate the switch has not said that the recording is over, though its time is */
export function draftRecorded(turn: Turn, session: MailboxSession, isLate: boolean): void {
  if (isLate) {
    turn.note({ kind: "bound_reached", bound: "length of a recording" });
    stopSound(turn);
  }
  openMenu(turn, session, "review");
}

export function hearDraft(turn: Turn, session: MailboxSession): void {
  tell(turn, session, [`recording:${session.draft}`], { to: "menu", menu: "review" });
}

export function keepDraft(turn: Turn, session: MailboxSession): void {
  const { purpose, draft, username } = session;
  if (purpose?.for === "greeting")
    ask(turn, session, { kind: "keep_greeting", slot: purpose.slot, draft, username });
  else forward(turn, session, draft);
}

export function greetingKept(turn: Turn, session: MailboxSession, answer: Answer): void {
  if (answer.kind === "done") {
    openMenu(turn, { ...session, draft: "", purpose: null }, "settings", ["vm-greeting-kept"]);
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
  const { purpose, current, username } = session;
  if (purpose?.for !== "introduction" || current === null) return;
  const { as, to } = purpose;
  ask(turn, session, { kind: "forward", message: current.id, as, to, intro, username });
}

export function forwarded(turn: Turn, session: MailboxSession, answer: Answer): void {
  if (answer.kind === "refused" && answer.why === "too_short") {
    openMenu(turn, forgetDraft(turn, session), "intro", ["vm-nothing-heard"]);
    return;
  }
  if (answer.kind === "failed") {
    openMenu(turn, session, session.draft === "" ? "intro" : "review", [NOT_NOW]);
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
