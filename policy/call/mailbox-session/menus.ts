/**
 * The menus of a mailbox session: which keys mean something, what is said of them, and what they ask for; `keys.ts` does
 * it. A key works at any time, also while its menu is still being said.
 *
 * The keys are those that most systems share (Asterisk's and FusionPBX's, where the two agree): 7 deletes and brings
 * back, 4 and 6 go to the previous and the next message, star and pound go back and forward within one.
 */

import { boxOwner } from "../../mailbox/mailbox.js";
import type { Box } from "../../office/box.js";
import { may } from "../../office/permission.js";
import type { GreetingSlot, HeardMessage, MessageList } from "../mailbox-requests.js";
import type { Turn } from "../turn.js";
import { boxChoiceSounds, countsHere, otherBoxes } from "./sounds.js";
import { sayMenu } from "./stages.js";
import { listenerOf, type MailboxSession, type Menu } from "./state.js";

/** What a key asks for. */
export type Action =
  | {
      readonly does:
        | "main"
        | "end"
        | "next"
        | "previous"
        | "hear_again"
        | "hear_facts"
        | "call_back"
        | "claim_message";
    }
  | { readonly does: "list"; readonly list: MessageList }
  | { readonly does: "open"; readonly menu: Menu }
  | { readonly does: "seek"; readonly direction: "back" | "forward" }
  | { readonly does: "mark"; readonly state: HeardMessage["state"] }
  | { readonly does: "to_box"; readonly box: Box }
  | { readonly does: "type"; readonly entry: "forward_to" | "new_pin" }
  | { readonly does: "choose_greeting"; readonly slot: GreetingSlot }
  | { readonly does: "hear_greeting" | "remove_greeting" }
  | { readonly does: "record" | "hear_draft" | "keep_draft" | "send_without" }
  /** Drops the draft and goes back to a menu. */
  | { readonly does: "cancel"; readonly to: Menu };

/** One key of a menu. `sounds` is empty for a key that works and is not said. */
interface Choice {
  readonly key: string;
  readonly sounds: readonly string[];
  readonly action: Action;
}

/** Says a menu from its beginning. */
export function openMenu(
  turn: Turn,
  session: MailboxSession,
  menu: Menu,
  first: readonly string[] = [],
): void {
  sayMenu(turn, { ...session, repeats: 0 }, menu, [...first, ...menuSounds(turn, session, menu)]);
}

/** Says a menu once more. The caller of this has counted the repetition, where it counts. */
export function repeatMenu(turn: Turn, session: MailboxSession, menu: Menu): void {
  sayMenu(turn, session, menu, menuSounds(turn, session, menu));
}

function menuSounds(turn: Turn, session: MailboxSession, menu: Menu): string[] {
  return choices(turn, session, menu).flatMap(({ sounds }) => sounds);
}

/** What a key asks for in a menu; undefined: nothing. */
export function actionOf(turn: Turn, session: MailboxSession, menu: Menu, key: string): Action | undefined {
  return choices(turn, session, menu).find((choice) => choice.key === key)?.action;
}

function choices(turn: Turn, session: MailboxSession, menu: Menu): readonly Choice[] {
  switch (menu) {
    case "main":
      return mainChoices(session);
    case "message":
      return messageChoices(session);
    case "boxes":
      return boxChoices(turn, session);
    case "settings":
      return settingsChoices(turn, session);
    case "greeting":
      return greetingChoices(session);
    case "intro":
      return INTRO_CHOICES;
    case "review":
      return reviewChoices(session);
  }
}

const TO_MAIN: Choice = { key: "0", sounds: ["vm-key-main"], action: { does: "main" } };

function mainChoices(session: MailboxSession): readonly Choice[] {
  const { fresh, old } = countsHere(session);
  const toBoxes: Choice = { key: "9", sounds: ["vm-main-boxes"], action: { does: "open", menu: "boxes" } };
  return [
    { key: "1", sounds: fresh > 0 ? ["vm-main-new"] : [], action: { does: "list", list: "new" } },
    { key: "2", sounds: old > 0 ? ["vm-main-old"] : [], action: { does: "list", list: "old" } },
    { key: "5", sounds: ["vm-main-settings"], action: { does: "open", menu: "settings" } },
    ...(otherBoxes(session).length > 0 ? [toBoxes] : []),
    { key: "*", sounds: ["vm-main-end"], action: { does: "end" } },
    { key: "#", sounds: [], action: { does: "end" } },
  ];
}

