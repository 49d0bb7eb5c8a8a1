/** Says in words that a department of a table may be a group that the office has. */
import type { DepartmentQuestion } from "./people.js";
import type { TableProblem } from "./problems.js";

/** For where nobody can be asked. */
export function questionProblem({ department, group, newId, row, column }: DepartmentQuestion): TableProblem {
  return {
    row,
    column,
    message: `${department} is nearly the group ${group.id} (${group.name}), and may be that group or another`,
    found: JSON.stringify(department),
    expected: `--group '${department}=${group.id}' to join it, --group '${department}=${newId}' for a group of its own, or --group '${department}=-' for none`,
  };
}
