/**
 * How far somebody is with listening to messages. Part of the call's state, so it is plain data, and whoever takes
 * the call over goes on where they were.
 */
import type { Box } from "../../office/box.js";
import type { BoxCount, GreetingSlot, HeardMessage, SessionAsk } from "../mailbox-requests.js";

/** Where a key means something. */
export type Menu = "main" | "message" | "boxes" | "settings" | "greeting" | "intro" | "review";

/** What keys are typed for, up to `#` or a pause. */
export type Entry = "extension" | "pin" | "new_pin" | "new_pin_again" | "forward_to";

/** What comes when something was said. */
export type Next =
  | { readonly to: "menu"; readonly menu: Menu }
  /** The messages are counted again, and the main menu said. */
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

/** Stands for the device of a listener who calls back from outside. */
export const NO_DEVICE = "";

export interface MailboxSession {
  readonly stage: SessionStage;
  /** Who listens; empty: not known yet. */
  readonly username: string;
  /** The listener has proved who they are. */
  readonly admitted: boolean;
  /** They listen from outside: see `remoteAccess`. */
  readonly remote: boolean;
  /** The mailbox; null: the listener's own, once they are known. */
  readonly box: Box | null;
  /** Keys of the entry so far. Never written down: see `without-secrets.ts`. */
  readonly typed: string;
  /** A new PIN that was typed once. Never written down either. */
  readonly newPin: string;
  /** Wrong extensions and PINs in this call. */
  readonly wrong: number;
  readonly boxes: readonly BoxCount[];
  /** The list they go through, and where they are in it. */
  readonly messages: readonly string[];
  readonly index: number;
  readonly current: HeardMessage | null;
  /** From where in the message it plays, and since when; to find the place five seconds before or after. */
  readonly offsetMs: number;
  readonly sinceMs: number;
  /** A recording that is no message, and is not kept yet; empty: none. */
  readonly draft: string;
  readonly purpose: Purpose | null;
  /** The greeting that is in use in the slot that was chosen; null: none. */
  readonly present: string | null;
  /** How often a menu or a question was put again without a key. */
  readonly repeats: number;
  readonly playId: string;
}
