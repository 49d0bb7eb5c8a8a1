/** Tells whether calls to a number can get to a user, a group, a flow or a number outside, also by way of other flows. */
import type { NumberEntry, Office } from "../../office/office.js";
import { parseTarget, type Target } from "../../office/target.js";
import { targetsIn } from "../../office/targets.js";
import type { RoutingTable } from "../../routing/table.js";
import { exitTargets, type FlowKey, flowKeyOf } from "../../steps/graph.js";
import type { Step } from "../../steps/types.js";
import { noSuch } from "../mentions.js";
import { noSuchFlow } from "./flow-edits.js";

/** What calls may get to: `user:alice.wong`, `group:sales`, `flow:main`, `number:+12125550100`. */
type PlaceKey = string;

export type PlaceFound =
  | { readonly ok: true; readonly place: PlaceKey }
  | { readonly ok: false; readonly reason: string };

/** The user, group, flow or number that a target names; an extension names its owner. */
export function placeOf(written: string, office: Office, table: RoutingTable): PlaceFound {
  const { kind, name } = parseTarget(written) ?? { kind: "number", name: written };
  switch (kind) {
    case "user":
      return found(table.user(name), written, () => noSuch(office, "user", name));
    case "group":
      return found(table.group(name), written, () => noSuch(office, "group", name));
    case "flow":
      return found(table.flow(name), written, () => noSuchFlow(office, name).reason);
    case "extension": {
      const owner = ownerOf(table, name);
      return found(owner, owner ?? "", () => `nobody has the extension ${name}`);
    }
    case "number":
      return { ok: true, place: written };
  }
}

function found(entry: unknown, place: PlaceKey, reason: () => string): PlaceFound {
  return entry === undefined ? { ok: false, reason: reason() } : { ok: true, place };
}

export function leadsThere({ leadsTo }: NumberEntry, place: PlaceKey, table: RoutingTable): boolean {
  if (leadsTo === null) return false;
  const keyOf = (target: Target): FlowKey | undefined =>
    flowKeyOf(target, (extension) => ownerOf(table, extension));
  const nameOf = (target: Target) => (target.kind === "number" ? `number:${target.number}` : keyOf(target));
  const seen = new Set<FlowKey>(leadsTo.kind === "flow" ? [`flow:${leadsTo.flow}`] : []);
  if (seen.has(place)) return true;
  const flows = [leadsTo.kind === "steps" ? leadsTo.steps : (table.flow(leadsTo.flow) ?? [])];
  for (const steps of flows) {
    for (const step of steps) {
      if (targetsIn(step).map(nameOf).includes(place)) return true;
      for (const key of exitTargets(step).map(keyOf)) {
        if (key === undefined || seen.has(key)) continue;
        seen.add(key);
        flows.push(flowOf(key, table));
      }
    }
  }
  return false;
}

function ownerOf(table: RoutingTable, extension: string): FlowKey | undefined {
  const owner = table.lookupExtension(extension);
  if (owner === undefined) return undefined;
  return owner.kind === "user" ? `user:${owner.user.username}` : `group:${owner.group.id}`;
}

function flowOf(key: FlowKey, table: RoutingTable): readonly Step[] {
  const target = parseTarget(key);
  switch (target?.kind) {
    case "user":
      return table.user(target.name)?.flow ?? [];
    case "group":
      return table.group(target.name)?.flow ?? [];
    default:
      return table.flow(target?.name ?? "") ?? [];
  }
}
