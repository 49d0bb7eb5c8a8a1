/** Rollover: a ring step is over without an answer, and the flow goes on. */
import { isActive } from "../../call/legs.js";
import { outlivesStep } from "../../call/timers.js";
import type { Turn } from "../../call/turn.js";

/** The cause of legs whose time is over: a plain CANCEL, so that their phones show a missed call. */
export const TIME_OVER = "NO_ANSWER";

/** The step is over without an answer. */
export function rollOver(turn: Turn, why: "timeout" | "nothing_rings" | "skipped"): void {
  turn.note({ kind: "rollover", why });
  if (why !== "nothing_rings") turn.patch({ busy: false });
  endRing(turn);
  turn.goOn = { kind: "next_step" };
}

/** Ends all that belongs to the ring step; kills that are under way go on. */
function endRing(turn: Turn): void {
  for (const leg of turn.state.legs) if (isActive(leg)) turn.killLeg(leg.id, TIME_OVER);
  turn.disarmWhere((id) => !outlivesStep(id));
}
