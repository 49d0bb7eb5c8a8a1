/** Steps in words, as short as they can be understood: `ring user:alice.wong 20 s, then hangup busy`. */
import { kindOf } from "./registry.js";
import type { Step } from "./types.js";

/** A whole flow in one line, with every option. */
export function stepsText(steps: readonly Step[]): string {
  return steps.map((step) => kindOf(step).words(step)).join(", then ");
}

/** A step that a call takes: `ring group:sales`, `hang up: busy`. */
export function takenText(step: Step): string {
  const kind = kindOf(step);
  const how = kind.how?.(step) ?? "";
  return `${kind.verb} ${kind.what(step)}${how === "" ? "" : ` (${how})`}`;
}
