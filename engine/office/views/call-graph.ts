/**
 * A picture of where a call goes, as a graph: each place with its steps in sentences, and the ways between them. It is the
 * same for a number, a flow, a user and a group.
 */
import { parsedTarget } from "../../../policy/change/routes/destination.js";
import { formatTarget } from "../../../policy/office/target.js";
import type { RoutingTable } from "../../../policy/routing/table.js";
import { exitTargets, type FlowKey, flowKeyOf, reachedSteps } from "../../../policy/steps/graph.js";
import { whoText } from "../../../policy/steps/names.js";
import { kindOf } from "../../../policy/steps/registry.js";
import type { Step } from "../../../policy/steps/types.js";

export interface GraphStep {
  readonly kind: string;
  readonly sentence: string;
  /** Whom it rings, as a target. */
  readonly rings: string | null;
  /** The call can go on to the next step. */
  readonly goesOn: boolean;
}

export interface GraphPlace {
  /** `user:NAME`, `group:ID`, `flow:ID`, `number:+1…`. */
  readonly id: string;
  readonly title: string;
  readonly steps: readonly GraphStep[];
}

/** A step that can hand the call to another place. */
export interface GraphWay {
  readonly from: string;
  /** The step's place in its list, from 1. */
  readonly step: number;
  readonly to: string;
}

export interface CallGraph {
  readonly places: readonly GraphPlace[];
  readonly ways: readonly GraphWay[];
  /** There are more places than are shown. */
  readonly isCut: boolean;
}

/** A picture with more places is none. */
const PLACES_MAX = 200;

/** @param start the place where calls begin, with its steps */
export function callGraph(
  start: { readonly id: string; readonly title: string; readonly steps: readonly Step[] },
  table: RoutingTable,
): CallGraph {
  const places: GraphPlace[] = [];
  const ways: GraphWay[] = [];
  const seen = new Set([start.id]);
  const waiting = [start];
  for (let next = waiting.shift(); next !== undefined && places.length < PLACES_MAX; next = waiting.shift()) {
    places.push({ id: next.id, title: next.title, steps: next.steps.map((step) => stepOf(step, table)) });
    for (const [index, step] of next.steps.slice(0, reachedSteps(next.steps)).entries())
      for (const target of exitTargets(step)) {
        const to = flowKeyOf(target, (extension) => ownerOf(table, extension)) ?? formatTarget(target);
        ways.push({ from: next.id, step: index + 1, to });
        if (seen.has(to)) continue;
        seen.add(to);
        waiting.push({ id: to, title: whoText(parsedTarget(to), table), steps: stepsAt(to, table) });
      }
  }
  return { places, ways, isCut: waiting.length > 0 };
}

function stepOf(step: Step, table: RoutingTable): GraphStep {
  const kind = kindOf(step);
  const rings = kind.rings?.(step);
  return {
    kind: step.kind,
    sentence: kind.sentence(step, table),
    rings: rings === undefined ? null : formatTarget(rings),
    goesOn: kind.leads(step).some(({ to }) => to === "next"),
  };
}

/** A number outside has no steps of ours. */
function stepsAt(key: FlowKey, table: RoutingTable): readonly Step[] {
  const target = parsedTarget(key);
  switch (target.kind) {
    case "user":
      return table.user(target.username)?.flow ?? [];
    case "group":
      return table.group(target.id)?.flow ?? [];
    case "flow":
      return table.flow(target.id) ?? [];
    default:
      return [];
  }
}

function ownerOf(table: RoutingTable, extension: string): FlowKey | undefined {
  const owner = table.lookupExtension(extension);
  if (owner === undefined) return undefined;
  return owner.kind === "user" ? `user:${owner.user.username}` : `group:${owner.group.id}`;
}
