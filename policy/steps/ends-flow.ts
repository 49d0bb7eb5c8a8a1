/** Which kinds of steps end a flow. */
import type { Step } from "./types.js";

/** Whether a flow ends with this step. */
export function endsFlow(step: Step): boolean {
  return step.kind === "send" || step.kind === "voicemail" || step.kind === "hangup";
}
