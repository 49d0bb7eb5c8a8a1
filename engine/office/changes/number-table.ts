/** Brings the numbers of the live office up to a table: adds those that are new, and changes those that are there. */
import type { Edit } from "../../../policy/change/edits/types.js";
import type { Office } from "../../../policy/office/office.js";
import type { NumberFile } from "../../../policy/office-file/export.js";
import { parseNumberKey } from "../../../policy/routing/block-text.js";
import { RoutingTable } from "../../../policy/routing/table.js";
import { type Deps, NO_OFFICE, orDatabaseFailed } from "../../use-case.js";
import { importFile, targetFinder } from "../tables/import-tables.js";
import type { TableProblem } from "../tables/problems.js";
import type { ChangeRequest } from "./change.js";
import { editOfficeBy, type OfficeEdited } from "./edits.js";
import type { TableRefused, UserTable } from "./user-table.js";

export type NumberTable = Pick<UserTable, "file" | "sheet" | "country" | "columns" | "warn">;

/** The table lists users, and not numbers. */
export interface TableOfUsers {
  readonly outcome: "table_of_users";
}

export type NumberTableApplied =
  | OfficeEdited
  | Exclude<TableRefused, { readonly outcome: "table_of_numbers" | "table_asks" }>
  | TableOfUsers;

/** One revision, or nothing. What a column does not say stays as it is. */
export function applyNumberTable(
  deps: Pick<Deps, "store" | "clock">,
  request: ChangeRequest,
  table: NumberTable,
): Promise<NumberTableApplied> {
  return orDatabaseFailed<NumberTableApplied>(async () => {
    const live = await deps.store.loadOffice();
    if (live === undefined) return NO_OFFICE;
    const read = readNumbers(live, table);
    if ("outcome" in read) return read;
    const name = table.file.name;
    const message = request.message ?? `numbers of the table ${name}`;
    return editOfficeBy(deps, { ...request, message }, (office) => read.map((each) => editOf(each, office)));
  });
}

function readNumbers(
  live: Office,
  { file, sheet, country = live.country, columns, warn }: NumberTable,
): readonly NumberFile[] | Extract<NumberTableApplied, { readonly outcome: `table_${string}` }> {
  if ("unreadable" in file.read) return { outcome: "table_unreadable", reason: file.read.unreadable };
  const routing = RoutingTable.of(live, 0);
  const imported = importFile(file, {
    country,
    columns,
    sheet,
    users: live.users,
    owns: (number) => routing.number(number) !== undefined,
    findTarget: targetFinder([], live),
  });
  for (const warning of imported.warnings) warn?.(warning satisfies TableProblem);
  if (imported.problems.length > 0) return { outcome: "table_faulty", problems: imported.problems };
  return imported.kind === "users" ? { outcome: "table_of_users" } : imported.numbers;
}

function editOf({ number, ...fields }: NumberFile, { country, numbers }: Office): Edit {
  const key = parseNumberKey(number, country) ?? number;
  const isThere = numbers.some((entry) => entry.number === key);
  return { verb: isThere ? "set" : "add", kind: "number", id: key, fields };
}
