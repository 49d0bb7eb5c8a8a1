/** Whose call it was that nobody answered and that left no message: for the mail about it. */

import type { Box } from "../office/box.js";
import { kindOf } from "../steps/registry.js";
import { stepsOf } from "./flow.js";
import type { Ending } from "./state.js";
import type { Turn } from "./turn.js";

/**
 * The mailbox the caller reached, or else whose flow rang, or whom a number's own steps rang. Null: the call was
 * answered, left a message, was no call for anybody, or nobody's phones had their turn yet.
 */
export function missedBox(turn: Turn, ending: Ending): Box | null {
  if (ending.kind !== "missed" && ending.kind !== "hung_up") return null;
  // The flow has not begun.
  if (turn.state.phase.kind === "claiming") return null;
  const { source, index } = turn.state.flow;
  const reached = stepsOf(turn, source).slice(0, index + 1);
  for (const step of [...reached].reverse()) {
    const box = kindOf(step).run.missedBox?.(turn, step);
    if (box !== undefined) return box;
  }
  return null;
}
