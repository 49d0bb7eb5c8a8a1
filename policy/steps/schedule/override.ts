/**
 * A schedule that an operator has opened or closed by hand, and whether it is open then. Kept beside the office's files under the
 * kind `schedule`; it counts until its time is over or it is taken back.
 */
import { z } from "zod";
import type { SetByHand } from "../../call/world.js";
import { hoursAt, type Why } from "./hours.js";
import type { Schedule } from "./step.js";

/** Under which kind overrides are kept. */
export const SCHEDULE_BY_HAND = "schedule";

const override = z.strictObject({ state: z.enum(["open", "closed"]) });
export type OverrideState = z.infer<typeof override>["state"];

/** What is kept of an override. */
export function overrideValue(state: OverrideState): z.infer<typeof override> {
  return { state };
}

/** What the override says at an instant; undefined: there is none then, or its value is not one of these. */
export function overrideAt(set: SetByHand | undefined, atMs: number): OverrideState | undefined {
  if (set === undefined || set.sinceMs > atMs || (set.untilMs !== null && set.untilMs <= atMs))
    return undefined;
  return overrideText(set.value);
}

/** What the value of an override says; undefined: the value is not one of these. */
export function overrideText(value: unknown): OverrideState | undefined {
  const read = override.safeParse(value);
  return read.success ? read.data.state : undefined;
}

export interface ScheduleState {
  readonly open: boolean;
  readonly why: Why | { readonly kind: "by_hand" };
}

/**
 * Whether a schedule is open at an instant, an override counted. @param zone the office's, for a schedule without one
 */
export function scheduleAt(
  schedule: Schedule,
  zone: string,
  set: SetByHand | undefined,
  atMs: number,
): ScheduleState {
  const state = overrideAt(set, atMs);
  if (state !== undefined) return { open: state === "open", why: { kind: "by_hand" } };
  return hoursAt(schedule, schedule.timezone ?? zone, atMs);
}

/** For the story of a call: `open`, `closed by hand`, `closed for a holiday (New Year)`. */
export function stateText({ open, why }: ScheduleState): string {
  const state = open ? "open" : "closed";
  switch (why.kind) {
    case "by_hand":
      return `${state} by hand`;
    case "holiday":
      return why.holiday.name === undefined ? `${state} for a holiday` : `${state} for ${why.holiday.name}`;
    case "hours":
    case "outside_hours":
      return `${state} by its hours`;
  }
}
