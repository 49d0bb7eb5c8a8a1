/**
 * The end of the book: a call has ended once its caller is gone and no leg may be left on the switch. Only `machine.ts`
 * calls this: a phase says by `turn.goOn` that the call may be over.
 */
import { missedBox } from "./missed.js";
import type { Ending } from "./state.js";
import type { Turn } from "./turn.js";

/** The call has ended once its caller is gone and no leg may be left on the switch. */
export function checkEnd(turn: Turn): void {
  const { phase, legs, ending } = turn.state;
  if (phase.kind !== "ending" || !phase.callerGone || legs.length > 0) return;
  finish(turn, ending ?? { kind: "missed" });
}

/** Closes the book: the one place where a call becomes ended. */
export function finish(turn: Turn, ending: Ending): void {
  const missed = missedBox(turn, ending);
  turn.patch({ timers: {}, ending, legs: [] });
  turn.enter({ kind: "ended" });
  if (ending.kind !== "not_ours") turn.emit({ type: "release" });
  if (missed !== null) turn.emit({ type: "missed_call", box: missed });
  turn.note({ kind: "ended", ending, rang: turn.state.rang, ms: turn.atMs - turn.state.arrivedMs });
}
