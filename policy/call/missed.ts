/** Whose mailbox is told of a call that nobody answered and that left no message. */

import type { Box } from "../office/box.js";
import { kindOf } from "../steps/registry.js";
import { stepsOf } from "./flow.js";
import type { Ending } from "./state.js";
import type { Turn } from "./turn.js";

/**
 * The mailbox of the last step that the call reached and that concerns a mailbox (`StepRun.missedBox`). Null: the call
 * was answered, left a message, or reached no such step.
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
