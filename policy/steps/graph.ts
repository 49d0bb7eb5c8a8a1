/**
 * Where flows lead: a graph whose nodes are flows and whose edges are the steps that can hand a call to another flow.
 * A step may lead to several places. Checks, hand-over and reach all work on this.
 */
import type { Target } from "../office/target.js";
import { kindOf } from "./registry.js";
import type { Step } from "./types.js";

/** Names a flow: `user:NAME`, `group:ID` or `flow:ID`. No step leads to a number's own steps, so their key is free. */
export type FlowKey = string;

/** The flow of the user or group that has an extension. */
export type OwnerOf = (extension: string) => FlowKey | undefined;

/** A step that can hand calls of its flow to another flow. */
export interface Edge {
  readonly from: FlowKey;
  readonly to: FlowKey;
  /** The step's place in its flow, from 0. */
  readonly step: number;
}

/** Whether a call can go on to the step behind this one. */
export function goesOn(step: Step): boolean {
  return kindOf(step)
    .leads(step)
    .some(({ to }) => to === "next");
}

/** How many of a flow's steps a call can get to: all up to the first that never goes on. */
export function reachedSteps(steps: readonly Step[]): number {
  const last = steps.findIndex((step) => !goesOn(step));
  return last < 0 ? steps.length : last + 1;
}

/** The targets to which a step can hand the call. */
export function exitTargets(step: Step): Target[] {
  return kindOf(step)
    .leads(step)
    .flatMap((exit) => (exit.to === "target" ? [exit.target] : []));
}

/** Whether a step does nothing but hand the call to one target: the target's own steps could stand in its place. */
export function onlyHandsOver(step: Step): boolean {
  const exits = kindOf(step).leads(step);
  return exits.length === 1 && exits[0]?.to === "target";
}

/** The flow that a target owns; an outside number owns none. */
export function flowKeyOf(target: Target, ownerOf: OwnerOf): FlowKey | undefined {
  switch (target.kind) {
    case "user":
      return `user:${target.username}`;
    case "group":
      return `group:${target.id}`;
    case "flow":
      return `flow:${target.id}`;
    case "extension":
      return ownerOf(target.extension);
    case "number":
      return undefined;
  }
}

/** Loops shown of flows that all lead to each other; nobody reads more, and finding one costs time. */
const LOOPS_MAX = 100;

export class FlowGraph {
  /** By flow, in the order of its steps. */
  readonly #edges = new Map<FlowKey, readonly Edge[]>();

  constructor(flows: Iterable<readonly [FlowKey, readonly Step[]]>, ownerOf: OwnerOf) {
    const all = new Map(flows);
    for (const [key, steps] of all) {
      const edges = steps.slice(0, reachedSteps(steps)).flatMap((step, index) => {
        const led = new Set(exitTargets(step).map((target) => flowKeyOf(target, ownerOf)));
        return [...led].flatMap((to) =>
          to === undefined || !all.has(to) ? [] : [{ from: key, to, step: index }],
        );
      });
      this.#edges.set(key, edges);
    }
  }

  edgesFrom(key: FlowKey): readonly Edge[] {
    return this.#edges.get(key) ?? [];
  }

  /** The flows that a call can come to from a flow, itself included; those behind `end` are left out. */
  reachable(start: FlowKey, end?: FlowKey): ReadonlySet<FlowKey> {
    const found = new Set([start]);
    for (const key of found) {
      if (key === end) continue;
      for (const { to } of this.edgesFrom(key)) found.add(to);
    }
    return found;
  }

  /**
   * Loops in which calls can be sent round: each a list of edges from its first flow in the alphabet. Every edge that
   * is part of any loop is part of one of these, and no loop comes twice; the order depends on the keys alone. Where
   * flows that all lead to each other have many loops, {@link LOOPS_MAX} of them.
   */
  loops(): Edge[][] {
    const loops = this.#components().flatMap((component) => this.#loopsOf(component));
    return loops.sort((a, b) => (loopText(a) < loopText(b) ? -1 : 1));
  }

  /** The shortest loop through each edge that is in none of the loops before. */
  #loopsOf(component: ReadonlySet<FlowKey>): Edge[][] {
    const loops: Edge[][] = [];
    const covered = new Set<Edge>();
    for (const key of [...component].sort()) {
      for (const edge of this.edgesFrom(key)) {
        if (covered.has(edge) || !component.has(edge.to)) continue;
        if (loops.length === LOOPS_MAX) return loops;
        const loop = [edge, ...this.#shortestWay(edge.to, edge.from, component)];
        for (const each of loop) covered.add(each);
        loops.push(fromSmallest(loop));
      }
    }
    return loops;
  }

  /** Inside flows that all lead to each other, so there is a way. */
  #shortestWay(start: FlowKey, end: FlowKey, component: ReadonlySet<FlowKey>): Edge[] {
    const cameBy = new Map<FlowKey, Edge | undefined>([[start, undefined]]);
    for (const key of cameBy.keys()) {
      if (key === end) break;
      for (const edge of this.edgesFrom(key)) {
        if (component.has(edge.to) && !cameBy.has(edge.to)) cameBy.set(edge.to, edge);
      }
    }
    const way: Edge[] = [];
    for (let edge = cameBy.get(end); edge !== undefined; edge = cameBy.get(edge.from)) way.push(edge);
    return way.reverse();
  }

  /**
   * Sets of flows that all lead to each other, single flows only when they lead to themselves. Tarjan's algorithm,
   * with a stack of its own: a chain of a hundred thousand flows must not overflow ours.
   */
  #components(): ReadonlySet<FlowKey>[] {
    const components: ReadonlySet<FlowKey>[] = [];
    const index = new Map<FlowKey, number>();
    const low = new Map<FlowKey, number>();
    const open: FlowKey[] = [];
    const isOpen = new Set<FlowKey>();
    const lower = (key: FlowKey, value: number) => low.set(key, Math.min(low.get(key) ?? value, value));
    for (const start of this.#edges.keys()) {
      if (index.has(start)) continue;
      const path: { readonly key: FlowKey; next: number }[] = [{ key: start, next: 0 }];
      for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
        const { key } = at;
        if (at.next === 0) {
          lower(key, index.size);
          index.set(key, index.size);
          open.push(key);
          isOpen.add(key);
        }
        const edge = this.edgesFrom(key)[at.next];
        at.next += 1;
        if (edge !== undefined) {
          const seen = index.get(edge.to);
          if (seen === undefined) path.push({ key: edge.to, next: 0 });
          else if (isOpen.has(edge.to)) lower(key, seen);
          continue;
        }
        path.pop();
        const lowest = low.get(key) ?? 0;
        const parent = path.at(-1);
        if (parent !== undefined) lower(parent.key, lowest);
        if (lowest !== index.get(key)) continue;
        const component = new Set(open.splice(open.lastIndexOf(key)));
        for (const closed of component) isOpen.delete(closed);
        const leadsToItself = this.edgesFrom(key).some(({ to }) => to === key);
        if (component.size > 1 || leadsToItself) components.push(component);
      }
    }
    return components;
  }
}

function fromSmallest(loop: readonly Edge[]): Edge[] {
  const smallest = loop.reduce(
    (best, edge, index) => (edge.from < (loop[best]?.from ?? edge.from) ? index : best),
    0,
  );
  return [...loop.slice(smallest), ...loop.slice(0, smallest)];
}

function loopText(loop: readonly Edge[]): string {
  return loop.map(({ from, step }) => `${from} ${step}`).join("\n");
}
