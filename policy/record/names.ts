/**
 * The names under which a record is found: what of the office a flow, a step or a leg is about, and where the steps of a
 * flow come from, each as one word.
 */
import type { FlowSource } from "../call/state.js";
import { nameOf } from "../call/transferrer.js";
import { formatTarget, type Target } from "../office/target.js";
import { targetsIn } from "../office/targets.js";
import type { RoutingTable } from "../routing/table.js";
import type { Step } from "../steps/types.js";
import type { WhatOf } from "./happening.js";

/** `user:NAME`, `group:ID`, `flow:ID`, `number:KEY`; none for a number outside. */
function namesOfTarget(target: Target, office: RoutingTable): string[] {
  switch (target.kind) {
    case "extension": {
      const owner = office.lookupExtension(target.extension);
      if (owner === undefined) return [];
      return [owner.kind === "user" ? `user:${owner.user.username}` : `group:${owner.group.id}`];
    }
    case "number": {
      const own = office.lookupNumber(target.number);
      return own === undefined ? [] : [`number:${own.number}`];
    }
    default:
      return [formatTarget(target)];
  }
}

/** What a step is about, each once. */
export function namesOfStep(step: Step, office: RoutingTable): string[] {
  const names = targetsIn(step).flatMap((target) => namesOfTarget(target, office));
  return [...new Set(step.kind === "schedule" ? [`schedule:${step.schedule}`, ...names] : names)];
}

/** The group under which a target's phones ring; null: under none. */
export function groupOf(target: Target, office: RoutingTable): string | null {
  if (target.kind === "group") return target.id;
  if (target.kind !== "extension") return null;
  const owner = office.lookupExtension(target.extension);
  return owner?.kind === "group" ? owner.group.id : null;
}

export function flowOf(source: FlowSource, office: RoutingTable): WhatOf<"flow"> {
  const text = sourceText(source);
  if (source.kind === "number") {
    const entry = office.lookupNumber(source.number) ?? office.anyNumber;
    const leadsTo = entry?.leadsTo;
    const flow = leadsTo?.kind === "flow" ? [`flow:${leadsTo.flow}`] : [];
    const names = entry === undefined ? [] : [`number:${entry.number}`, ...flow];
    return { kind: "flow", source: text, names, label: entry?.label ?? null };
  }
  return { kind: "flow", source: text, names: namesOfSource(source, office), label: null };
}

function namesOfSource(source: FlowSource, office: RoutingTable): string[] {
  switch (source.kind) {
    case "flow":
    case "user":
    case "group":
      return [sourceText(source)];
    case "dialled":
      return namesOfTarget(source.target, office);
    case "recall":
      return source.by.kind === "user" ? [`user:${source.by.username}`] : [];
    default:
      return [];
  }
}

function sourceText(source: FlowSource): string {
  switch (source.kind) {
    case "number":
      return `number:${source.number}`;
    case "flow":
      return `flow:${source.id}`;
    case "user":
      return `user:${source.username}`;
    case "group":
      return `group:${source.id}`;
    case "dialled":
      return source.target.kind === "number"
        ? `dialled:${source.target.number}`
        : formatTarget(source.target);
    case "emergency":
      return `emergency:${source.number}`;
    case "listen":
      return source.code.extension === null ? "listen" : `listen:${source.code.extension}`;
    case "recall":
      return `recall:${nameOf(source.by)}`;
    case "unassigned":
    case "not_permitted":
    case "apology":
      return source.kind;
  }
}
