/**
 * How a call ends that a person has dialled to a number outside: the phone gets the carrier's own answer. Other callers,
 * such as those from outside whom a flow sends to a mobile, are told what the flow says.
 */
import { reasonOf } from "../outside/carrier-answers.js";
import type { HangupReason } from "../steps/hangup/step.js";
import type { CallState } from "./state.js";

/** Whether a phone of the office has dialled the number that is rung now, or somebody calls for help. */
export function isDialledByPerson({ flow, caller }: Pick<CallState, "flow" | "caller">): boolean {
  const { kind } = flow.source;
  return kind === "emergency" || (kind === "dialled" && caller.from !== undefined);
}

/** What the caller is told of the carriers' answers; undefined: what the flow says. */
export function outsideAnswer(
  state: CallState,
): { readonly reason: HangupReason; readonly status: number } | undefined {
  const { refusal } = state;
  if (refusal === null || !isDialledByPerson(state)) return undefined;
  return { reason: reasonOf(refusal), status: refusal };
}
