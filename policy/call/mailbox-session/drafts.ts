/**
 * Recordings that are no messages: greetings, a name, the introduction of a message that is forwarded. Each is made,
 * may be heard and made again, and is used only when they say so; until then it is a draft, which ends with the call.
 */
import { GREETING_LIMIT_MS, GREETING_SILENCE_MS } from "../bounds.js";
import type { Answer, GreetingSlot } from "../mailbox-requests.js";
import type { Turn } from "../turn.js";
import { openMenu } from "./menus.js";
import { NOT_NOW } from "./sounds.js";
import type { Listening, Menu } from "./state.js";
import { ask, forgetDraft, record, stopSound, tell } from "./turn.js";

/** The menu that a draft is made from, and gone back to. */
function menuOf({ purpose }: Listening): Menu {
  return purpose?.for === "introduction" ? "intro" : "greeting";
}

export function chooseGreeting(turn: Turn, listening: Listening, slot: GreetingSlot): void {
  ask(turn, { ...listening, purpose: { for: "greeting", slot } }, { kind: "greetings", box: slot.box });
}

export function greetingsKnown(turn: Turn, listening: Listening, answer: Answer): void {
  const { purpose } = listening;
  if (answer.kind !== "greetings" || purpose?.for !== "greeting") {
    openMenu(turn, listening, "settings", [NOT_NOW]);
    return;
  }
  const { kind, busy } = purpose.slot;
  const there = answer.greetings.find((greeting) => greeting.kind === kind && greeting.busy === busy);
  openMenu(turn, { ...listening, present: there?.id ?? null }, "greeting");
}

export function hearPresent(turn: Turn, listening: Listening): void {
  tell(turn, listening, [`recording:${listening.present}`], { to: "menu", menu: "greeting" });
}

export function removePresent(turn: Turn, listening: Listening): void {
  const { purpose, username } = listening;
  if (purpose?.for === "greeting")
    ask(turn, listening, { kind: "remove_greeting", slot: purpose.slot, username });
}

export function presentRemoved(turn: Turn, listening: Listening, answer: Answer): void {
  if (answer.kind === "done")
    openMenu(turn, { ...listening, present: null }, "greeting", ["vm-greeting-removed"]);
  else openMenu(turn, listening, "greeting", [NOT_NOW]);
}

/** Once more, too. The mailroom knows of it before there is a file: so none is left behind by a crash. */
export function startRecording(turn: Turn, listening: Listening): void {
  const draft = turn.playId();
  ask(turn, { ...forgetDraft(turn, listening), draft }, { kind: "open_draft", draft });
}

export function draftOpened(turn: Turn, listening: Listening, answer: Answer): void {
  if (answer.kind === "done") tell(turn, listening, ["vm-speak-after-tone"], { to: "recording" });
  else openMenu(turn, { ...listening, draft: "" }, menuOf(listening), [NOT_NOW]);
}

export function recordDraft(turn: Turn, listening: Listening): void {
  record(turn, listening, GREETING_LIMIT_MS, GREETING_SILENCE_MS);
}

/** `isLate`: the switch's word that it is over did not come. */
export function draftRecorded(turn: Turn, listening: Listening, isLate: boolean): void {
  if (isLate) stopSound(turn);
  openMenu(turn, listening, "review");
}

export function hearDraft(turn: Turn, listening: Listening): void {
  tell(turn, listening, [`recording:${listening.draft}`], { to: "menu", menu: "review" });
}

export function keepDraft(turn: Turn, listening: Listening): void {
  const { purpose, draft, username } = listening;
  if (purpose?.for === "greeting")
    ask(turn, listening, { kind: "keep_greeting", slot: purpose.slot, draft, username });
  else forward(turn, listening, draft);
}

export function greetingKept(turn: Turn, listening: Listening, answer: Answer): void {
  if (answer.kind === "done") {
    openMenu(turn, { ...listening, draft: "", purpose: null }, "settings", ["vm-greeting-kept"]);
    return;
  }
  if (answer.kind === "refused")
    openMenu(turn, forgetDraft(turn, listening), "greeting", ["vm-nothing-heard"]);
  else openMenu(turn, listening, "review", [NOT_NOW]);
}

/** Without an introduction. */
export function sendAsItIs(turn: Turn, listening: Listening): void {
  forward(turn, forgetDraft(turn, listening), null);
}

function forward(turn: Turn, listening: Listening, intro: string | null): void {
  const { purpose, current, username } = listening;
  if (purpose?.for !== "introduction" || current === null) return;
  const { as, to } = purpose;
  ask(turn, listening, { kind: "forward", message: current.id, as, to, intro, username });
}

export function forwarded(turn: Turn, listening: Listening, answer: Answer): void {
  if (answer.kind === "refused" && answer.why === "too_short") {
    openMenu(turn, forgetDraft(turn, listening), "intro", ["vm-nothing-heard"]);
    return;
  }
  if (answer.kind === "failed") {
    openMenu(turn, listening, listening.draft === "" ? "intro" : "review", [NOT_NOW]);
    return;
  }
  const said =
    answer.kind === "done"
      ? "vm-forwarded"
      : answer.kind === "refused" && answer.why === "full"
        ? "vm-their-box-full"
        : "vm-gone";
  openMenu(turn, { ...forgetDraft(turn, listening), purpose: null }, "message", [said]);
}
