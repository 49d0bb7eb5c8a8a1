/** A CPU profile as V8 gives it, read as a tree of functions with their times. */
import type { FlameNode } from "./page/flame-plot.js";

/** `Profiler.Profile` of the inspector, as far as it is read here. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** The node in which each sample fell. */
  readonly samples: readonly number[];
  /** Microseconds between samples. */
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

/** What is no work of the program: idle time, and the profiler itself, which its own session starts and stops. */
function isNoWork({ callFrame: { functionName, url } }: ProfileNode): boolean {
  return functionName === "(idle)" || url.startsWith("node:inspector");
}

/** The whole tree, without {@link isNoWork}. Calls of one function by another are one node, however often they are in it. */
export function flameOf(profile: CpuProfile): FlameNode {
  const selfMs = new Map<number, number>();
  profile.samples.forEach((id, index) => {
    selfMs.set(id, (selfMs.get(id) ?? 0) + (profile.timeDeltas[index] ?? 0) / 1_000);
  });
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const [first] = profile.nodes;
  if (first === undefined) return { name: "all", ms: 0, children: [] };
  const build = (nodes: readonly ProfileNode[], name: string): FlameNode => {
    const below = nodes.flatMap(({ children = [] }) =>
      children.flatMap((id) => {
        const child = byId.get(id);
        return child === undefined || isNoWork(child) ? [] : [child];
      }),
    );
    const groups = new Map<string, ProfileNode[]>();
    for (const node of below) groups.set(nameOf(node), [...(groups.get(nameOf(node)) ?? []), node]);
    const children = [...groups].map(([each, group]) => build(group, each)).filter(({ ms }) => ms > 0);
    const own = nodes.reduce((sum, { id }) => sum + (selfMs.get(id) ?? 0), 0);
    const ms = own + children.reduce((sum, child) => sum + child.ms, 0);
    return { name, ms, children: children.sort((a, b) => b.ms - a.ms) };
  };
  return build([first], "all");
}

/** The function, and where it is: a file of ours without its folders above, a package, or a module of Node. */
function nameOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const name = functionName === "" ? "(anonymous)" : functionName;
  const ours = /\/dist\/(.+)\.js$/.exec(url)?.[1];
  if (ours !== undefined) return `${name} ${ours}:${lineNumber + 1}`;
  const inPackage = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (inPackage !== undefined) return `${name} node_modules/${inPackage}`;
  return url === "" ? name : `${name} ${url}`;
}

/** Without what takes less than this part of the whole; times are rounded to microseconds. */
export function pruned(node: FlameNode, part: number, total = node.ms): FlameNode {
  return {
    name: node.name,
    ms: Number(node.ms.toFixed(3)),
    children: node.children.filter(({ ms }) => ms >= part * total).map((child) => pruned(child, part, total)),
  };
}

/** The time in each function itself, longest first. */
export function selfTimes(root: FlameNode): ReadonlyArray<readonly [name: string, ms: number]> {
  const times = new Map<string, number>();
  const visit = (node: FlameNode) => {
    const own = node.ms - node.children.reduce((sum, { ms }) => sum + ms, 0);
    times.set(node.name, (times.get(node.name) ?? 0) + own);
    node.children.forEach(visit);
  };
  visit(root);
  return [...times].filter(([, ms]) => ms > 0).sort(([, a], [, b]) => b - a);
}

/** A function's place: a folder of ours, a package, Node, or the machine itself. */
export function placeOf(name: string): string {
  const [, where = ""] = name.split(" ");
  const folder = /^(engine\/[a-z-]+|policy\/[a-z-]+|storage)/.exec(where)?.[1];
  if (folder !== undefined) return folder;
  const inPackage = /^node_modules\/(.+)$/.exec(where)?.[1];
  if (inPackage !== undefined) return `package ${inPackage}`;
  return where.startsWith("node:") ? "Node" : name.startsWith("(") ? name : "V8 and the system";
}
