/** Finds numbers that lead nowhere. */
import type { Problem } from "../problem.js";
import type { Entries } from "../read-entries.js";

export function checkUnassigned({ numbers }: Entries): Problem[] {
  return numbers
    .filter(({ fields, steps }) => fields.flow === undefined && steps === undefined)
    .map(({ fields, at }) => ({
      severity: "warning",
      code: "no_flow",
      message: `${fields.number} leads nowhere: its callers hear that the call cannot be completed`,
      at,
      expected: "flow: ID, or steps: a list of steps",
    }));
}
