/** Steps of a call flow as files write them: their kinds, new ones, and which of them end a flow. */
import type { CallShape } from "../../parts/route-form.js";

export type StepFile = NonNullable<CallShape["steps"]>[number];

/** In the order in which they are offered. */
export const STEP_KINDS = ["ring", "announce", "schedule", "voicemail", "send", "hangup"] as const;
export type StepKind = (typeof STEP_KINDS)[number];

export type RingFile = Extract<StepFile, { readonly ring: unknown }>;
export type SendFile = Extract<StepFile, { readonly send: unknown }>;
export type HangupFile = Extract<StepFile, { readonly hangup: unknown }>;
export type ScheduleStepFile = Extract<StepFile, { readonly schedule: unknown }>;
export type AnnounceFile = Extract<StepFile, { readonly announce: unknown }>;
export type VoicemailFile = Extract<StepFile, { readonly voicemail: unknown }>;

export function kindOf(step: StepFile): StepKind {
  return STEP_KINDS.find((kind) => kind in step) ?? "hangup";
}

const FRESH: Readonly<Record<StepKind, StepFile>> = {
  ring: { ring: "user:", timeout: 20 },
  announce: { announce: "please-hold" },
  schedule: { schedule: "", closed: "flow:" },
  voicemail: { voicemail: "user:" },
  send: { send: "flow:" },
  hangup: { hangup: "no_answer" },
};

export function freshStep(kind: StepKind): StepFile {
  return FRESH[kind];
}

/** What stands behind it is never reached. */
export function endsFlow(step: StepFile): boolean {
  return "voicemail" in step || "send" in step || "hangup" in step;
}

/** Where a new step is put: behind all, but before a last step that ends the flow, unless it ends the flow itself. */
export function placeFor(steps: readonly StepFile[], step: StepFile): number {
  const last = steps.at(-1);
  return last !== undefined && endsFlow(last) && !endsFlow(step) ? steps.length - 1 : steps.length;
}

export function withStepAt(steps: readonly StepFile[], at: number, step: StepFile): readonly StepFile[] {
  return [...steps.slice(0, at), step, ...steps.slice(at)];
}

export function withStepSet(steps: readonly StepFile[], at: number, step: StepFile): readonly StepFile[] {
  return steps.map((each, index) => (index === at ? step : each));
}

export function withoutStep(steps: readonly StepFile[], at: number): readonly StepFile[] {
  return steps.filter((_each, index) => index !== at);
}

/** @returns the same list where there is no such place */
export function withStepMoved(steps: readonly StepFile[], from: number, to: number): readonly StepFile[] {
  const step = steps[from];
  if (step === undefined || to < 0 || to >= steps.length) return steps;
  return withStepAt(withoutStep(steps, from), to, step);
}

/** The announcements that come with the switch's sounds; a test holds them to the engine's list. */
export const ANNOUNCEMENTS = [
  "thank-you-for-calling",
  "please-hold",
  "closed",
  "all-busy",
  "nobody-answers",
  "try-again-later",
  "goodbye",
  "apology",
  "cannot-be-completed",
  "number-withheld",
  "not-permitted",
  "place-not-allowed",
  "limit-reached",
] as const;

export const HANGUPS = ["normal", "busy", "no_answer", "declined", "unavailable"] as const;
export const STRATEGIES = ["simultaneous", "in_order", "rotating", "random", "longest_idle"] as const;
