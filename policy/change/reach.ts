/**
 * Finds the phones a number rings, step after step, if nobody answers. Comparing two offices by it tells people whose
 * phones a change will ring. Where a step leads to several places, all of them are followed.
 */
import type { E164, Group, User } from "../office/office.js";
import type { Target } from "../office/target.js";
import type { RoutingTable } from "../routing/table.js";
import { exitTargets, type FlowKey, flowKeyOf, reachedSteps } from "../steps/graph.js";
import { kindOf } from "../steps/registry.js";
import type { Step } from "../steps/types.js";

/** Phones that ring together, as `alice.wong/desk` or an outside number, sorted. */
export type Stage = readonly string[];

/** At most this many flows are followed for one number. */
const FLOWS_MAX = 100;

/** The stages of a call to a number, or to a number of a block, that nobody answers; empty: it rings nobody. */
export function reachOfNumber(table: RoutingTable, number: E164): Stage[] {
  const leadsTo = table.numberEntry(number)?.leadsTo;
  if (leadsTo === undefined || leadsTo === null) return [];
  if (leadsTo.kind === "steps") return reach(table, leadsTo.steps);
  return reach(table, table.flow(leadsTo.flow) ?? [], `flow:${leadsTo.flow}`);
}

/** A number that will ring other phones than before, or in another order. */
export interface ReachChange {
  readonly number: E164;
  readonly from: readonly Stage[];
  readonly to: readonly Stage[];
}

/** Those of these numbers that will ring other phones. */
export function changedReach(
  before: RoutingTable,
  after: RoutingTable,
  numbers: Iterable<E164>,
): ReachChange[] {
  const changes: ReachChange[] = [];
  for (const number of numbers) {
    const from = reachOfNumber(before, number);
    const to = reachOfNumber(after, number);
    if (JSON.stringify(from) !== JSON.stringify(to)) changes.push({ number, from, to });
  }
  return changes;
}

/** Flow by flow: the steps of a flow, then those of the flows it leads to. Each flow is followed once. */
function reach(table: RoutingTable, first: readonly Step[], key?: FlowKey): Stage[] {
  const stages: Stage[] = [];
  const seen = new Set(key === undefined ? [] : [key]);
  const flows: (readonly Step[])[] = [first];
  for (const steps of flows) {
    for (const step of steps.slice(0, reachedSteps(steps))) {
      const rung = kindOf(step).rings?.(step);
      if (rung !== undefined) stages.push(stage(table, rung));
      for (const target of exitTargets(step)) {
        if (target.kind === "number") stages.push([target.number]);
        const to = flowKeyOf(target, (extension) => ownerKey(table, extension));
        if (to === undefined || seen.has(to) || flows.length === FLOWS_MAX) continue;
        seen.add(to);
        flows.push(flowOf(table, target));
      }
    }
  }
  return stages;
}

function ownerKey(table: RoutingTable, extension: string): FlowKey | undefined {
  const found = table.lookupExtension(extension);
  if (found === undefined) return undefined;
  return found.kind === "user" ? `user:${found.user.username}` : `group:${found.group.id}`;
}

function stage(table: RoutingTable, target: Target): Stage {
  if (target.kind === "number") return [target.number];
  const { user, group } = owner(table, target);
  if (user !== undefined) return phones(user);
  const members = (group?.members ?? []).filter(({ calls }) => calls);
  const all = members.flatMap(({ username }) => {
    const member = table.user(username);
    return member === undefined ? [] : phones(member);
  });
  return all.sort();
}

function phones(user: User): string[] {
  return user.devices
    .map(({ id, at }) =>
      at.kind === "sip" ? `${user.username}/${id}` : `${user.username}/${id} ${at.number}`,
    )
    .sort();
}

function owner(table: RoutingTable, target: Target): { user?: User | undefined; group?: Group | undefined } {
  switch (target.kind) {
    case "user":
      return { user: table.user(target.username) };
    case "group":
      return { group: table.group(target.id) };
    case "extension": {
      const found = table.lookupExtension(target.extension);
      if (found === undefined) return {};
      return found.kind === "user" ? { user: found.user } : { group: found.group };
    }
    default:
      return {};
  }
}

function flowOf(table: RoutingTable, target: Target): readonly Step[] {
  if (target.kind === "flow") return table.flow(target.id) ?? [];
  const { user, group } = owner(table, target);
  return user?.flow ?? group?.flow ?? [];
}