/** The commonest keys are said first. */
function messageChoices({ current, box }: MailboxSession): readonly Choice[] {
  const isDeleted = current?.state === "deleted";
  const claim: Choice = {
    key: "9",
    sounds: [current?.claimedBy == null ? "vm-key-claim" : "vm-key-unclaim"],
    action: { does: "claim_message" },
  };
  return [
    { key: "6", sounds: ["vm-key-next"], action: { does: "next" } },
    { key: "#", sounds: [], action: { does: "seek", direction: "forward" } },
    {
      key: "7",
      sounds: [isDeleted ? "vm-key-undelete" : "vm-key-delete"],
      action: { does: "mark", state: isDeleted ? "heard" : "deleted" },
    },
    { key: "2", sounds: ["vm-key-save"], action: { does: "mark", state: "saved" } },
    { key: "1", sounds: ["vm-key-again"], action: { does: "hear_again" } },
    { key: "*", sounds: [], action: { does: "seek", direction: "back" } },
    { key: "3", sounds: ["vm-key-facts"], action: { does: "hear_facts" } },
    { key: "5", sounds: ["vm-key-call"], action: { does: "call_back" } },
    { key: "8", sounds: ["vm-key-forward"], action: { does: "type", entry: "forward_to" } },
    ...(box?.kind === "group" ? [claim] : []),
    { key: "4", sounds: ["vm-key-previous"], action: { does: "previous" } },
    TO_MAIN,
  ];
}

/** Keys 1 to 9 for as many boxes. */
const BOXES_MAX = 9;

function boxChoices(turn: Turn, session: MailboxSession): readonly Choice[] {
  const boxes = otherBoxes(session).slice(0, BOXES_MAX);
  return [
    ...boxes.map(
      ({ box }, i): Choice => ({
        key: String(i + 1),
        sounds: boxChoiceSounds(turn, box, i + 1),
        action: { does: "to_box", box },
      }),
    ),
    TO_MAIN,
  ];
}

function settingsChoices(turn: Turn, session: MailboxSession): readonly Choice[] {
  return [
    ...greetingSlots(turn, session),
    { key: "5", sounds: ["vm-settings-pin"], action: { does: "type", entry: "new_pin" } },
    TO_MAIN,
  ];
}

/** The greetings that the listener may change. */
function greetingSlots(turn: Turn, session: MailboxSession): readonly Choice[] {
  const { box } = session;
  if (box === null || !mayGreet(turn, session, box)) return [];
  const choice = (key: string, sound: string, slot: Omit<GreetingSlot, "box">): Choice => ({
    key,
    sounds: [sound],
    action: { does: "choose_greeting", slot: { box, ...slot } },
  });
  return [
    choice("1", "vm-settings-greeting", { kind: "own", busy: false }),
    choice("2", "vm-settings-busy", { kind: "own", busy: true }),
    choice("3", "vm-settings-temporary", { kind: "temporary", busy: false }),
    ...(box.kind === "user" ? [choice("4", "vm-settings-name", { kind: "name", busy: false })] : []),
  ];
}

/** A user changes their own greetings; those of a group need a permission. */
function mayGreet(turn: Turn, session: MailboxSession, box: Box): boolean {
  const username = listenerOf(session);
  const { office } = turn.world;
  const user = office.user(username);
  if (user === undefined || boxOwner(box, office) === undefined) return false;
  return box.kind === "user" ? box.username === username : may(user, "call_flows", office);
}

function greetingChoices({ present }: MailboxSession): readonly Choice[] {
  const there: readonly Choice[] = [
    { key: "2", sounds: ["vm-greeting-hear"], action: { does: "hear_greeting" } },
    { key: "7", sounds: ["vm-greeting-remove"], action: { does: "remove_greeting" } },
  ];
  return [
    { key: "1", sounds: ["vm-greeting-record"], action: { does: "record" } },
    ...(present === null ? [] : there),
    { key: "0", sounds: ["vm-key-back"], action: { does: "open", menu: "settings" } },
  ];
}

const INTRO_CHOICES: readonly Choice[] = [
  { key: "1", sounds: ["vm-intro-record"], action: { does: "record" } },
  { key: "2", sounds: ["vm-intro-without"], action: { does: "send_without" } },
  { key: "0", sounds: ["vm-key-cancel"], action: { does: "cancel", to: "message" } },
];

function reviewChoices({ purpose }: MailboxSession): readonly Choice[] {
  const isIntro = purpose?.for === "introduction";
  return [
    { key: "1", sounds: [isIntro ? "vm-intro-send" : "vm-greeting-keep"], action: { does: "keep_draft" } },
    { key: "2", sounds: ["vm-review-hear"], action: { does: "hear_draft" } },
    { key: "3", sounds: ["vm-review-again"], action: { does: "record" } },
    { key: "0", sounds: ["vm-key-cancel"], action: { does: "cancel", to: isIntro ? "message" : "settings" } },
  ];
}
