/**
 * Calls that are sent round for ever. `send` is the only step that goes to another flow, so the graph of
 * sends is all there is to look at; a loop is shown whole, from its first station in the alphabet.
 */

import type { Target } from "../../office/target.js";
import { endsFlow } from "../../steps/ends-flow.js";
import type { LocatedFlow } from "../make-office.js";
import type { Names } from "../names.js";
import type { Place, Problem } from "../problem.js";

/** Whose flow it is: `user:NAME`, `group:ID` or `flow:ID`. */
export type FlowKey = string;

interface Edge {
  readonly to: FlowKey;
  readonly at: Place;
}

/** One problem for each loop, at the step that closes it. */
export function checkLoops(flows: ReadonlyMap<FlowKey, LocatedFlow>, names: Names): Problem[] {
  const edges = new Map<FlowKey, Edge>();
  for (const [key, flow] of flows) {
    const edge = firstSend(flow, names);
    if (edge !== undefined && flows.has(edge.to)) edges.set(key, edge);
  }
  return findLoops(edges).map((loop) => describe(loop, edges));
}

/** A send ends its flow, so each flow leads to one other at most: the graph is a set of chains. */
function firstSend(flow: LocatedFlow, names: Names): Edge | undefined {
  const send = flow.steps.find(({ value }) => endsFlow(value));
  if (send?.value.kind !== "send") return undefined;
  const to = flowKey(send.value.target, names);
  return to === undefined ? undefined : { to, at: send.at };
}

function flowKey(target: Target, names: Names): FlowKey | undefined {
  switch (target.kind) {
    case "user":
      return `user:${target.username}`;
    case "group":
      return `group:${target.id}`;
    case "flow":
      return `flow:${target.id}`;
    case "extension": {
      const owner = names.extensions.get(target.extension);
      return owner === undefined ? undefined : `${owner.kind}:${owner.id}`;
    }
    case "number":
      return undefined;
  }
}

function findLoops(edges: ReadonlyMap<FlowKey, Edge>): FlowKey[][] {
  const done = new Set<FlowKey>();
  const loops: FlowKey[][] = [];
  for (const start of edges.keys()) {
    const path: FlowKey[] = [];
    const onPath = new Map<FlowKey, number>();
    let key: FlowKey | undefined = start;
    while (key !== undefined && !done.has(key)) {
      const seen = onPath.get(key);
      if (seen !== undefined) {
        loops.push(fromSmallest(path.slice(seen)));
        break;
      }
      onPath.set(key, path.length);
      path.push(key);
      key = edges.get(key)?.to;
    }
    for (const visited of path) done.add(visited);
  }
  return loops.sort((a, b) => ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1));
}

function fromSmallest(loop: FlowKey[]): FlowKey[] {
  const smallest = loop.reduce((best, key, index) => (key < (loop[best] ?? key) ? index : best), 0);
  return [...loop.slice(smallest), ...loop.slice(0, smallest)];
}

function describe(loop: readonly FlowKey[], edges: ReadonlyMap<FlowKey, Edge>): Problem {
  const stations = loop.flatMap((key) => {
    const edge = edges.get(key);
    return edge === undefined ? [] : [{ at: edge.at, note: `${key} sends to ${edge.to}` }];
  });
  const [first] = stations;
  if (first === undefined) throw new Error("a loop without sends");
  return {
    severity: "error",
    code: "loop",
    message: `calls are sent round for ever: ${[...loop, loop[0]].join(" -> ")}`,
    at: first.at,
    expected: "one of these flows to end otherwise",
    others: stations.slice(1),
  };
}
