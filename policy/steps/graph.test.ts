/**
 * Goal: where flows lead is known whole, also where a step leads to several places. Method: small graphs written out,
 * and random ones against a naive search that walks every way.
 */
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Target } from "../office/target.js";
import type { StepDefinition } from "./definition.js";
import {
  type Edge,
  exitTargets,
  FlowGraph,
  type FlowKey,
  flowKeyOf,
  goesOn,
  onlyHandsOver,
  reachedSteps,
} from "./graph.js";
import type { Step } from "./types.js";

/** A kind of step that leads on, and to any number of other places: none of ours does both yet. */
interface ForkStep {
  readonly kind: "fork";
  readonly targets: readonly Target[];
}

vi.mock("./index.js", async (original) => {
  const fork: Pick<StepDefinition<never>, "order"> & { readonly name: string } & {
    leads(step: ForkStep): readonly unknown[];
  } = {
    name: "fork",
    order: 15,
    leads: ({ targets }) => [{ to: "next" }, ...targets.map((target) => ({ to: "target", target }))],
  };
  return { ...(await original<object>()), fork };
});

function fork(...targets: Target[]): Step {
  return { kind: "fork", targets } as unknown as Step;
}

const flow = (id: string): Target => ({ kind: "flow", id });
const send = (target: Target): Step => ({ kind: "send", target });
const RING: Step = {
  kind: "ring",
  target: { kind: "user", username: "alice" },
  timeoutMs: null,
  skip: false,
};
const END: Step = { kind: "hangup", reason: "busy" };

/** Flows by id, each with its steps; extension 101 is alice's. */
function graphOf(flows: Readonly<Record<string, readonly Step[]>>): FlowGraph {
  return new FlowGraph(
    Object.entries(flows).map(([key, steps]) => [key.includes(":") ? key : `flow:${key}`, steps] as const),
    (extension) => (extension === "101" ? "user:alice" : undefined),
  );
}

const stations = (loop: readonly Edge[]) => loop.map(({ from }) => from.replace("flow:", "")).join(" ");

describe("a step", () => {
  it.each<[string, Step, boolean, boolean]>([
    ["ring", RING, true, false],
    ["announce", { kind: "announce", sound: "closed" }, true, false],
    ["voicemail", { kind: "voicemail", target: { kind: "group", id: "sales" } }, false, false],
    ["send", send(flow("a")), false, true],
    ["hangup", END, false, false],
    ["that forks", fork(flow("a"), flow("b")), true, false],
  ])("of the kind %s goes on, or only hands over", (_name, step, on, only) => {
    expect(goesOn(step)).toBe(on);
    expect(onlyHandsOver(step)).toBe(only);
  });

  it("leads to each of its targets", () => {
    expect(exitTargets(fork(flow("a"), flow("b")))).toEqual([flow("a"), flow("b")]);
    expect(exitTargets(RING)).toEqual([]);
  });
});

describe("a flow", () => {
  it.each<[string, readonly Step[], number]>([
    ["of no steps", [], 0],
    ["that falls off its end", [RING, fork(flow("a"))], 2],
    ["that ends", [RING, END], 2],
    ["with steps behind its end", [RING, END, RING, END], 2],
    ["that forks and ends", [fork(flow("a")), send(flow("b")), RING], 2],
  ])("%s is walked up to its first ending step", (_title, steps, count) => {
    expect(reachedSteps(steps)).toBe(count);
  });

  it.each<[Target, FlowKey | undefined]>([
    [{ kind: "user", username: "alice" }, "user:alice"],
    [{ kind: "group", id: "sales" }, "group:sales"],
    [flow("night"), "flow:night"],
    [{ kind: "extension", extension: "101" }, "user:alice"],
    [{ kind: "extension", extension: "999" }, undefined],
    [{ kind: "number", number: "+12125550100" }, undefined],
  ])("is the one that %o owns", (target, key) => {
    expect(flowKeyOf(target, (extension) => (extension === "101" ? "user:alice" : undefined))).toBe(key);
  });

  it("leads to flows by each step that a call gets to, and to none that does not exist", () => {
    const graph = graphOf({
      a: [fork(flow("b"), flow("gone"), flow("b")), send(flow("c")), send(flow("d"))],
      b: [END],
      c: [END],
      d: [END],
    });
    expect(graph.edgesFrom("flow:a")).toEqual([
      { from: "flow:a", to: "flow:b", step: 0 },
      { from: "flow:a", to: "flow:c", step: 1 },
    ]);
    expect(graph.edgesFrom("flow:gone")).toEqual([]);
  });

  it("reaches what others lead to, not beyond the end that is given", () => {
    const graph = graphOf({
      a: [fork(flow("b")), END],
      b: [send(flow("c"))],
      c: [END],
      d: [send(flow("a"))],
    });
    expect([...graph.reachable("flow:a")]).toEqual(["flow:a", "flow:b", "flow:c"]);
    expect([...graph.reachable("flow:a", "flow:b")]).toEqual(["flow:a", "flow:b"]);
  });
});

