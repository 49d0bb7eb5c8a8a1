/**
 * What of the office a call is about at this moment, so that people can be told what a removal would touch: the number that
 * was called, the flow and the user or group whose turn it is, and the phones that ring or talk.
 */
import type { Office } from "../office/office.js";
import type { Target } from "../office/target.js";
import { targetsIn } from "../office/targets.js";
import type { RoutingTable } from "../routing/table.js";
import type { Step } from "../steps/types.js";
import type { CallState, FlowSource } from "./state.js";

/** `user:NAME`, `group:ID`, `flow:ID`, `number:KEY`, `device:NAME/ID`; each once. @param office of the call's revision */
export function aboutOf({ caller, flow, legs }: CallState, office: RoutingTable): string[] {
  const steps = stepsOf(flow.source, office);
  const step = steps[flow.index];
  const called = office.ownNumber(caller.called)?.entry.number;
  const phones = legs.flatMap(({ phase, who, device }) =>
    phase === "ended" || phase === "killed" || office.user(who) === undefined ? [] : [{ who, device }],
  );
  const from = caller.from === undefined ? [] : [{ who: caller.from.username, device: caller.from.device }];
  return [
    ...new Set([
      ...(called === undefined ? [] : [`number:${called}`]),
      ...sourceNames(flow.source, office),
      ...targetsIn(step).flatMap((target) => targetNames(target, office)),
      ...[...from, ...phones].flatMap(({ who, device }) => [
        `user:${who}`,
        ...(device === null ? [] : [`device:${who}/${device}`]),
      ]),
    ]),
  ];
}

function leadsTo(number: string, office: RoutingTable): Office["numbers"][number]["leadsTo"] | undefined {
  return (office.lookupNumber(number) ?? office.anyNumber)?.leadsTo;
}

function stepsOf(source: FlowSource, office: RoutingTable): readonly Step[] {
  switch (source.kind) {
    case "number": {
      const to = leadsTo(source.number, office);
      return (to?.kind === "steps" ? to.steps : to && office.flow(to.flow)) ?? [];
    }
    case "flow":
      return office.flow(source.id) ?? [];
    case "user":
      return office.user(source.username)?.flow ?? [];
    case "group":
      return office.group(source.id)?.flow ?? [];
    default:
      return [];
  }
}

function sourceNames(source: FlowSource, office: RoutingTable): string[] {
  switch (source.kind) {
    case "number": {
      const to = leadsTo(source.number, office);
      const entry = office.lookupNumber(source.number) ?? office.anyNumber;
      return [
        ...(entry === undefined ? [] : [`number:${entry.number}`]),
        ...(to?.kind === "flow" ? [`flow:${to.flow}`] : []),
      ];
    }
    case "flow":
      return [`flow:${source.id}`];
    case "user":
      return [`user:${source.username}`];
    case "group":
      return [`group:${source.id}`];
    case "dialled":
      return targetNames(source.target, office);
    default:
      return [];
  }
}

function targetNames(target: Target, office: RoutingTable): string[] {
  switch (target.kind) {
    case "user":
      return [`user:${target.username}`];
    case "group":
      return [`group:${target.id}`];
    case "flow":
      return [`flow:${target.id}`];
    case "extension": {
      const owner = office.lookupExtension(target.extension);
      if (owner === undefined) return [];
      return [owner.kind === "user" ? `user:${owner.user.username}` : `group:${owner.group.id}`];
    }
    case "number":
      return [];
  }
}
