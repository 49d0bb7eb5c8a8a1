/**
 * The end of a call: the one place where it becomes ended. Only `machine.ts` calls this: a phase says by `turn.goOn`
 * that the call is over.
 */
import { z } from "zod";
import { missedBox } from "./missed.js";
import type { PhaseRun } from "./phase-run.js";
import { schemaOf } from "./saved-schema.js";
import type { CallState, Ending, PhaseOf } from "./state.js";
import type { Turn } from "./turn.js";

export function finish(turn: Turn, ending: Ending): void {
  const missed = missedBox(turn, ending);
  turn.patch({ timers: {}, ending, legs: [] });
  turn.enter({ kind: "ended" });
  if (ending.kind !== "not_ours") turn.emit({ type: "release" });
  if (missed !== null) turn.emit({ type: "missed_call", box: missed });
  turn.note({ kind: "ended", ending, rang: turn.state.rang, ms: turn.atMs - turn.state.arrivedMs });
}

function violations({ legs, timers, ending }: CallState): string[] {
  const broken: string[] = [];
  if (legs.length > 0) broken.push("a leg outlives its call");
  if (Object.keys(timers).length > 0) broken.push("a timer outlives its call");
  if (ending === null) broken.push("an end without an ending");
  return broken;
}

/** Nothing happens to a call that has ended. */
export const endedRun: PhaseRun<PhaseOf<"ended">> = {
  handle: () => true,
  violations,
  saved: schemaOf<PhaseOf<"ended">>()(z.object({ kind: z.literal("ended") })),
};
