/**
 * What is kept of a call: one happening after the other, each with its time. The engine writes them into its journal as
 * they happen; a record is made of them (`fold.ts`). They are kept for months, so a kind's fields are only ever added to.
 * Nothing here is secret: no PIN, no key that a mailbox session asked for.
 */
import type { HangupReason } from "../steps/hangup/step.js";

/** One line of the journal. */
export interface Happening {
  /** The uuid of the caller's channel, which names the call. */
  readonly call: string;
  /** Milliseconds since the epoch, by the engine's clock. */
  readonly atMs: number;
  /**
   * Nobody saw it happen: a saved state or a look at the switch has shown it later, so that it happened at `atMs` at the
   * latest. A record that has it already leaves it out.
   */
  readonly isFound?: true;
  readonly what: What;
}

/** From outside, from a phone of the office to somebody outside, or between phones of the office. */
export type Direction = "in" | "out" | "inside";

/** Whose doing an end was. `switch`: the switch or the network gave up; `unknown`: nobody saw it. */
export type Side = "caller" | "callee" | "office" | "switch" | "unknown";

/** Whose phone a leg rings. */
export interface Party {
  /** A username; a number for an outside phone that is no user's device. */
  readonly who: string;
  /** The id of the device; empty: an outside number dialled directly. */
  readonly device: string;
}

