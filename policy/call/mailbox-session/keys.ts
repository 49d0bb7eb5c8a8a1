/** What the keys of the menus do. */
import { stopSound } from "../dialogue/stages.js";
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
  claimMessage,
  countMessages,
  hearAgain,
  hearFacts,
  list,
  mark,
  next,
  previous,
  seek,
} from "./messages.js";
import { forgetDraft, sayGoodbye } from "./stages.js";
import type { MailboxSession, Menu } from "./state.js";

/** A key was pressed while `menu` gives the keys their meaning. */
export function pressKey(turn: Turn, session: MailboxSession, menu: Menu, key: string): void {
  const action = actionOf(turn, session, menu, key);
  if (action === undefined) return;
  stopSound(turn);
  act(turn, session, action);
}

function act(turn: Turn, session: MailboxSession, action: Action): void {
  switch (action.does) {
    case "main":
      countMessages(turn, session);
      return;
    case "end":
      sayGoodbye(turn, session);
      return;
    case "open":
      openMenu(turn, session, action.menu);
      return;
    case "list":
      list(turn, session, action.list);
      return;
    case "to_box":
      countMessages(turn, { ...session, box: action.box });
      return;
    case "next":
      next(turn, session);
      return;
    case "previous":
      previous(turn, session);
      return;
    case "seek":
      seek(turn, session, action.direction);
      return;
    case "hear_again":
      hearAgain(turn, session);
      return;
    case "hear_facts":
      hearFacts(turn, session);
      return;
    case "mark":
      mark(turn, session, action.state);
      return;
    case "claim_message":
      claimMessage(turn, session);
      return;
    case "call_back":
      callBack(turn, session);
      return;
    case "type":
      askEntry(turn, session, action.entry);
      return;
    case "choose_greeting":
      chooseGreeting(turn, session, action.slot);
      return;
    case "hear_greeting":
      hearPresent(turn, session);
      return;
    case "remove_greeting":
      removePresent(turn, session);
      return;
    case "record":
      startRecording(turn, session);
      return;
    case "hear_draft":
      hearDraft(turn, session);
      return;
    case "keep_draft":
      keepDraft(turn, session);
      return;
    case "send_without":
      sendAsItIs(turn, session);
      return;
    case "cancel":
      openMenu(turn, { ...forgetDraft(turn, session), purpose: null }, action.to);
      return;
  }
}
