/** Checks that every flow ends, and that no step stands where no call ever gets. */

import { goesOn, reachedSteps } from "../../steps/graph.js";
import { kindOf } from "../../steps/registry.js";
import type { Step } from "../../steps/types.js";
import type { LocatedFlow } from "../make-office.js";
import type { Problem } from "../problem.js";

/** A problem for a missing ending, or for the first of the steps behind an ending. */
export function checkEnding(title: string, flow: LocatedFlow): Problem[] {
  const reached = reachedSteps(flow.steps.map(({ value }) => value));
  const last = flow.steps[reached - 1];
  if (last === undefined || goesOn(last.value))
    return flow.whole || (flow.lastAt !== undefined && flow.endsWhole) ? [noEnding(title, flow)] : [];
  const behind = flow.steps[reached];
  if (behind === undefined) return [];
  const count = flow.steps.length - reached;
  return [
    {
      severity: "error",
      code: "unreachable",
      message: `${title} never gets to ${count === 1 ? "this step" : `these ${count} steps`}`,
      at: behind.at,
      found: `a step behind ${last.value.kind}`,
      expected: "the ending step last",
      others: [{ at: last.at, note: "the flow ends here" }],
    },
  ];
}

function noEnding(title: string, flow: LocatedFlow): Problem {
  const last = flow.steps.at(-1);
  return {
    severity: "error",
    code: "no_ending",
    message: `${title} falls off its end: nothing says what happens then`,
    at: flow.lastAt ?? flow.at,
    found: lastStep(flow, last),
    expected: "voicemail, send or hangup as the last step",
    suggestion: `- { hangup: ${hangupFor(last?.value)} }`,
  };
}

function lastStep({ lastAt }: LocatedFlow, last: LocatedFlow["steps"][number] | undefined): string {
  if (lastAt === undefined) return "no steps";
  return last?.at === lastAt ? `${last.value.kind} as the last step` : "a step that goes on as the last one";
}

/** A suggestion of a hangup step. Behind a step that rings nobody, "no answer" would be the wrong cause. */
function hangupFor(last: Step | undefined): string {
  return last === undefined || kindOf(last).rings !== undefined ? "no_answer" : "normal";
}
