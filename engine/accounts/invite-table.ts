/** A table of people to invite: users of the office, named by a column of usernames or of e-mail addresses. */
import type { User } from "../../policy/office/office.js";
import type { Grid, GridRow } from "../office/tables/grid.js";
import { cleanText } from "../office/tables/grid.js";
import { fieldOf } from "../office/tables/headings.js";
import { gridsOf } from "../office/tables/read-table.js";
import { sameAddress } from "./people.js";

export interface TableFault {
  /** As a spreadsheet counts, from 1. */
  readonly row: number;
  readonly reason: string;
}

export type InviteTable =
  | { readonly outcome: "table_read"; readonly usernames: readonly string[] }
  | { readonly outcome: "table_refused"; readonly faults: readonly TableFault[] };

/** More faults say nothing new. */
const FAULTS_MAX = 50;
const PEOPLE_MAX = 20_000;

type Column = { readonly index: number; readonly field: "username" | "email" };

export async function readInviteTable(bytes: Uint8Array, users: readonly User[]): Promise<InviteTable> {
  const read = await gridsOf(bytes, (cells) => cells.filter((cell) => columnOf(cell) !== undefined).length);
  if (!read.ok) return refused([{ row: read.row, reason: read.reason }]);
  for (const grid of read.grids) {
    const found = headingIn(grid);
    if (found !== undefined) return usernamesIn(grid.rows.slice(found.at + 1), found.column, users);
  }
  return refused([{ row: 1, reason: "no column is named `Username` or `E-mail`" }]);
}

/** People write titles above their tables. */
const HEADING_ROWS_MAX = 20;

function headingIn({ rows }: Grid): { readonly at: number; readonly column: Column } | undefined {
  for (const [at, { cells }] of rows.slice(0, HEADING_ROWS_MAX).entries()) {
    const columns = cells.flatMap((cell, index): Column[] => {
      const field = columnOf(cell);
      return field === undefined ? [] : [{ index, field }];
    });
    const column = columns.find(({ field }) => field === "username") ?? columns[0];
    if (column !== undefined) return { at, column };
  }
  return undefined;
}

function columnOf(heading: string): Column["field"] | undefined {
  const field = fieldOf("users", heading);
  return field === "username" || field === "email" ? field : undefined;
}

function usernamesIn(
  rows: readonly GridRow[],
  { index, field }: Column,
  users: readonly User[],
): InviteTable {
  const byName = new Map<string, readonly string[]>();
  for (const { username, email } of users) {
    const key = field === "username" ? username : sameAddress(email ?? "");
    byName.set(key, [...(byName.get(key) ?? []), username]);
  }
  const usernames = new Set<string>();
  const faults: TableFault[] = [];
  for (const { row, cells } of rows) {
    const text = sameAddress(cleanText(cells[index] ?? ""));
    if (text === "") continue;
    const found = byName.get(text) ?? [];
    const [username] = found;
    if (username !== undefined && found.length === 1) usernames.add(username);
    else if (username === undefined) faults.push({ row, reason: `nobody of the office is \`${text}\`` });
    else
      faults.push({ row, reason: `\`${text}\` is the address of ${found.join(" and ")}; name one of them` });
  }
  if (usernames.size > PEOPLE_MAX) faults.push({ row: 1, reason: `more than ${PEOPLE_MAX} people` });
  if (faults.length > 0) return refused(faults.slice(0, FAULTS_MAX));
  return usernames.size === 0
    ? refused([{ row: 1, reason: "the table names nobody" }])
    : { outcome: "table_read", usernames: [...usernames] };
}

function refused(faults: readonly TableFault[]): InviteTable {
  return { outcome: "table_refused", faults };
}
