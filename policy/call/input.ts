/** What can happen to a call. The time comes with each input; the core has no clock of its own. */
import type { Answer } from "./mailbox-requests.js";
import type { TimerId } from "./timers.js";

/** A call parked on the switch, waiting for a controller. */
export interface Arrival {
  readonly id: string;
  readonly atMs: number;
  /** Where the number called may stand, in the order to try: request URI, then To. */
  readonly dialled: readonly string[];
  /** From a carrier, or from a phone of the office that signed in as `sipName`. */
  readonly origin:
    | { readonly kind: "carrier" }
    | { readonly kind: "phone"; readonly sipName: string }
    /** An outside party that a phone of the office had called, and has now sent on. */
    | { readonly kind: "transferred" };
  readonly callerNumber: string;
  readonly callerName: string;
  readonly media: "none" | "early" | "answered";
  readonly codecs: string;
}

/** A leg as the switch has it when the controller comes back. */
export interface LiveLeg {
  readonly id: string;
  readonly state: "ringing" | "answered";
  readonly parked: boolean;
  /** Something is being played to it. */
  readonly playing: boolean;
  /** The channel it is bridged with, if any. */
  readonly bridgedTo: string | null;
}

export type Input =
  | { readonly type: "claimed"; readonly atMs: number; readonly won: boolean }
  | { readonly type: "timer"; readonly atMs: number; readonly id: TimerId }
  | { readonly type: "caller_gone"; readonly atMs: number; readonly cause: string }
  /**
   * The caller's channel is parked again: a bridge failed or ended, or a phone transferred it; then
   * `transferredTo` is what that phone dialled.
   */
  | { readonly type: "caller_parked"; readonly atMs: number; readonly transferredTo: string | null }
  | { readonly type: "leg_ringing"; readonly atMs: number; readonly leg: string }
  /** `codec`: what it speaks, by the name that the switch gives it; left out: unknown. */
  | { readonly type: "leg_answered"; readonly atMs: number; readonly leg: string; readonly codec?: string }
  | { readonly type: "leg_parked"; readonly atMs: number; readonly leg: string }
  | { readonly type: "leg_ended"; readonly atMs: number; readonly leg: string; readonly cause: string }
  | { readonly type: "bridged"; readonly atMs: number; readonly leg: string }
  /** The switch refused to bridge, so nothing was changed by it. */
  | { readonly type: "bridge_refused"; readonly atMs: number; readonly leg: string }
  | { readonly type: "play_began"; readonly atMs: number; readonly channel: string }
  /** `missing`: there was no such file. */
  | { readonly type: "played"; readonly atMs: number; readonly playId: string; readonly missing?: true }
  | { readonly type: "recorded"; readonly atMs: number; readonly playId: string }
  /** Voicemail answers the ask with this id. */
  | { readonly type: "answered"; readonly atMs: number; readonly id: string; readonly answer: Answer }
  | { readonly type: "digit"; readonly atMs: number; readonly channel: string; readonly digit: string }
  /** A device registered or unregistered. */
  | { readonly type: "contacts_changed"; readonly atMs: number; readonly sipName: string }
  /** What the switch has of this call: the connection is back, or the call has asked for an inspection. */
  | {
      readonly type: "resync";
      /**
       * The call has asked, and the connection was there all the time: legs of which nothing is found may only just
       * have been dialled.
       */
      readonly isInspection?: true;
      readonly atMs: number;
      readonly caller: {
        /** Where a phone has sent the caller meanwhile; null: nowhere. */
        readonly transferredTo?: string | null;
        readonly media: Arrival["media"];
        /** Neither parked nor bridged: a bridge is being made, or has just failed. */
        readonly parked: boolean;
        readonly playing: boolean;
        readonly recording?: true;
        readonly bridgedTo: string | null;
      } | null;
      readonly legs: readonly LiveLeg[];
      /** Legs whose dialling was never answered: if the switch has none of that name, it never heard of it. */
      readonly undialled?: readonly string[];
    };
