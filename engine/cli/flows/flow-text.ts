/** One flow for people: its steps with their numbers, and what leads there. */
import { kindOf } from "../../../policy/steps/registry.js";
import type { AboutFlow } from "../../office/views/flows.js";
import { driftFact, factsText } from "../shared/facts.js";

export function flowText({ id, flow, ledFrom, drift }: AboutFlow): string {
  return factsText(id, [
    ["steps", flow.map((step, index) => `${index + 1}. ${kindOf(step).words(step)}`)],
    ["led to from", ledFrom.length === 0 ? ["nothing"] : ledFrom],
    driftFact(drift),
  ]);
}

/** What is shown, for programs. */
export function flowJson({ outcome: _, flow: _steps, ...about }: AboutFlow): object {
  return about;
}
