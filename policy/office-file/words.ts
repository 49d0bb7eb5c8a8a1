/**
 * Steps in words, as short as they can be understood: `ring user:alice.wong 20 s, then hangup busy`.
 */
import type { StepFile } from "./schema.js";

/** A whole flow in one line. */
export function stepsText(steps: readonly StepFile[]): string {
  return steps.map(stepText).join(", then ");
}

function stepText(step: StepFile): string {
  if ("announce" in step) return `announce ${step.announce}`;
  if ("voicemail" in step) return `voicemail ${step.voicemail}`;
  if ("send" in step) return `send ${step.send}`;
  if ("hangup" in step) return `hangup ${step.hangup}`;
  const options = [
    step.accept === undefined ? "" : `accept ${step.accept}`,
    step.strategy ?? "",
    step.skip ? "may be skipped" : "",
  ].filter((text) => text !== "");
  const time = step.timeout === "none" ? "without end" : `${step.timeout ?? "?"} s`;
  return `ring ${step.ring} ${time}${options.length === 0 ? "" : ` (${options.join(", ")})`}`;
}
