/** Finds flows that send calls round for ever. A loop is shown whole, beginning with its first flow in the alphabet. */
import { type Edge, FlowGraph, type FlowKey } from "../../steps/graph.js";
import type { LocatedFlow } from "../make-office.js";
import type { Names } from "../names.js";
import type { Place, Problem } from "../problem.js";

/** One problem for each loop, at the step that closes it. */
export function checkLoops(flows: ReadonlyMap<FlowKey, LocatedFlow>, names: Names): Problem[] {
  const graph = new FlowGraph(
    [...flows].map(([key, { steps }]) => [key, steps.map(({ value }) => value)] as const),
    (extension) => {
      const owner = names.extensions.get(extension);
      return owner === undefined ? undefined : `${owner.kind}:${owner.id}`;
    },
  );
  return graph.loops().map((loop) => describe(loop, flows));
}

function describe(loop: readonly Edge[], flows: ReadonlyMap<FlowKey, LocatedFlow>): Problem {
  const stations = loop.map(({ from, to, step }) => ({
    at: placeOf(flows.get(from), step),
    note: `${from} sends to ${to}`,
  }));
  const [first] = stations;
  if (first === undefined) throw new Error("a loop without steps");
  return {
    severity: "error",
    code: "loop",
    message: `calls are sent round for ever: ${[...loop.map(({ from }) => from), loop[0]?.from].join(" -> ")}`,
    at: first.at,
    expected: "one of these flows to end otherwise",
    others: stations.slice(1),
  };
}

function placeOf(flow: LocatedFlow | undefined, step: number): Place {
  const located = flow?.steps[step];
  if (located === undefined) throw new Error("an edge of the graph that is no step");
  return located.at;
}
