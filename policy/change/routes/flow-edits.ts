/** Turns what somebody asks of a flow's steps into an edit: other steps, or one of them added, moved or removed. */

import type { Office } from "../../office/office.js";
import { exportSteps } from "../../office-file/export.js";
import { suggest } from "../../office-file/suggest.js";
import { notFound, type Refusal, refused } from "../edit.js";
import type { Edit } from "../edits/types.js";

/** Steps are in the words of a file, positions count from 1. */
export type FlowOrder =
  | { readonly kind: "replace"; readonly steps: unknown }
  /** Left out: before the last step, which ends the flow. */
  | { readonly kind: "add"; readonly step: unknown; readonly at?: number }
  | { readonly kind: "move"; readonly from: number; readonly to: number }
  | { readonly kind: "remove"; readonly positions: readonly number[] };

export type FlowEdits = { readonly ok: true; readonly edits: readonly Edit[] } | Refusal;

/** The edit that changes a flow; a flow that is not there is made of the steps that replace it. */
export function flowSet(office: Office, id: string, order: FlowOrder): FlowEdits {
  const now = Object.hasOwn(office.flows, id) ? office.flows[id] : undefined;
  if (order.kind === "replace") {
    const verb = now === undefined ? "add" : "set";
    return { ok: true, edits: [{ verb, kind: "flow", id, fields: { steps: order.steps } }] };
  }
  if (now === undefined) return noSuchFlow(office, id);
  const steps = changed(exportSteps(now), order);
  return Array.isArray(steps)
    ? { ok: true, edits: [{ verb: "set", kind: "flow", id, fields: { steps } }] }
    : steps;
}

export function noSuchFlow(office: Office, id: string): Refusal {
  const meant = suggest(id, Object.keys(office.flows));
  return notFound(`there is no flow \`${id}\`${meant === undefined ? "" : `; did you mean ${meant}?`}`);
}

function changed(
  steps: readonly unknown[],
  order: Exclude<FlowOrder, { kind: "replace" }>,
): unknown[] | Refusal {
  switch (order.kind) {
    case "add": {
      const at = order.at ?? steps.length;
      return isPosition(at, steps.length + 1)
        ? steps.toSpliced(at - 1, 0, order.step)
        : noSuchPosition(at, steps.length + 1);
    }
    case "move": {
      const { from, to } = order;
      const wrong = [from, to].find((each) => !isPosition(each, steps.length));
      if (wrong !== undefined) return noSuchPosition(wrong, steps.length);
      return steps.toSpliced(from - 1, 1).toSpliced(to - 1, 0, steps[from - 1]);
    }
    case "remove": {
      const wrong = order.positions.find((each) => !isPosition(each, steps.length));
      if (wrong !== undefined) return noSuchPosition(wrong, steps.length);
      return steps.filter((_step, index) => !order.positions.includes(index + 1));
    }
  }
}

function isPosition(at: number, last: number): boolean {
  return at >= 1 && at <= last;
}

function noSuchPosition(at: number, last: number): Refusal {
  return refused(`the flow has no step ${at}: a position is from 1 to ${last}`);
}
