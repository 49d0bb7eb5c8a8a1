/**
 * The longest that a ring step may take. Its time ends ringing, but who has answered at the last moment still hears the
 * accept prompt, and the step waits for the answer: a mailbox that answers at second 19 of 20 lets the caller wait until
 * second 44.
 */
import { DECIDE_MS } from "../call/bounds.js";
import type { RingStep } from "../steps/ring/step.js";
import type { RingPlan, Station } from "./plan.js";

/** The part of a plan that says who rings when; a ring step in progress has it, too. */
type Times = Pick<RingPlan, "stations" | "slotMs">;

/** When the ringing of a station ends, from the beginning of the step; null: it has no end of its own. */
function endOf(plan: Times, station: Station): number | null {
  const slotMs = plan.slotMs[station.slot] ?? null;
  const ends = [station.endMs, slotMs].filter((ms) => ms !== null);
  const began = slotBegan(plan, station.slot);
  return began === null || ends.length === 0 ? null : began + Math.min(...ends);
}

/** When a slot begins at the latest; null: a slot before it has no end. */
export function slotBegan({ slotMs }: Pick<Times, "slotMs">, slot: number): number | null {
  return slotMs
    .slice(0, slot)
    .reduce<number | null>((sum, ms) => (sum === null || ms === null ? null : sum + ms), 0);
}

/** Milliseconds; null: until the caller gives up. Conversations do not count. */
export function longestStepMs({ timeoutMs }: RingStep, plan: Times): number | null {
  let longest = 0;
  for (const station of plan.stations) {
    const own = endOf(plan, station);
    const ends = own === null || timeoutMs === null ? (own ?? timeoutMs) : Math.min(own, timeoutMs);
    if (ends === null) return null;
    const began = slotBegan(plan, station.slot) ?? 0;
    const isRung = began + station.startMs < ends;
    if (isRung) longest = Math.max(longest, ends + (station.accept ? DECIDE_MS : 0));
  }
  return longest;
}