describe("loops", () => {
  it.each<[string, Readonly<Record<string, readonly Step[]>>, string[]]>([
    ["none in a chain", { a: [send(flow("b"))], b: [send(flow("c"))], c: [END] }, []],
    [
      "none where two ways meet",
      { a: [fork(flow("b")), send(flow("c"))], b: [send(flow("c"))], c: [END] },
      [],
    ],
    ["a flow that sends to itself", { a: [RING, send(flow("a"))] }, ["a"]],
    ["from the first in the alphabet", { c: [send(flow("b"))], b: [send(flow("c"))] }, ["b c"]],
    ["one through a branch", { a: [fork(flow("b")), END], b: [send(flow("a"))] }, ["a b"]],
    [
      "two that share a flow",
      { a: [fork(flow("b")), send(flow("c"))], b: [send(flow("a"))], c: [send(flow("a"))] },
      ["a b", "a c"],
    ],
    [
      "two steps that lead the same way",
      { a: [fork(flow("b")), send(flow("b"))], b: [send(flow("a"))] },
      ["a b", "a b"],
    ],
    [
      "one by an extension",
      { "user:alice": [send(flow("a"))], a: [send({ kind: "extension", extension: "101" })] },
      ["a user:alice"],
    ],
    ["none by a step behind the end", { a: [END, send(flow("a"))] }, []],
  ])("%s", (_title, flows, expected) => {
    expect(graphOf(flows).loops().map(stations)).toEqual(expected);
  });

  it("are found in a chain too long for the stack", () => {
    const last = 50_000;
    const chain = Array.from(
      { length: last },
      (_, n) => [`f${n}`, [send(flow(`f${(n + 1) % last}`))]] as const,
    );
    expect(
      graphOf(Object.fromEntries(chain))
        .loops()
        .map((loop) => loop.length),
    ).toEqual([last]);
  });

  it("are not told without end where everything leads everywhere", () => {
    const ids = Array.from({ length: 30 }, (_, n) => `f${n}`);
    const loops = graphOf(Object.fromEntries(ids.map((id) => [id, [fork(...ids.map(flow)), END]]))).loops();
    expect(loops).toHaveLength(100);
  });

  const IDS = ["a", "b", "c", "d", "e", "f"];
  const flowsArbitrary = fc
    .tuple(...IDS.map(() => fc.array(fc.subarray(IDS, { maxLength: 3 }), { maxLength: 3 })))
    .map((lists) =>
      IDS.map((id, n) => [id, [...(lists[n] ?? []).map((to) => fork(...to.map(flow))), END]] as const),
    );

  it("are the ones a naive search finds: every step that is part of one is shown in one, once and whole", () => {
    fc.assert(
      fc.property(flowsArbitrary, (flows) => {
        const graph = graphOf(Object.fromEntries(flows));
        const edges = IDS.flatMap((id) => graph.edgesFrom(`flow:${id}`));
        const loops = graph.loops();
        for (const loop of loops) {
          expect(loop.map(({ to }) => to)).toEqual(
            [...loop.slice(1), ...loop.slice(0, 1)].map(({ from }) => from),
          );
          expect(new Set(loop.map(({ from }) => from)).size).toBe(loop.length);
          expect(loop[0]?.from).toBe(loop.map(({ from }) => from).sort()[0]);
        }
        const shown = new Set(loops.flat());
        expect(
          new Set(loops.map((loop) => loop.map(({ from, to, step }) => `${from}${to}${step}`).join())).size,
        ).toBe(loops.length);
        for (const edge of edges) expect(shown.has(edge)).toBe(leads(edges, edge.to, edge.from));
      }),
    );
  });

  it("are told in the same order, however the flows are written", () => {
    fc.assert(
      fc.property(flowsArbitrary, (flows) => {
        const there = graphOf(Object.fromEntries(flows)).loops();
        expect(graphOf(Object.fromEntries([...flows].reverse())).loops()).toEqual(there);
      }),
    );
  });

  it("are none where no flow is reached from what it leads to, and reach is what a naive search finds", () => {
    fc.assert(
      fc.property(flowsArbitrary, fc.constantFrom(...IDS), (flows, start) => {
        const graph = graphOf(Object.fromEntries(flows));
        const edges = IDS.flatMap((id) => graph.edgesFrom(`flow:${id}`));
        const naive = IDS.map((id) => `flow:${id}`).filter((key) => leads(edges, `flow:${start}`, key));
        expect([...graph.reachable(`flow:${start}`)].sort()).toEqual(naive);
      }),
    );
  });
});

/** Whether a call can come from one flow to another, by as many rounds as there are edges. */
function leads(edges: readonly Edge[], from: FlowKey, to: FlowKey): boolean {
  const found = new Set([from]);
  for (const _ of edges) for (const edge of edges) if (found.has(edge.from)) found.add(edge.to);
  return found.has(to);
}
