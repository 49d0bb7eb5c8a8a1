/**
 * What the core wants done, by who does it. Timers are no commands: they are part of the state, and the runner sees to
 * them.
 */
import type { SilenceLevel } from "../mailbox/silence.js";
import type { Box } from "../office/box.js";
import type { Refused } from "../outside/payer.js";
import type { Dial, NotRung } from "../ring/plan.js";
import type { HangupReason } from "../steps/hangup/step.js";
import type { Step } from "../steps/types.js";
import type { Ask } from "./mailbox-requests.js";
import type { Ending, FlowSource } from "./state.js";

/** The user and device that a leg rings, and its channel. */
export interface OfLeg {
  readonly who: string;
  readonly device: string;
  readonly leg: string;
}

/** Something worth telling people about the call, as it happens. */
export type Note =
  | { readonly kind: "arrived"; readonly from: string; readonly to: string }
  /** Help was called for, from this user's phone; null: nobody knows whose it is. */
  | {
      readonly kind: "emergency";
      readonly number: string;
      readonly by: string | null;
      readonly device: string | null;
      /** The number only tries that, such as 933: nobody called for help. */
      readonly isTest?: true;
    }
  /** What a phone has dialled, for its user or for whoever it has transferred, is refused. */
  | { readonly kind: "refused"; readonly number: string; readonly why: Refused }
  /** The steps come from there from now on. */
  | { readonly kind: "flow"; readonly source: FlowSource }
  | { readonly kind: "step"; readonly step: Step }
  /**
   * What a step found that decides how the call goes on, in words for people: `closed: New Year`. `isOpen`: of opening
   * hours.
   */
  | {
      readonly kind: "step_outcome";
      readonly step: Step;
      readonly outcome: string;
      readonly isOpen?: boolean;
    }
  | ({ readonly kind: "rings" } & OfLeg)
  | { readonly kind: "not_rung"; readonly whom: NotRung }
  | ({ readonly kind: "leg_ended"; readonly cause: string } & OfLeg)
  /** A carrier has failed, with this SIP status or cause, and the next one is tried. */
  | {
      readonly kind: "next_carrier";
      readonly who: string;
      readonly device: string;
      readonly failed: string;
      readonly why: string;
      readonly carrier: string;
    }
  | ({ readonly kind: "deciding" } & OfLeg)
  | ({ readonly kind: "declined" } & OfLeg)
  | { readonly kind: "rollover"; readonly why: "timeout" | "nothing_rings" | "skipped" }
  | ({ readonly kind: "accepted" } & OfLeg)
  | ({ readonly kind: "winner_lost"; readonly cause: string } & OfLeg)
  | ({ readonly kind: "connected" } & OfLeg)
  | { readonly kind: "transferred"; readonly to: string }
  /** Nobody took the transferred caller. `by`: where the caller goes back; null: nowhere. */
  | {
      readonly kind: "transfer_failed";
      readonly to: string;
      readonly by: string | null;
      readonly why: HangupReason;
    }
  | { readonly kind: "greeting"; readonly box: string }
  | { readonly kind: "recording"; readonly box: string }
  | { readonly kind: "mailbox_refused"; readonly box: string; readonly why: "full" | "unavailable" }
  | { readonly kind: "no_message"; readonly box: string; readonly why: "too_short" }
  | { readonly kind: "listens"; readonly username: string; readonly box: string }
  | { readonly kind: "pin_refused"; readonly username: string; readonly why: "wrong" | "locked" | "none" }
  | { readonly kind: "bound_reached"; readonly bound: string }
  | { readonly kind: "late"; readonly input: string }
  | {
      readonly kind: "ended";
      readonly ending: Ending;
      readonly rang: readonly string[];
      readonly ms: number;
    };

/** What the switch does to the caller's channel. */
export type CallerCommand =
  /**
   * The caller's leg goes back to park if the bridge fails, instead of being hung up. `codec`: what the caller is to be
   * answered with; null: whatever their offer leads to.
   */
  | {
      readonly type: "guard_caller";
      readonly codec: string | null;
      /** The leg is not answered yet: its end, too, is to put the caller back into park. */
      readonly isEarly?: true;
    }
  | { readonly type: "answer_caller" }
  /** The caller hears what a carrier sends before the number called is answered (183). */
  | { readonly type: "pre_answer_caller" }
  /**
   * The caller hears a leg that is not answered. If their phone hands somebody over to it now (RFC 3891), that party is
   * sent to the number dialled, as without early media; the switch would bridge the two, and lose the leg.
   */
  | { readonly type: "loosen_caller" }
  /** The phone of the caller, who is to be hung up and was not answered, gets this SIP status. */
  | { readonly type: "refuse_caller"; readonly status: number }
  | { readonly type: "ringback" }
  /** The bridge stands: from here on the switch ends the call by itself when either side hangs up. */
  | { readonly type: "unguard_caller" }
  /** How the caller's channel has to record and to end sounds, and back. */
  | { readonly type: "prepare_recording" }
  | { readonly type: "forget_recording" }
  /**
   * Records the caller until `#`, silence, the limit or their end; answered by `recorded` with this id. `silenceMs` null:
   * no silence ends it.
   */
  | {
      readonly type: "record";
      readonly playId: string;
      readonly message: string;
      readonly limitMs: number;
      readonly silenceMs: number | null;
      readonly silenceLevel: SilenceLevel;
    };

