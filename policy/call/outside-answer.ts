/**
 * How a call ends that a person has dialled to a number outside: the phone gets the carrier's own answer. All other callers
 * are told what the flow says: those from outside whom a flow sends to a mobile, and those inside who have dialled a
 * colleague, a group or a number of the office whose flow leads outside.
 */
import { reasonOf } from "../outside/carrier-answers.js";
import type { HangupReason } from "../steps/hangup/step.js";
import type { CallState } from "./state.js";

/**
 * Whether the number that is rung now is the one that a phone of the office has dialled, and not one to which a flow has led
 * the caller; or somebody calls for help.
 */
export function isDialledByPerson({ flow, caller }: Pick<CallState, "flow" | "caller">): boolean {
  const { source } = flow;
  if (source.kind === "emergency") return true;
  if (source.kind !== "dialled" || source.target.kind !== "number") return false;
  return caller.from !== undefined && caller.called === source.target.number;
}

/** What the caller is told of the carriers' answers; undefined: what the flow says. */
export function outsideAnswer(
  state: CallState,
): { readonly reason: HangupReason; readonly status: number } | undefined {
  const { refusal } = state;
  if (refusal === null || !isDialledByPerson(state)) return undefined;
  return { reason: reasonOf(refusal), status: refusal };
}
