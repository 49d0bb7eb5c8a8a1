/**
 * What a call asks of voicemail, and what voicemail answers. An engine that has taken a call over may ask the same
 * again: the second time changes nothing.
 */

import type { Room } from "../mailbox/mailbox.js";
import type { Box } from "../office/box.js";

/** Messages that this member has not heard, the urgent ones first; or the others, the newest first. */
export type MessageList = "new" | "old";

/** What callers of a mailbox hear: `temporary` until further notice, `own` usually, `name` within our own words. */
export type GreetingKind = "temporary" | "own" | "name";

/** One greeting of a mailbox. `busy`: for when everybody is on the phone; a name has no such form. */
export interface GreetingSlot {
  readonly box: Box;
  readonly kind: GreetingKind;
  readonly busy: boolean;
}

/** A greeting that was recorded or uploaded: `id` names its sound file. */
export interface RecordedGreeting {
  readonly kind: GreetingKind;
  readonly busy: boolean;
  readonly id: string;
}

/** What one member hears of one message. */
export interface HeardMessage {
  readonly id: string;
  readonly callerNumber: string;
  /** When the caller began to speak; milliseconds since the epoch. */
  readonly beganMs: number;
  readonly lengthMs: number;
  readonly urgent: boolean;
  readonly state: "new" | "heard" | "saved" | "deleted";
  readonly claimedBy: string | null;
  readonly forwardedBy: string | null;
  /** The message's file is there, and has sound in it. */
  readonly playable: boolean;
}

/** A mailbox, and how many messages are in it for one member. */
export interface BoxCount {
  readonly box: Box;
  readonly fresh: number;
  readonly old: number;
  /** How little room is left; left out: enough. */
  readonly room?: Exclude<Room, "enough">;
}

/** What a call asks whose caller leaves a message. */
export type MessageAsk =
  /**
   * A message is about to be recorded: its row is written, if there is room. Answered by `opened` or `refused`. `alone`:
   * it is a message of its own, whatever the call has recorded before; left out: it takes the place of the recording
   * before, if it is long enough.
   */
  | { readonly kind: "open_message"; readonly message: string; readonly box: Box; readonly alone?: true }
  /** How much sound is in the file? Answered by `measured`. */
  | { readonly kind: "measure_message"; readonly message: string }
  /**
   * The recordings of a call, the newest first. Delivers the first that is long enough, and drops those whose place it
   * takes; a recording before one that is `alone` is judged by itself. Answered by `delivered`.
   */
  | { readonly kind: "deliver_message"; readonly messages: readonly string[]; readonly urgent: boolean }
  /** The recording holds no message: its row and file are removed. */
  | { readonly kind: "drop_message"; readonly message: string }
  /** The caller marks a message before it is delivered. Kept at once, in case the call is lost. */
  | { readonly kind: "mark_urgent"; readonly message: string; readonly urgent: boolean };

/** What a mailbox session asks. */
export type SessionAsk =
  /** The listener's own mailbox, and every other one with messages for them. */
  | { readonly kind: "boxes"; readonly username: string }
  /** At most `LISTENED_MAX` ids, in the order they are to be heard. */
  | { readonly kind: "list"; readonly box: Box; readonly username: string; readonly list: MessageList }
  /** Everything that the listener may hear of one message. */
  | { readonly kind: "look"; readonly message: string; readonly username: string }
  | {
      readonly kind: "mark";
      readonly message: string;
      readonly username: string;
      readonly state: HeardMessage["state"];
    }
  /** Makes a message claim: the listener promises to call the person back. `give`: gives the claim back. */
  | { readonly kind: "claim"; readonly message: string; readonly username: string; readonly give: boolean }
  | { readonly kind: "check_pin"; readonly username: string; readonly pin: string }
  | { readonly kind: "set_pin"; readonly username: string; readonly pin: string }
  /** A recording that is no message is about to begin: a draft, which is removed with the call unless it is used. */
  | { readonly kind: "open_draft"; readonly draft: string }
  | { readonly kind: "drop_draft"; readonly draft: string }
  | {
      readonly kind: "keep_greeting";
      readonly slot: GreetingSlot;
      readonly draft: string;
      readonly username: string;
    }
  | { readonly kind: "greetings"; readonly box: Box }
  | { readonly kind: "remove_greeting"; readonly slot: GreetingSlot; readonly username: string }
  /** A copy for another mailbox under the id `as`, behind an introduction where there is one. */
  | {
      readonly kind: "forward";
      readonly message: string;
      readonly as: string;
      readonly to: Box;
      readonly intro: string | null;
      readonly username: string;
    };

export type Ask = MessageAsk | SessionAsk;

/** Whether a caller who leaves a message asks, and not a mailbox session. */
export function isMessageAsk(ask: Ask): ask is MessageAsk {
  return ask.kind in MESSAGE_ASKS;
}

const MESSAGE_ASKS: Readonly<Record<MessageAsk["kind"], true>> = {
  open_message: true,
  measure_message: true,
  deliver_message: true,
  drop_message: true,
  mark_urgent: true,
};

/** An ask with the id by which its answer is known. */
export interface MailboxQuestion {
  readonly id: string;
  readonly ask: Ask;
}

export type Answer =
  /** The database or the disk failed; the log says how. Whether anything has changed is not known. */
  | { readonly kind: "failed" }
  /** The message may be recorded. `greetings`: what the owner of the mailbox has recorded or uploaded. */
  | { readonly kind: "opened"; readonly greetings: readonly RecordedGreeting[] }
  /** From the first sound in the recording to the last; 0 for a file that is empty or missing. */
  | { readonly kind: "measured"; readonly soundMs: number }
  /** Whether a message is in the mailbox. */
  | { readonly kind: "delivered"; readonly kept: boolean }
  | { readonly kind: "boxes"; readonly boxes: readonly BoxCount[] }
  | { readonly kind: "listed"; readonly messages: readonly string[] }
  /** Answers `look`. Null: the message is gone, or not one of the listener's. */
  | { readonly kind: "looked"; readonly message: HeardMessage | null }
  /** Answers `claim`. `by`: the member who has the message claim now. `done`: that is what was asked. */
  | { readonly kind: "claimed"; readonly done: boolean; readonly by: string | null }
  /** `locked`: after too many wrong PINs, even the right one is refused. `none`: the user has no PIN. */
  | { readonly kind: "pin"; readonly verdict: "right" | "wrong" | "locked" | "none" }
  | { readonly kind: "greetings"; readonly greetings: readonly RecordedGreeting[] }
  | { readonly kind: "done" }
  | { readonly kind: "refused"; readonly why: "too_short" | "full" | "gone" | "weak" };
