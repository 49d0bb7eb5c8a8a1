/**
 * The whole state of one call, as one plain value that can be serialised: an engine that has it, and hears what happens
 * on the switch, can go on with the call.
 */

import type { Target } from "../office/target.js";
import type { Payer, Refused } from "../outside/payer.js";
import type { Dial } from "../ring/plan.js";
import type { ListenCode } from "../routing/feature-codes.js";
import type { HangupReason } from "../steps/hangup/step.js";
import type { StepPhase } from "../steps/types.js";
import type { MailboxSession } from "./mailbox-session/state.js";
import type { Timers } from "./timers.js";

/** Where the steps in progress come from. The steps themselves are looked up in the call's own revision. */
export type FlowSource =
  | { readonly kind: "number"; readonly number: string }
  | { readonly kind: "flow"; readonly id: string }
  | { readonly kind: "user"; readonly username: string }
  | { readonly kind: "group"; readonly id: string }
  /** A call from inside to an outside number, or back to this target alone. `payer` left out: the calling user. */
  | { readonly kind: "dialled"; readonly target: Target; readonly payer?: Payer }
  /** A phone of the office has dialled for help: to the carrier, as it was dialled. */
  | { readonly kind: "emergency"; readonly number: string }
  /** A mailbox session. It is no flow of the office, and has no steps. */
  | { readonly kind: "listen"; readonly code: ListenCode }
  /** The caller hears that the number leads nowhere. */
  | { readonly kind: "unassigned" }
  /** The caller hears that they may not call there. `why` left out: they may not call outside at all. */
  | { readonly kind: "not_permitted"; readonly why?: Refused }
  /** Back to whoever transferred the caller, since nobody took the transfer. */
  | { readonly kind: "recall"; readonly by: Transferrer }
  /** The caller hears an apology: the call went in circles, or its flow is gone. */
  | { readonly kind: "apology" };

/** The caller's leg (A). */
export interface Caller {
  readonly number: string;
  readonly name: string;
  /** The number or extension that was called, in E.164 where it is one; else as dialled. */
  readonly called: string;
  /**
   * The user who calls, when the call comes from a phone of the office, or when a listener outside calls back. That
   * listener uses no device of the office: then `device` is null.
   */
  readonly from?: { readonly username: string; readonly device: string | null };
  /**
   * The caller from outside withholds the number: `number` and `name` above say nothing of it. Here it is for carriers that
   * the office trusts (RFC 3325); null: it did not come.
   */
  readonly withheld?: { readonly number: string | null };
  /** The calling user hides their number from people outside, always or in this call. */
  readonly hidesNumber?: true;
  /** `none`: 180 at most; `early`: 183, unbilled; `answered`. */
  readonly media: "none" | "early" | "answered";
  /**
   * The switch has asked about this call and was answered, and nothing has shown yet that it has used the answer and so
   * has claimed the call for this engine (`asked.ts`).
   */
  readonly asked: boolean;
  /**
   * False while a bridge is being made or stands, while the switch itself rings phones, and until the switch has used the
   * answer to its question: commands to play to the caller would be lost.
   */
  readonly parked: boolean;
  /** A bridge that fails puts the caller back into park. Each park uses the guard up (switch_ivr.c:985-997). */
  readonly guarded: boolean;
  /** The ringback tone plays on the caller's leg (needed as soon as there is media). */
  readonly ringback: boolean;
  /** What the caller offered, in the switch's `codec_string` form; empty: unknown. */
  readonly codecs: string;
}

export type LegPhase =
  /** Sent to the switch; nothing heard yet. */
  | "dialing"
  /** 180 or 183 from the far end. */
  | "ringing"
  /** Answered, not yet parked, or standing by while another is being connected. */
  | "answered"
  /** Hears the accept prompt. */
  | "deciding"
  /** Hears that another phone took the call; then it is hung up. */
  | "releasing"
  /** Has transferred the caller, and waits on the switch to hear what became of that. */
  | "transferring"
  /** Killed; the switch has not confirmed it yet. */
  | "killed"
  | "ended";

/** One attempt to reach one contact or outside number (a B leg). */
export interface Leg {
  /** The channel's uuid, derived from the call's: see `derived-id.ts`. */
  readonly id: string;
  readonly station: number;
  readonly who: string;
  readonly device: string;
  readonly dial: Dial;
  /**
   * The switch rings this leg itself, together with others, and connects it with the caller when it is answered. It is in
   * no park, and the switch ends it when another one of them is answered or the caller leaves.
   */
  readonly native: boolean;
  readonly phase: LegPhase;
  readonly parked: boolean;
  /** The leg's codec since it answered; null: not known. */
  readonly codec: string | null;
  /** May be connected: no prompt was needed, or 1 was pressed. */
  readonly accepted: boolean;
  /** The prompt plays, so digits count from now on. */
  readonly prompting: boolean;
  readonly prompts: number;
  /** What was last played to the leg; null: nothing yet. An older sound that ends was broken off, and means nothing. */
  readonly playId: string | null;
  /** Inspections in a row that have not shown the leg, though it was dialled and nothing was heard of its end. */
  readonly unseen: number;
  readonly kills: number;
  /** The hangup cause of the kill; null: the leg was not killed. */
  readonly killCause: string | null;
}