/** What the switch does to a leg. */
export type LegCommand =
  | {
      readonly type: "dial";
      readonly leg: string;
      readonly dial: Dial;
      /** The switch rings this leg itself: it is part of the answer to the switch's question. */
      readonly native: boolean;
      /** The caller is to hear what comes before the answer, so the leg parks as soon as it has media. */
      readonly isHeardEarly?: true;
      readonly station: number;
      /** The call has dialled this number before, by another carrier, or in vain: it is one call outside all the same. */
      readonly isAgain?: true;
      readonly callerName: string;
      readonly callerNumber: string;
      /** RFC 5806 Diversion and RFC 3325 P-Asserted-Identity, for outside phones. */
      readonly diversion: string | null;
      readonly asserted: string | null;
      /** `Privacy: id` (RFC 3323): the carrier shows nobody who calls. */
      readonly isPrivate?: true;
      readonly codecs: string;
      /** How long the switch lets the leg ring when no engine ends it. */
      readonly deadmanMs: number;
    }
  /** Connects the leg with the caller. */
  | { readonly type: "bridge"; readonly leg: string };

/** What the switch does to a channel, the caller's or a leg's. */
export type ChannelCommand =
  | { readonly type: "kill"; readonly channel: string; readonly cause: string }
  /**
   * Plays sounds one after the other; a recorded message is `recording:ID`, or `recording:ID@MS` from there on.
   * Answered by `played` with this id.
   */
  | {
      readonly type: "play";
      readonly channel: string;
      readonly playId: string;
      readonly sounds: readonly string[];
    }
  | { readonly type: "stop_playing"; readonly channel: string }
  | { readonly type: "flush_digits"; readonly channel: string };

/** The final status that a NOTIFY about a transfer carries (message/sipfrag, RFC 3420). */
export type TransferStatus = 200 | 403 | 404 | 480 | 486 | 487 | 503 | 603;

/**
 * Tells a phone what became of its transfer (NOTIFY with message/sipfrag, RFC 3515), and ends its channel if the phone
 * does not hang up then. `status`: null if the switch has told the phone itself.
 */
export type TransferCommand = {
  readonly type: "tell_transfer";
  readonly channel: string;
  readonly status: TransferStatus | null;
};

/** One order to the switch each. */
export type SwitchCommand = CallerCommand | LegCommand | ChannelCommand;

/** The claim on the call and its saved state: the switch keeps both, for this engine and others. */
export type ControlCommand =
  /** Make this engine the only one that carries the call. Answered by the input `claimed`. */
  | { readonly type: "claim" }
  /** The call is over: remove the claim. */
  | { readonly type: "release" }
  /**
   * Ask the switch which channels of this call it has. Answered by `resync`, unless another input comes first or the
   * switch does not answer. `stopFirst`: what plays to the caller or records them is stopped before, and what is queued
   * is dropped; the answer comes only if the switch has confirmed that.
   */
  | { readonly type: "inspect"; readonly stopFirst?: true }
  /**
   * A step or stage begins: keep the state on the switch, for an engine that takes the call over. `guard`: the same
   * command also guards the caller, who may soon be connected.
   */
  | {
      readonly type: "save";
      readonly guard: boolean;
      /** A recording is about to be queued. */
      readonly recording?: true;
    };

/** For voicemail. */
export type VoicemailCommand =
  /** Answered by `answered` with this id. */
  | { readonly type: "ask"; readonly id: string; readonly ask: Ask }
  /** The call is over, unanswered and without a message. `box`: the mailbox whose owner is told. */
  | { readonly type: "missed_call"; readonly box: Box };

/** What the engine remembers for later calls. */
export type MemoryCommand =
  | { readonly type: "remember_rung_first"; readonly group: string; readonly username: string }
  | { readonly type: "remember_answered"; readonly username: string };

/** For the call's record, its live feed and its metrics. */
export type NoteCommand = { readonly type: "note"; readonly note: Note };

export type Command =
  | SwitchCommand
  | TransferCommand
  | ControlCommand
  | VoicemailCommand
  | MemoryCommand
  | NoteCommand;
