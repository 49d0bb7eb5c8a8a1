/**
 * The steps a flow is made of, as the core runs them. Each kind has a file of its own beside this one,
 * which says how an office file writes it; the life of a call under `policy/call` says what it does.
 */
import type { Box } from "../mailbox/mailbox.js";
import type { AcceptRule, E164, Strategy } from "../office/office.js";

/** Whom a step reaches. An extension is a user's or a group's; a number is an outside one. */
export type Target =
  | { readonly kind: "user"; readonly username: string }
  | { readonly kind: "group"; readonly id: string }
  | { readonly kind: "flow"; readonly id: string }
  | { readonly kind: "extension"; readonly extension: string }
  | { readonly kind: "number"; readonly number: E164 };

/** Rings the target's devices; comes back when nobody took the call. Never a flow: that is `send`. */
export interface RingStep {
  readonly kind: "ring";
  readonly target: Target;
  /** null: until the caller gives up or nothing is left that rings. */
  readonly timeoutMs: number | null;
  /** Beats the devices' own rule when it is given. */
  readonly accept?: AcceptRule;
  /** Beats the group's own strategy when it is given. */
  readonly strategy?: Strategy;
  /** Key 3 at the accept prompt sends the caller to the next step. */
  readonly skip: boolean;
}

/** Plays a sound as early media, then goes on. `sound` is a built-in announcement's name, or a file of the office. */
export interface AnnounceStep {
  readonly kind: "announce";
  readonly sound: string;
}

/** Hands the call to another target's own flow, and never comes back. */
export interface SendStep {
  readonly kind: "send";
  readonly target: Target;
}

/** Takes a message: greeting, tone, recording. Never comes back, but for a caller who presses 0 and is sent on. */
export interface VoicemailStep {
  readonly kind: "voicemail";
  readonly target: Box;
}

/** How the caller is told that the call ends. */
export type HangupReason = "normal" | "busy" | "no_answer" | "declined" | "unavailable" | "unassigned";

export interface HangupStep {
  readonly kind: "hangup";
  readonly reason: HangupReason;
}

export type Step = RingStep | AnnounceStep | VoicemailStep | SendStep | HangupStep;

/** Whether a flow ends with this step. */
export function endsFlow(step: Step): boolean {
  return step.kind === "send" || step.kind === "voicemail" || step.kind === "hangup";
}
