/** The record of one call, as it is kept, listed and shown. Made of its happenings by `fold.ts` alone. */
import type { Direction, Happening, Party, RecordEnding, Side } from "./happening.js";

/** One leg: which phone, and the times that matter. All times in milliseconds since the epoch. */
export interface RecordLeg extends Party {
  readonly leg: string;
  readonly to: string;
  readonly group: string | null;
  readonly carrier: string | null;
  readonly shows: string | null;
  readonly payer: string | null;
  readonly dialledMs: number;
  readonly ringsMs: number | null;
  readonly answeredMs: number | null;
  /** When the caller was connected with it. */
  readonly connectedMs: number | null;
  readonly endedMs: number | null;
  readonly cause: string | null;
  readonly status: number | null;
  readonly side: Side | null;
  /** False: the end was found later; the leg may have ended earlier than `endedMs`. */
  readonly isEndSeen: boolean;
  /** The Call-ID of the leg's INVITE; null: not known, also while the leg lives. */
  readonly sipCallId: string | null;
}

/**
 * What has become of a call, as people count it. `missed`: nobody has answered and no message was left, whoever hung up.
 * `refused`: the number leads nowhere, the caller may not call there, or more calls arrived than are carried. `not_ours`:
 * another engine on the same switch has it; people do not count it.
 */
export type Result =
  | "live"
  | "answered"
  | "missed"
  | "message"
  | "listened"
  | "refused"
  | "failed"
  | "not_ours";

export interface CallRecord {
  readonly id: string;
  readonly direction: Direction;
  /** Empty: withheld, or anonymised later. */
  readonly from: string;
  readonly name: string;
  readonly isWithheld: boolean;
  readonly user: string | null;
  readonly device: string | null;
  readonly called: string;
  readonly revision: number;
  readonly carrier: string | null;
  readonly sipCallId: string | null;
  /** The call of which this caller was a leg; see `began`. */
  readonly partOf: string | null;
  /** The user has asked for the call in a page: their own phone rang first. Left out: not so. */
  readonly isClickToCall?: true;
  /** Engines that carried the call, the first one first. */
  readonly engines: readonly string[];
  readonly beganMs: number;
  readonly firstRingMs: number | null;
  /** When the caller was connected with somebody first. */
  readonly connectedMs: number | null;
  /** Null: the call is in progress. */
  readonly endedMs: number | null;
  readonly ending: RecordEnding | null;
  readonly result: Result;
  readonly side: Side | null;
  readonly cause: string | null;
  readonly isEndSeen: boolean;
  /** Who took the call last: a username or a number. */
  readonly answeredBy: string | null;
  /** The mailbox in which the caller left a message. */
  readonly messageIn: string | null;
  /** What the call was about, each once: `number:…`, `user:…`, `group:…`, `flow:…`, `schedule:…`. */
  readonly about: readonly string[];
  /** Help was called for, or tried with a number such as 933. */
  readonly isEmergency: boolean;
  readonly legs: readonly RecordLeg[];
  readonly happenings: readonly Happening[];
}
