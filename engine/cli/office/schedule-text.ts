/** A schedule as it is now: in words, in columns, and for programs. */
import { stateText } from "../../../policy/steps/schedule/override.js";
import type { ScheduleNow } from "../../office/changes/schedules.js";
import { zonedTime } from "../shared/until.js";

/** The id, the state, until when, and whose override it is. */
export function scheduleText({ id, timezone, state, nextChangeMs, byHand }: ScheduleNow): string[] {
  const until = (ms: number) => `until ${zonedTime(ms, timezone)} (${timezone})`;
  if (byHand !== null) {
    const end = byHand.untilMs === null ? "until it is reset" : until(byHand.untilMs);
    return [id, stateText(state), end, `by ${byHand.author}, ${zonedTime(byHand.sinceMs, timezone)}`];
  }
  return [id, stateText(state), nextChangeMs === null ? "does not change" : until(nextChangeMs)];
}

export function scheduleJson({ id, timezone, state, nextChangeMs, byHand }: ScheduleNow) {
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  return {
    id,
    timezone,
    open: state.open,
    why: state.why.kind,
    holiday: state.why.kind === "holiday" ? (state.why.holiday.name ?? state.why.holiday.from) : null,
    nextChange: iso(nextChangeMs),
    byHand:
      byHand === null
        ? null
        : { author: byHand.author, since: iso(byHand.sinceMs), until: iso(byHand.untilMs) },
  };
}
