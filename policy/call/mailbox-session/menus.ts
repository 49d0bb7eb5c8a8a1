/**
 * The menus of somebody who listens: which keys mean something, what is said of them, and what they do. A key works
 * at any time, also while its menu is still being said.
 *
 * The keys are those that most systems share (Asterisk's and FusionPBX's, where the two agree): 7 deletes and brings
 * back, 4 and 6 go to the previous and the next message, star and pound go back and forward within one.
 */

import { boxOwner } from "../../mailbox/mailbox.js";
import type { Box } from "../../office/box.js";
import { may } from "../../office/permission.js";
import type { Turn } from "../turn.js";
import {
  chooseGreeting,
  hearDraft,
  hearPresent,
  keepDraft,
  removePresent,
  sendAsItIs,
  startRecording,
} from "./drafts.js";
import { askEntry } from "./entries.js";
import {
  callBack,
  claim,
  hearAgain,
  hearFacts,
  list,
  lookAgain,
  mark,
  next,
  previous,
  seek,
} from "./messages.js";
import { boxChoiceSounds, countsHere, otherBoxes } from "./sounds.js";
import type { Listening, Menu } from "./state.js";
import { forgetDraft, sayGoodbye, sayMenu } from "./turn.js";

/** One key: what it is called, and what it does. `sounds` empty: it works, and nobody is told. */
interface Choice {
  readonly key: string;
  readonly sounds: readonly string[];
  readonly act: (turn: Turn, listening: Listening) => void;
}

/** Says a menu from its beginning. */
export function openMenu(turn: Turn, listening: Listening, menu: Menu, first: readonly string[] = []): void {
  sayMenu(turn, { ...listening, repeats: 0 }, menu, [...first, ...menuSounds(turn, listening, menu)]);
}

/** Says it once more, since nobody pressed a key. */
export function repeatMenu(turn: Turn, listening: Listening, menu: Menu): void {
  sayMenu(turn, { ...listening, repeats: listening.repeats + 1 }, menu, menuSounds(turn, listening, menu));
}

function menuSounds(turn: Turn, listening: Listening, menu: Menu): string[] {
  return choices(turn, listening, menu).flatMap(({ sounds }) => sounds);
}

/** What a key does in a menu; undefined: nothing. */
export function choiceOf(turn: Turn, listening: Listening, menu: Menu, key: string): Choice | undefined {
  return choices(turn, listening, menu).find((choice) => choice.key === key);
}

function choices(turn: Turn, listening: Listening, menu: Menu): readonly Choice[] {
  switch (menu) {
    case "main":
      return mainChoices(listening);
    case "message":
      return messageChoices(listening);
    case "boxes":
      return boxChoices(turn, listening);
    case "settings":
      return settingsChoices(turn, listening);
    case "greeting":
      return greetingChoices(listening);
    case "intro":
      return INTRO_CHOICES;
    case "review":
      return reviewChoices(listening);
  }
}

const TO_MAIN: Choice = { key: "0", sounds: ["vm-key-main"], act: lookAgain };

function mainChoices(listening: Listening): readonly Choice[] {
  const { fresh, old } = countsHere(listening);
  const others = otherBoxes(listening).length > 0;
  return [
    { key: "1", sounds: fresh > 0 ? ["vm-main-new"] : [], act: (turn, l) => list(turn, l, "new") },
    { key: "2", sounds: old > 0 ? ["vm-main-old"] : [], act: (turn, l) => list(turn, l, "old") },
    { key: "5", sounds: ["vm-main-settings"], act: (turn, l) => openMenu(turn, l, "settings") },
    ...(others
      ? [
          {
            key: "9",
            sounds: ["vm-main-boxes"],
            act: (turn: Turn, l: Listening) => openMenu(turn, l, "boxes"),
          },
        ]
      : []),
    { key: "*", sounds: ["vm-main-end"], act: (turn, l) => sayGoodbye(turn, l) },
    { key: "#", sounds: [], act: (turn, l) => sayGoodbye(turn, l) },
  ];
}

