/** What the keys of the menus do. */
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
import { type Action, actionOf, openMenu } from "./menus.js";
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
import type { Listening, Menu } from "./state.js";
import { forgetDraft, sayGoodbye, stopSound } from "./turn.js";

/** A key was pressed while it means what `menu` says of it. */
export function pressKey(turn: Turn, listening: Listening, menu: Menu, key: string): void {
  const action = actionOf(turn, listening, menu, key);
  if (action === undefined) return;
  stopSound(turn);
  act(turn, listening, action);
}

function act(turn: Turn, listening: Listening, action: Action): void {
  switch (action.does) {
    case "main":
      lookAgain(turn, listening);
      return;
    case "end":
      sayGoodbye(turn, listening);
      return;
    case "open":
      openMenu(turn, listening, action.menu);
      return;
    case "list":
      list(turn, listening, action.list);
      return;
    case "to_box":
      lookAgain(turn, { ...listening, box: action.box });
      return;
    case "next":
      next(turn, listening);
      return;
    case "previous":
      previous(turn, listening);
      return;
    case "seek":
      seek(turn, listening, action.direction);
      return;
    case "hear_again":
      hearAgain(turn, listening);
      return;
    case "hear_facts":
      hearFacts(turn, listening);
      return;
    case "mark":
      mark(turn, listening, action.state);
      return;
    case "claim":
      claim(turn, listening);
      return;
    case "call_back":
      callBack(turn, listening);
      return;
    case "type":
      askEntry(turn, listening, action.entry);
      return;
    case "choose_greeting":
      chooseGreeting(turn, listening, action.slot);
      return;
    case "hear_greeting":
      hearPresent(turn, listening);
      return;
    case "remove_greeting":
      removePresent(turn, listening);
      return;
    case "record":
      startRecording(turn, listening);
      return;
    case "hear_draft":
      hearDraft(turn, listening);
      return;
    case "keep_draft":
      keepDraft(turn, listening);
      return;
    case "send_without":
      sendAsItIs(turn, listening);
      return;
    case "cancel":
      openMenu(turn, { ...forgetDraft(turn, listening), purpose: null }, action.to);
      return;
  }
}
