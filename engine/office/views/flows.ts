/** Flows as people and programs are shown them: a list of all, or everything about one flow. */
import { noSuchFlow } from "../../../policy/change/routes/flow-edits.js";
import { usesOfFlows } from "../../../policy/change/routes/flow-uses.js";
import { exportSteps } from "../../../policy/office-file/export.js";
import type { StepFile } from "../../../policy/steps/registry.js";
import type { Step } from "../../../policy/steps/types.js";
import { stepsText } from "../../../policy/steps/words.js";
import type { Deps } from "../../use-case.js";
import { driftOf, type EntityDrift, type Live, type Viewed, viewLive } from "./live.js";
import type { NotFound } from "./users.js";

export interface ListedFlow {
  readonly id: string;
  /** In words. */
  readonly does: string;
  /** The places that lead there, in words. */
  readonly ledFrom: readonly string[];
}

export interface FlowList {
  readonly outcome: "listed";
  readonly flows: readonly ListedFlow[];
}

export interface AboutFlow {
  readonly outcome: "shown";
  readonly id: string;
  /** As a file writes them. */
  readonly steps: readonly StepFile[];
  readonly flow: readonly Step[];
  /** The places that lead there, in words. */
  readonly ledFrom: readonly string[];
  /** Null: the files have the flow as it is live. */
  readonly drift: EntityDrift | null;
}

/** @param filter `unused`: those that nothing leads to; `text`: a part of the id or of what it does, in any case */
export function listFlows(
  deps: Pick<Deps, "store">,
  { unused, text }: { readonly unused: boolean; readonly text?: string | undefined },
): Promise<Viewed<FlowList>> {
  return viewLive<FlowList>(deps, ({ office }) => {
    const uses = usesOfFlows(office);
    const wanted = text?.toLowerCase() ?? "";
    const flows = Object.entries(office.flows)
      .map(([id, steps]) => ({ id, does: stepsText(steps), ledFrom: uses.get(id) ?? [] }))
      .filter(({ ledFrom }) => !unused || ledFrom.length === 0)
      .filter(({ id, does }) => `${id} ${does}`.toLowerCase().includes(wanted));
    return { outcome: "listed", flows };
  });
}

/** Everything the live office says of one flow. */
export function showFlow(deps: Pick<Deps, "store">, id: string): Promise<Viewed<AboutFlow | NotFound>> {
  return viewLive<AboutFlow | NotFound>(deps, (live) => flowIn(live, id, usesOfFlows(live.office)));
}

/** The same of an office that is in memory. @param uses of its flows */
export function flowIn(live: Live, id: string, uses: ReturnType<typeof usesOfFlows>): AboutFlow | NotFound {
  const { office } = live;
  const flow = Object.hasOwn(office.flows, id) ? office.flows[id] : undefined;
  if (flow === undefined) return { outcome: "not_found", reason: noSuchFlow(office, id).reason };
  return {
    outcome: "shown",
    id,
    steps: exportSteps(flow),
    flow,
    ledFrom: uses.get(id) ?? [],
    drift: driftOf(live, "flows", id),
  };
}
