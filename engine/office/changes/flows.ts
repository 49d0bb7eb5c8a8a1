/** Changes the steps of a named flow, or removes flows. The result says who leads calls there. */
import { type FlowOrder, flowSet } from "../../../policy/change/routes/flow-edits.js";
import type { Deps } from "../../use-case.js";
import { type AboutFlow, showFlow } from "../views/flows.js";
import type { ChangeRequest } from "./change.js";
import { editOfficeBy, type OfficeEdited } from "./edits.js";

/** The flow as it is now; left out: the change was not made, or only planned. */
export type FlowChanged = OfficeEdited & { readonly about?: AboutFlow };

export async function setFlow(
  deps: Deps,
  request: ChangeRequest,
  id: string,
  order: FlowOrder,
): Promise<FlowChanged> {
  const ended = await editOfficeBy(deps, request, (live) => {
    const set = flowSet(live, id, order);
    return set.ok ? set.edits : set;
  });
  if (ended.outcome !== "applied" && ended.outcome !== "unchanged") return ended;
  const about = await showFlow(deps, id);
  return about.outcome === "shown" ? { ...ended, about } : ended;
}
