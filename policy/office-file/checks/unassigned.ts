/** Finds numbers that lead nowhere, and users who call outside without a number to show. */
import { type Problem, under } from "../problem.js";
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

/**
 * Users who may call outside by name, and for whom the office has no number: the carrier sees an extension. Without that
 * permission such users cannot call outside at all (`office/permission.ts`).
 */
export function checkShown({ office: [office], users, carriers }: Entries): Problem[] {
  const shown = office?.fields.outside_caller_id ?? "caller";
  const isFixed = shown !== "caller" && shown !== "called";
  // Such carriers show their own account, whoever calls.
  const hasAccounts = carriers.every(({ fields }) => fields.from_user !== undefined);
  if (isFixed || hasAccounts) return [];
  return users.flatMap(({ id, fields, at }): Problem[] => {
    if (fields.permissions?.outside_calls !== true || fields.outbound_number !== undefined) return [];
    if (fields.suspended === true || fields.hide_number === true) return [];
    return [
      {
        severity: "warning",
        code: "no_number_shown",
        message: `calls outside of \`${id}\` show an extension, which is no number of a carrier`,
        at: under(under(at, "permissions", "value"), "outside_calls", "value"),
        expected: "an outbound_number of the user, or a number of the office as outside_caller_id",
      },
    ];
  });
}
