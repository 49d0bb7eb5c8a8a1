/**
 * How far a mailbox session is. Part of the call's state, so it is plain data, and an engine that takes the call over
 * goes on from it.
 */
import type { Box } from "../../office/box.js";
import type { BoxCount, GreetingSlot, HeardMessage, SessionAsk } from "../mailbox-requests.js";

/** The menus. Each gives the keys their meaning while it is said and after that. */
export type Menu = "main" | "message" | "boxes" | "settings" | "greeting" | "intro" | "review";

/** What is typed with several keys, up to `#` or a pause. */
export type Entry = "extension" | "pin" | "new_pin" | "new_pin_again" | "forward_to";

/** Where the session goes when the listener has heard what is said. */
export type Next =
  | { readonly to: "menu"; readonly menu: Menu }
  /** The messages are counted anew, and the main menu is said. */
  | { readonly to: "start" }
  | { readonly to: "playing" }
  | { readonly to: "next_message" }
  | { readonly to: "recording" }
  | { readonly to: "leave" };

export type SessionStage =
  | { readonly at: "telling"; readonly next: Next }
  | { readonly at: "menu"; readonly menu: Menu }
  | { readonly at: "entry"; readonly entry: Entry }
  | { readonly at: "asking"; readonly ask: SessionAsk; readonly id: string }
  /** The message itself. */
  | { readonly at: "playing" }
  | { readonly at: "recording" };

/** What a recording is made for. */
export type Purpose =
  | { readonly for: "greeting"; readonly slot: GreetingSlot }
  | {
      readonly for: "introduction";
      readonly to: Box;
      /** The id of the copy: sent twice, it is delivered once. */
      readonly as: string;
    };

export interface MailboxSession {
  readonly stage: SessionStage;
  /** The listener; null: not known yet. */
  readonly username: string | null;
  /** The listener has proved who they are, by their phone or their PIN. */
  readonly admitted: boolean;
  /** The listener calls from outside: see `remoteAccess`. */
  readonly remote: boolean;
  /** The mailbox; null: the listener's own, once they are known. */
  readonly box: Box | null;
  /** Keys of the entry so far. Never written down: see `without-secrets.ts`. */
  readonly typed: string;
  /** A new PIN that was typed once; null: none was. Never written down either. */
  readonly newPin: string | null;
  /** Wrong extensions and PINs in this call. */
  readonly wrong: number;
  readonly boxes: readonly BoxCount[];
  /** Ids of the messages that the listener goes through, and the place in that list. */
  readonly messages: readonly string[];
  readonly index: number;
  readonly current: HeardMessage | null;
  /** From which place in the message it plays, and since when; to find the place five seconds before or after. */
  readonly offsetMs: number;
  readonly sinceMs: number;
  /** The id of a recording that is no message, and is not in use yet; null: there is none. */
  readonly draft: string | null;
  readonly purpose: Purpose | null;
  /** The greeting that is in use in the slot that was chosen; null: none. */
  readonly present: string | null;
  /** How often a menu or a question was put again without a key. */
  readonly repeats: number;
  readonly playId: string | null;
}

/** @throws Error when the listener is not known yet: no stage that needs their name may have begun */
export function listenerOf({ username }: MailboxSession): string {
  if (username === null) throw new Error("nobody is known to listen");
  return username;
}

/** @throws Error when there is no draft: no stage that records, plays or uses one may have begun */
export function draftOf({ draft }: MailboxSession): string {
  if (draft === null) throw new Error("there is no draft");
  return draft;
}
