/** What can happen to a call. The time comes with each input; the core has no clock of its own. */
import type { CarrierWords } from "../routing/carrier-places.js";
import type { Answer } from "./mailbox-requests.js";
import type { TimerId } from "./timers.js";

/** A call parked on the switch, waiting for an engine. */
export interface Arrival {
  readonly id: string;
  readonly atMs: number;
  /** Where the number called may stand, in the order to try: request URI, then To. */
  readonly dialled: readonly string[];
  /** From a carrier, or from a phone of the office that signed in as `sipName`. */
  readonly origin:
    | { readonly kind: "carrier" }
    | { readonly kind: "phone"; readonly sipName: string }
    /** An outside party that a phone of the office had called, and has now transferred. */
    | { readonly kind: "transferred" };
  /**
   * Whose phone has transferred this party (null: not known, or a phone of no user), and that phone's channel, if it waits
   * for the outcome.
   */
  readonly transfer?: { readonly by: string | null; readonly channel: string | null };
  readonly callerNumber: string;
  readonly callerName: string;
  /** The caller withholds the number (and the name), or the name alone; left out: neither. */
  readonly privacy?: "number" | "name";
  /** What the request of a carrier says besides; left out: nothing of use. */
  readonly words?: CarrierWords;
  readonly media: "none" | "early" | "answered";
  readonly codecs: string;
  /** The caller offers to encrypt the audio (RFC 4568); left out: not, or it is not known. */
  readonly offersSrtp?: true;
  /** The switch asks what to do with the call, and claims it for this engine when it uses the answer. */
  readonly asked?: true;
  /** By which name the engine that is asked claims calls; left out: no engine is asked. */
  readonly askedBy?: string;
  /** The Call-ID of the caller's INVITE; left out: not known. */
  readonly sipCallId?: string;
  /** The call of which the caller was a leg; left out: of none, or not known. */
  readonly partOf?: string;
  /** The caller has asked for the call in a page, and has answered their phone, which rang for that. */
  readonly isClickToCall?: true;
}

/** A leg as the switch has it, when the connection is back or after an inspection. */
export interface LiveLeg {
  readonly id: string;
  readonly state: "ringing" | "answered";
  readonly parked: boolean;
  /** Something is being played to it. */
  readonly playing: boolean;
  /** The channel it is bridged with, if any. */
  readonly bridgedTo: string | null;
  /** A phone has transferred it: it is a caller now, who has a call of their own or is about to have. */
  readonly isCaller?: true;
  /** That call knows what became of the transfer, and has told the phone. */
  readonly isSettled?: true;
}

export type Input =
  | { readonly type: "claimed"; readonly atMs: number; readonly won: boolean }
  | { readonly type: "timer"; readonly atMs: number; readonly id: TimerId }
  /** `hungUp`: the caller has hung up or cancelled; false: the switch has ended the channel; left out: not known. */
  | {
      readonly type: "caller_gone";
      readonly atMs: number;
      readonly cause: string;
      readonly hungUp?: boolean;
    }
  /**
   * The caller's channel is parked again: a bridge failed or ended, or a phone transferred it; then
   * `transferredTo` is what that phone dialled, and `transferredBy` its channel, if it waits for the outcome.
   * `handsOver`: the caller's own phone has transferred the party on this channel (empty: not known), and waits for the
   * outcome. `unmarked`: the channel shows that the switch has not used this engine's answer to its question.
   */
  | {
      readonly type: "caller_parked";
      readonly atMs: number;
      readonly transferredTo: string | null;
      readonly transferredBy?: string;
      readonly handsOver?: string;
      readonly unmarked?: true;
    }
  /** `isMedia`: it can be heard (183), which does not say that anything rings. */
  | { readonly type: "leg_ringing"; readonly atMs: number; readonly leg: string; readonly isMedia?: true }
  /** `codec`: the leg's codec, by the switch's name for it; left out: unknown. */
  | { readonly type: "leg_answered"; readonly atMs: number; readonly leg: string; readonly codec?: string }
  /** `isEarly`: it has media and is not answered; then `codec` is the leg's codec. */
  | {
      readonly type: "leg_parked";
      readonly atMs: number;
      readonly leg: string;
      readonly isEarly?: true;
      readonly codec?: string;
    }
  /**
   * `status`: the final SIP status of a leg that was not answered; left out: not known, or there was none. `hungUp`: the far
   * end has hung up or refused; false: the switch has ended the leg; left out: not known.
   */
  | {
      readonly type: "leg_ended";
      readonly atMs: number;
      readonly leg: string;
      readonly cause: string;
      readonly status?: number;
      readonly hungUp?: boolean;
      readonly sipCallId?: string;
    }
  /** `who`: whose phone the leg rang, if it is another call's (after an attended transfer). */
  | { readonly type: "bridged"; readonly atMs: number; readonly leg: string; readonly who?: string }
  /** The switch refused to bridge, and has changed nothing. */
  | { readonly type: "bridge_refused"; readonly atMs: number; readonly leg: string }
  /** Nobody knows whether the switch was told to answer the caller. */
  | { readonly type: "answer_unknown"; readonly atMs: number }
  | { readonly type: "play_began"; readonly atMs: number; readonly channel: string }
  /** What played has ended. `missing`: there is no such file. */
  | { readonly type: "played"; readonly atMs: number; readonly playId: string; readonly missing?: true }
  | { readonly type: "recorded"; readonly atMs: number; readonly playId: string }
  /** Voicemail answers the ask with this id. */
  | { readonly type: "answered"; readonly atMs: number; readonly id: string; readonly answer: Answer }
  | { readonly type: "digit"; readonly atMs: number; readonly channel: string; readonly digit: string }
  /** A device registered or unregistered. */
  | { readonly type: "contacts_changed"; readonly atMs: number; readonly sipName: string }
  /** Which channels of this call the switch has: the connection is back, or the call has asked for an inspection. */
  | {
      readonly type: "resync";
      /**
       * The call has asked, and the connection was there all the time: a leg that the switch does not show may only just
       * have been dialled.
       */
      readonly isInspection?: true;
      /** The switch has stopped what the caller heard and what was recorded of them, and then shows this. */
      readonly isStopped?: true;
      /** The call has handled inputs while the switch was asked: what is not shown may have come since. */
      readonly isOutdated?: true;
      readonly atMs: number;
      readonly caller: {
        /** The number to which a phone has transferred the caller meanwhile; null: none has. */
        readonly transferredTo: string | null;
        /** The channel of that phone, if it waits for the outcome. */
        readonly transferredBy?: string;
        /** The caller's own phone has transferred the party on this channel (empty: not known), and waits for the outcome. */
        readonly handsOver?: string;
        readonly media: Arrival["media"];
        /** Neither parked nor bridged: a bridge is being made, or has just failed, or phones ring by the switch. */
        readonly parked: boolean;
        /** The switch itself rings phones for the caller, and connects the one that answers. */
        readonly isRung?: true;
        /** The channel shows that the switch has not used this engine's answer to its question. */
        readonly unmarked?: true;
        readonly playing: boolean;
        readonly recording?: true;
        readonly bridgedTo: string | null;
      } | null;
      readonly legs: readonly LiveLeg[];
      /** Legs of whose dialling no reply came. If the switch does not show such a leg, the command never reached it. */
      readonly undialled?: readonly string[];
    };
