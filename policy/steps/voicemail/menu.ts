/** The menu after a message: save, hear, record again, mark as urgent, or go to the operator. */
import { TAKES_MAX } from "../../call/bounds.js";
import { inform, say, stopSound } from "../../call/dialogue/stages.js";
import { sourceOf } from "../../call/flow.js";
import { SOUND_GOODBYE } from "../../call/sounds.js";
import type { Turn } from "../../call/turn.js";
import { mailboxSettings } from "../../mailbox/mailbox.js";
import type { Target } from "../../office/target.js";
import { MENU_OPERATOR, SOUND_MENU, SOUND_NOT_URGENT, SOUND_SAVED, SOUND_URGENT } from "./sounds.js";
import type { LeavingMessage, LeavingStage } from "./state.js";
import { deliver, deliverKept, earlierTakes, enter, openMessage } from "./takes.js";

/** Says something and enters the stage in which it is heard. */
export function tell(
  turn: Turn,
  leaving: LeavingMessage,
  stage: LeavingStage,
  sounds: readonly string[],
): void {
  say(turn, enter, { ...leaving, stage }, sounds);
}

/** The message is safe from here on: hanging up, silence and every key but 3 keep it. */
export function openMenu(turn: Turn, leaving: LeavingMessage): void {
  sayMenu(turn, { ...leaving, repeats: 0 });
}

export function sayMenu(turn: Turn, leaving: LeavingMessage): void {
  const { operator } = mailboxSettings(leaving.box, turn.world.office);
  tell(turn, leaving, "menu", operator === undefined ? [SOUND_MENU] : [SOUND_MENU, MENU_OPERATOR]);
}

/** Keys of the menu also work while the caller hears what a key has done: nobody has to listen to the end. */
export function pressMenuKey(turn: Turn, leaving: LeavingMessage, key: string): void {
  switch (key) {
    case "1":
    case "#":
      stopSound(turn);
      save(turn, leaving);
      return;
    case "2":
      stopSound(turn);
      tell(turn, leaving, "replaying", [`recording:${leaving.kept ?? leaving.message}`]);
      return;
    case "3":
      stopSound(turn);
      recordAgain(turn, leaving);
      return;
    case "4":
      stopSound(turn);
      changeUrgency(turn, leaving);
      return;
    case "0":
      toOperator(turn, leaving);
      return;
  }
}

function recordAgain(turn: Turn, leaving: LeavingMessage): void {
  if (leaving.takes < TAKES_MAX) openMessage(turn, leaving);
  // Counted, so that the menu does not come for ever.
  else if (leaving.stage === "menu") sayMenu(turn, { ...leaving, repeats: leaving.repeats + 1 });
  else openMenu(turn, leaving);
}

function changeUrgency(turn: Turn, leaving: LeavingMessage): void {
  const urgent = !leaving.urgent;
  for (const message of earlierTakes(leaving))
    inform(turn, { kind: "mark_urgent", message, urgent }, `mark_urgent ${message}`);
  tell(turn, { ...leaving, urgent }, "told", [urgent ? SOUND_URGENT : SOUND_NOT_URGENT]);
}

export function save(turn: Turn, leaving: LeavingMessage): void {
  deliverKept(turn, leaving);
  tell(turn, leaving, "goodbye", [SOUND_SAVED, SOUND_GOODBYE]);
}

/** 0: the caller wants to speak to a person; the message stays. */
function toOperator(turn: Turn, leaving: LeavingMessage): void {
  const { operator } = mailboxSettings(leaving.box, turn.world.office);
  if (operator === undefined) return;
  stopSound(turn);
  deliver(turn, earlierTakes(leaving), leaving.urgent);
  callOperator(turn, operator);
}

/** The mailbox is done with the caller, and sends them on. */
export function callOperator(turn: Turn, operator: Target): void {
  turn.emit({ type: "forget_recording" });
  turn.disarm("say");
  turn.goOn = { kind: "hop", source: sourceOf(turn, operator) };
}