/** Phases that belong to no step. */
export type CorePhase =
  | { readonly kind: "claiming" }
  | { readonly kind: "listening"; readonly listening: MailboxSession }
  /**
   * `looks`: inspections since `leg` has gone, which ask the switch whom the caller talks to now. `who`: whose phone
   * `leg` is, if it is a leg of another call (after an attended transfer); null: of this call, or not known.
   */
  | {
      readonly kind: "connected";
      readonly leg: string;
      readonly looks: number;
      readonly who: string | null;
    }
  /**
   * The caller's phone has transferred the other party, and waits to hear what became of that. `leg`: the party's channel;
   * null: not known.
   */
  | { readonly kind: "handed_over"; readonly leg: string | null }
  /**
   * A transfer has failed. The phone that transferred the caller is told, and lets go of its channel; then the caller
   * goes back to `by`. `isLeg`: the channel is a leg of this call. `killed`: the phone did not hang up by itself.
   */
  | {
      readonly kind: "recalling";
      readonly by: Transferrer | null;
      readonly why: HangupReason;
      readonly channel: string | null;
      readonly isLeg: boolean;
      readonly killed: boolean;
    }
  /** The caller is being hung up, or gone while legs are still being ended. */
  | {
      readonly kind: "ending";
      readonly callerGone: boolean;
      readonly kills: number;
      readonly cause: string | null;
    }
  | { readonly kind: "ended" };

/** Where a call is: at a step that waits for something, or in a phase that belongs to no step. */
export type Phase = CorePhase | StepPhase;

export type PhaseKind = Phase["kind"];

/** The phase of this kind. */
export type PhaseOf<K extends PhaseKind> = Extract<Phase, { readonly kind: K }>;

/** How a call ended, once. */
export type Ending =
  | { readonly kind: "answered"; readonly by: string }
  /** The caller gave up. */
  | { readonly kind: "missed" }
  /** The caller left a message in this mailbox (`user:NAME`, `group:ID`). */
  | { readonly kind: "message"; readonly box: string }
  /** This user listened to messages. */
  | { readonly kind: "listened"; readonly by: string }
  /** The flow hung up on the caller. */
  | { readonly kind: "hung_up"; readonly reason: HangupReason }
  /** Another engine, or the switch's fallback, has the call. */
  | { readonly kind: "not_ours" }
  | { readonly kind: "failed"; readonly why: string };

/** Who transferred the caller: a user, or a phone outside that was rung by its number alone. */
export type Transferrer =
  | { readonly kind: "user"; readonly username: string }
  | { readonly kind: "number"; readonly number: string };

/** A blind transfer of the caller that nobody has taken yet. */
export interface Transfer {
  /** null: not known, or nobody to whom the caller could go back. */
  readonly by: Transferrer | null;
  /** What was dialled for the caller. */
  readonly to: string;
  /** What the caller had called before. */
  readonly called: string;
  /** The channel of the phone that waits to hear what became of it; null: none waits. */
  readonly channel: string | null;
}

export interface CallState {
  /** The uuid of the caller's channel. */
  readonly id: string;
  readonly revision: number;
  readonly arrivedMs: number;
  readonly caller: Caller;
  readonly flow: { readonly source: FlowSource; readonly index: number };
  readonly hops: number;
  readonly phase: Phase;
  /** Every leg that may still exist on the switch, of this step and of earlier ones. */
  readonly legs: readonly Leg[];
  /** Legs started so far; makes the next one's id. */
  readonly legCount: number;
  /** How many of them have ids of version 1 (`derived-id.ts`), since an engine of that version had begun the call. */
  readonly legsOfVersion1: number;
  /** The engine that has answered the switch's question about the call (`derived-id.ts`); left out: nobody was asked. */
  readonly askedBy?: string;
  readonly playCount: number;
  readonly timers: Timers;
  /** Users whose phones rang, in order, once each; numbers for outside phones dialled directly. */
  readonly rang: readonly string[];
  readonly answeredBy: string | null;
  /** null: the caller was not transferred, or somebody has taken them since. */
  readonly transfer: Transfer | null;
  /** Whether every phone that was rung last was busy; null: nothing was rung. */
  readonly busy: boolean | null;
  /**
   * The SIP status for the phone of a caller who has dialled a number outside, from the answers of the carriers; null:
   * none has refused.
   */
  readonly refusal: number | null;
  readonly ending: Ending | null;
  /** Timers that came back though they were not armed any more. */
  readonly staleTimers: number;
}