/** The commonest keys are said first. */
function messageChoices({ current, box }: Listening): readonly Choice[] {
  const isDeleted = current?.state === "deleted";
  const claimKey = current?.claimedBy == null ? "vm-key-claim" : "vm-key-unclaim";
  return [
    { key: "6", sounds: ["vm-key-next"], act: next },
    { key: "#", sounds: [], act: (turn, l) => seek(turn, l, "forward") },
    {
      key: "7",
      sounds: [isDeleted ? "vm-key-undelete" : "vm-key-delete"],
      act: (turn, l) => mark(turn, l, isDeleted ? "heard" : "deleted"),
    },
    { key: "2", sounds: ["vm-key-save"], act: (turn, l) => mark(turn, l, "saved") },
    { key: "1", sounds: ["vm-key-again"], act: hearAgain },
    { key: "*", sounds: [], act: (turn, l) => seek(turn, l, "back") },
    { key: "3", sounds: ["vm-key-facts"], act: hearFacts },
    { key: "5", sounds: ["vm-key-call"], act: callBack },
    { key: "8", sounds: ["vm-key-forward"], act: (turn, l) => askEntry(turn, l, "forward_to") },
    ...(box?.kind === "group" ? [{ key: "9", sounds: [claimKey], act: claim }] : []),
    { key: "4", sounds: ["vm-key-previous"], act: previous },
    TO_MAIN,
  ];
}

/** Keys 1 to 9 for as many boxes. */
const BOXES_MAX = 9;

function boxChoices(turn: Turn, listening: Listening): readonly Choice[] {
  const boxes = otherBoxes(listening).slice(0, BOXES_MAX);
  return [
    ...boxes.map(({ box }, i) => ({
      key: String(i + 1),
      sounds: boxChoiceSounds(turn, box, i + 1),
      act: (t: Turn, l: Listening) => lookAgain(t, { ...l, box }),
    })),
    TO_MAIN,
  ];
}

function settingsChoices(turn: Turn, listening: Listening): readonly Choice[] {
  const { box } = listening;
  const choice = (key: string, sound: string, kind: "own" | "temporary" | "name", busy: boolean): Choice => ({
    key,
    sounds: [sound],
    act: (t, l) => {
      if (box !== null) chooseGreeting(t, l, { box, kind, busy });
    },
  });
  const greetings =
    box === null || !mayGreet(turn, listening, box)
      ? []
      : [
          choice("1", "vm-settings-greeting", "own", false),
          choice("2", "vm-settings-busy", "own", true),
          choice("3", "vm-settings-temporary", "temporary", false),
          ...(box.kind === "user" ? [choice("4", "vm-settings-name", "name", false)] : []),
        ];
  return [
    ...greetings,
    { key: "5", sounds: ["vm-settings-pin"], act: (t, l) => askEntry(t, l, "new_pin") },
    TO_MAIN,
  ];
}

/** What callers of a group hear is not any member's to change. */
function mayGreet(turn: Turn, { username }: Listening, box: Box): boolean {
  const { office } = turn.world;
  const user = office.user(username);
  if (user === undefined || boxOwner(box, office) === undefined) return false;
  return box.kind === "user" ? box.username === username : may(user, "call_flows", office);
}

const TO_SETTINGS: Choice = {
  key: "0",
  sounds: ["vm-key-back"],
  act: (turn, l) => openMenu(turn, l, "settings"),
};

function greetingChoices({ present }: Listening): readonly Choice[] {
  const there: readonly Choice[] = [
    { key: "2", sounds: ["vm-greeting-hear"], act: hearPresent },
    { key: "7", sounds: ["vm-greeting-remove"], act: removePresent },
  ];
  return [
    { key: "1", sounds: ["vm-greeting-record"], act: startRecording },
    ...(present === null ? [] : there),
    TO_SETTINGS,
  ];
}

function toMessage(turn: Turn, listening: Listening): void {
  openMenu(turn, { ...forgetDraft(turn, listening), purpose: null }, "message");
}

const INTRO_CHOICES: readonly Choice[] = [
  { key: "1", sounds: ["vm-intro-record"], act: startRecording },
  { key: "2", sounds: ["vm-intro-without"], act: sendAsItIs },
  { key: "0", sounds: ["vm-key-cancel"], act: toMessage },
];

function reviewChoices({ purpose }: Listening): readonly Choice[] {
  const isIntro = purpose?.for === "introduction";
  return [
    { key: "1", sounds: [isIntro ? "vm-intro-send" : "vm-greeting-keep"], act: keepDraft },
    { key: "2", sounds: ["vm-review-hear"], act: hearDraft },
    { key: "3", sounds: ["vm-review-again"], act: startRecording },
    {
      key: "0",
      sounds: ["vm-key-cancel"],
      act: (turn, l) =>
        isIntro ? toMessage(turn, l) : openMenu(turn, { ...forgetDraft(turn, l), purpose: null }, "settings"),
    },
  ];
}