export type What =
  /** The first of each call; a call that another engine goes on with has one already (`adopted`). */
  | {
      readonly kind: "began";
      readonly direction: Direction;
      /** Empty: withheld, or none came. A withheld number never stands in a record. */
      readonly from: string;
      /** The caller's name as it was shown. */
      readonly name: string;
      readonly isWithheld: boolean;
      /** The user whose phone calls; null: a caller from outside. */
      readonly user: string | null;
      readonly device: string | null;
      /** The number or extension that was called, in E.164 where it is one. */
      readonly called: string;
      readonly revision: number;
      /** The carrier through which the caller came; null: none, or not known. */
      readonly carrier: string | null;
      /** The Call-ID of the caller's INVITE (RFC 3261, 20.8); null: not known. */
      readonly sipCallId: string | null;
      /** The call of which this caller was a leg, until a phone transferred them; null: of none, or not known. */
      readonly partOf: string | null;
      /** The user has asked for the call in a page: their own phone rang first. */
      readonly isClickToCall?: true;
      /** The process of the engine, as its journal is called. */
      readonly engine: string;
    }
  /**
   * Where the steps come from now: a target (`number:+12125550100`, `user:bob.stone`, `group:sales`, `flow:main`), or what
   * is no flow of the office: `dialled:+4930123456`, `emergency:911`, `listen:inbox`, `recall:bob.stone`, `unassigned`,
   * `not_permitted`, `apology`. `names`: what of the office it is about; `label`: of the number.
   */
  | {
      readonly kind: "flow";
      readonly source: string;
      readonly names: readonly string[];
      readonly label: string | null;
    }
  /** A step begins. `names`: what it is about, such as `group:sales` or `schedule:practice`. */
  | { readonly kind: "step"; readonly text: string; readonly names: readonly string[] }
  /** What a step found that decides how the call goes on. `isOpen`: of a schedule. */
  | {
      readonly kind: "step_outcome";
      readonly text: string;
      readonly outcome: string;
      readonly schedule: string | null;
      readonly isOpen: boolean | null;
    }
  /** A leg is dialled. `to`: the phone's SIP name, or the number. `group`: the group under which it rings, if one. */
  | ({
      readonly kind: "leg_dialled";
      readonly leg: string;
      readonly to: string;
      readonly group: string | null;
      readonly carrier: string | null;
      /**
       * The number that the far end is shown; of a leg that hides its number, the office's number to which it counts.
       * Null: none, or the phone is one of the office.
       */
      readonly shows: string | null;
      /** Who pays for a leg to the public network: `user:NAME` or `office`; null: nobody has to. */
      readonly payer: string | null;
    } & Party)
  /** `isMedia`: it can be heard (183), which does not say for certain that anything rings. */
  | { readonly kind: "leg_rings"; readonly leg: string; readonly isMedia?: true }
  /**
   * `reason`: as the ring plan has it, or `not_yet`: the step was over before the phone's time came. `dueMs`: when it would
   * have rung, from the beginning of the step; null: nobody knows, since those before it ring as long as they like. Left
   * out: for any other reason.
   */
  | ({
      readonly kind: "not_rung";
      readonly reason: string;
      readonly group: string | null;
      readonly dueMs?: number | null;
    } & Party)
  | { readonly kind: "leg_answered"; readonly leg: string }
  /** The leg hears "press 1 to accept". */
  | { readonly kind: "leg_asked"; readonly leg: string }
  | { readonly kind: "leg_accepts"; readonly leg: string }
  | { readonly kind: "leg_declines"; readonly leg: string }
  /**
   * `cause`: the switch's hangup cause, or our word for an end that no event has shown: `LOST`, `REFUSED` (the switch has
   * refused to dial), `NOT_DIALLED` (the switch was to ring it and has not used the answer to its question). `status`: the
   * final SIP status; null: none, or not known. `isSeen`: false when the end was found later, so that its time is the
   * latest it can be. `sipCallId`: the Call-ID of the leg's own INVITE; null: not known.
   */
  | {
      readonly kind: "leg_ended";
      readonly leg: string;
      readonly cause: string;
      readonly status: number | null;
      readonly side: Side;
      readonly isSeen: boolean;
      readonly sipCallId: string | null;
    }
  /** `leg`: the one that has failed; empty: not known. `failed`, `carrier`: gateways of the carriers. */
  | {
      readonly kind: "next_carrier";
      readonly leg: string;
      readonly failed: string;
      readonly why: string;
      readonly carrier: string;
    }
  /** `timer`: the clock that has ended the step (`ring`, `slot`, `end`, `decide`); null: no clock has. */
  | {
      readonly kind: "rollover";
      readonly why: "timeout" | "nothing_rings" | "skipped";
      readonly timer: string | null;
    }
  /** `who` is empty if nobody knows to whom an attended transfer has connected the caller. */
  | ({ readonly kind: "connected"; readonly leg: string } & Party)
  /** The winner died before it was connected; ringing goes on. */
  | { readonly kind: "winner_lost"; readonly leg: string; readonly cause: string }
  | { readonly kind: "transferred"; readonly to: string; readonly by: string | null }
  | {
      readonly kind: "transfer_failed";
      readonly to: string;
      readonly by: string | null;
      readonly why: HangupReason;
    }
  /** The caller hears something: an announcement, a greeting. `isMissing`: there was no such file. */
  | { readonly kind: "prompt"; readonly text: string; readonly isMissing?: true }
  /** Keys that the caller, or a leg, has pressed and that meant something. Never keys of a mailbox session. */
  | { readonly kind: "digits"; readonly leg: string | null; readonly digits: string }
  | { readonly kind: "greeting"; readonly box: string }
  | { readonly kind: "recording"; readonly box: string }
  | { readonly kind: "no_message"; readonly box: string; readonly why: "too_short" }
  | { readonly kind: "mailbox_refused"; readonly box: string; readonly why: "full" | "unavailable" }
  | { readonly kind: "listens"; readonly username: string; readonly box: string }
  | { readonly kind: "pin_refused"; readonly username: string; readonly why: "wrong" | "locked" | "none" }
  /** Help was called for. `isTest`: a number to try it, such as 933. */
  | {
      readonly kind: "emergency";
      readonly number: string;
      readonly user: string | null;
      readonly device: string | null;
      readonly isTest: boolean;
    }
  | { readonly kind: "refused"; readonly number: string; readonly why: string }
  | { readonly kind: "bound_reached"; readonly bound: string }
  /** Another engine goes on with the call: since the last happening before, nobody has seen what happened. */
  | { readonly kind: "adopted"; readonly engine: string; readonly revision: number }
  /** The caller's channel is gone, while the call still has something to do: legs end, a message is delivered. */
  | {
      readonly kind: "caller_gone";
      readonly side: Side;
      readonly cause: string | null;
      readonly isSeen: boolean;
    }
  /** Once a call. `isSeen` as in `leg_ended`: false when the call was over before an engine looked. */
  | {
      readonly kind: "ended";
      readonly ending: RecordEnding;
      readonly side: Side;
      /** The cause of the caller's hangup; null: not known. */
      readonly cause: string | null;
      readonly isSeen: boolean;
    };

/**
 * How a call ended. `not_ours`: another engine, or the switch's fallback, has it. `shed`: refused with 503, since more
 * calls arrived than are carried. `lost`: it was gone when an engine looked, and nobody saw how.
 */
export type RecordEnding =
  | { readonly kind: "answered"; readonly by: string }
  | { readonly kind: "missed" }
  | { readonly kind: "message"; readonly box: string }
  | { readonly kind: "listened"; readonly by: string }
  | { readonly kind: "hung_up"; readonly reason: HangupReason }
  | { readonly kind: "not_ours" }
  | { readonly kind: "failed"; readonly why: string }
  | { readonly kind: "shed" }
  | { readonly kind: "lost" };

export type WhatKind = What["kind"];
/** The happening of this kind. */
export type WhatOf<K extends WhatKind> = Extract<What, { readonly kind: K }>;
