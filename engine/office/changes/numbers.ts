/**
 * Adds numbers, says where calls to them go, and takes them out of the office. Nobody needs to know of flows for that:
 * the flow that belongs to the number is changed or made, and the result says what became of it.
 */
import type { Edit } from "../../../policy/change/edits/types.js";
import {
  type NumberEdits,
  type NumberOrder,
  type NumberRemark,
  numberAdded,
  numberSet,
  numbersRemoved,
} from "../../../policy/change/routes/number-edits.js";
import type { Office } from "../../../policy/office/office.js";
import type { Deps } from "../../use-case.js";
import { type AboutNumber, showNumber } from "../views/numbers.js";
import type { ChangeRequest } from "./change.js";
import { editOfficeBy, type OfficeEdited } from "./edits.js";

/** Only where the change was made, or planned. */
export interface NumberNews {
  /** What became of a flow. */
  readonly remarks?: readonly NumberRemark[];
  /** The number as it is now; left out: it is planned, or gone. */
  readonly about?: AboutNumber;
}

export type NumberChanged = OfficeEdited & NumberNews;

export function addNumber(deps: Deps, request: ChangeRequest, order: NumberOrder): Promise<NumberChanged> {
  return change(deps, request, (live) => numberAdded(live, order));
}

export function setNumber(deps: Deps, request: ChangeRequest, order: NumberOrder): Promise<NumberChanged> {
  const { number, fields, route, steps } = order;
  const about = [{ verb: "set", kind: "number", id: number, fields: { ...fields, route, steps } }] as const;
  return change(deps, request, (live) => numberSet(live, order), about);
}

export function removeNumbers(
  deps: Deps,
  request: ChangeRequest,
  numbers: readonly string[],
): Promise<NumberChanged> {
  return change(deps, request, (live) => numbersRemoved(live, numbers));
}

async function change(
  deps: Deps,
  request: ChangeRequest,
  order: (live: Office) => NumberEdits | ReturnType<typeof numbersRemoved>,
  about?: readonly Edit[],
): Promise<NumberChanged> {
  let remarks: readonly NumberRemark[] = [];
  let number: string | undefined;
  const editsOf = (live: Office) => {
    const made = order(live);
    if (!made.ok) return made;
    remarks = made.remarks;
    if ("number" in made) number = made.number;
    return made.edits;
  };
  const ended = await editOfficeBy(deps, request, Object.assign(editsOf, about && { about }));
  switch (ended.outcome) {
    case "planned":
      return { ...ended, remarks };
    case "applied":
    case "unchanged": {
      const about = number === undefined ? undefined : await showNumber(deps, number);
      return { ...ended, remarks, ...(about?.outcome === "shown" ? { about } : {}) };
    }
    default:
      return ended;
  }
}
