/** One number for people: where calls go, in words that need no knowledge of flows, and what else is said of it. */
import type { Stage } from "../../../policy/change/reach.js";
import type { NumberRemark } from "../../../policy/change/routes/number-edits.js";
import { readRoute } from "../../../policy/change/routes/route.js";
import { type RouteWords, routeWords } from "../../../policy/change/routes/wish.js";
import { kindOf } from "../../../policy/steps/registry.js";
import type { Step } from "../../../policy/steps/types.js";
import type { AboutNumber } from "../../office/views/numbers.js";
import { driftFacts } from "../shared/drift-facts.js";
import { fact, factsText } from "../shared/facts.js";

export function numberText(about: AboutNumber): string {
  const { number, steps, flowSharedWith, rings, shownFor, drift } = about;
  return factsText(number.number, [
    fact("label", number.label),
    fact("before callers' names", number.caller_id_prefix),
    fact("anonymous callers", number.anonymous_callers),
    fact("plan", number.plan),
    ["a call to it", steps === null ? ["leads nowhere yet"] : routeLines(steps)],
    ["flow", number.flow === undefined ? [] : [flowText(number.flow, flowSharedWith)]],
    ["rings", rings.map(stageText)],
    ["shown for", shownFor],
    ["drift", driftFacts(drift)],
  ]);
}

/** What a call does, as lines; steps are numbered where there are more than the plain words can say. */
function routeLines(steps: readonly Step[]): string[] {
  const route = readRoute(steps);
  const words = routeWords(route);
  if (words === undefined) return steps.map((step, index) => `${index + 1}. ${kindOf(step).words(step)}`);
  return [...route.before.map((step) => kindOf(step).words(step)), ...routeText(words)];
}

function routeText({ to = "", ring, press1, after }: RouteWords): string[] {
  if (after === undefined) return [`goes to ${to}, which says what happens`];
  const time = ring === "none" ? "until the caller gives up" : `for ${ring} s`;
  const press = press1 === null || press1 === undefined ? [] : [PRESS[press1 ? "yes" : "no"]];
  return [`rings ${to} ${time}`, ...press, afterText(after, to)];
}

const PRESS = { yes: "whoever answers must press 1", no: "nobody must press 1" } as const;

function afterText(after: string, to: string): string {
  if (after === "keep-ringing") return "when nothing can ring, the call ends";
  if (after === "voicemail") return `then a message for ${to}`;
  if (after.startsWith("voicemail:")) return `then a message for ${after.slice("voicemail:".length)}`;
  if (after === "hangup") return "then the call ends";
  if (after.startsWith("hangup:")) return `then the call ends (${after.slice("hangup:".length)})`;
  return `then goes to ${after}`;
}

function flowText(flow: string, others: readonly string[]): string {
  return others.length === 0 ? `${flow}, of this number only` : `${flow}, also of ${someOf(others)}`;
}

function stageText(stage: Stage, index: number): string {
  const phones = stage.length === 0 ? "nobody" : someOf(stage);
  return index === 0 ? phones : `then ${phones}`;
}

/** More are not read. */
const SHOWN_MAX = 5;

function someOf(all: readonly string[]): string {
  const more = all.length - SHOWN_MAX;
  return more <= 1 ? all.join(", ") : `${all.slice(0, SHOWN_MAX).join(", ")} and ${more} more`;
}

/** What became of a named flow, in a sentence. */
export function remarkText(remark: NumberRemark): string {
  const { kind, flow } = remark;
  switch (kind) {
    case "flow_stays":
      return `the flow ${flow} stays as it is, for ${someOf(remark.for)}; --for-all changes it for all`;
    case "flow_changes":
      return remark.for.length === 0
        ? `the flow ${flow} is changed; no other number leads to it`
        : `the flow ${flow} is changed for all: also for ${someOf(remark.for)}`;
    case "flow_unused":
      return `nothing leads to the flow ${flow} any more; \`ringline flow remove ${flow}\` removes it`;
  }
}
