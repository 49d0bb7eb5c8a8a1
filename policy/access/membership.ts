/** The groups of a user: what is theirs belongs to each of their members, too. */
import { ALL_USERS, BUILT_IN_GROUPS } from "../office/built-in.js";
import type { RoutingTable } from "../routing/table.js";

/** A table never changes, so its members are sorted once. All Users has everybody, and is not in it. */
const KNOWN = new WeakMap<RoutingTable, ReadonlyMap<string, readonly string[]>>();

/** Ids of groups, sorted. All Users is one of them. */
export function groupsOf(username: string, table: RoutingTable): readonly string[] {
  const known = KNOWN.get(table) ?? membersSorted(table);
  KNOWN.set(table, known);
  return [ALL_USERS, ...(known.get(username) ?? [])].sort();
}

function membersSorted(table: RoutingTable): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const id of new Set([...table.groupIds(), ...BUILT_IN_GROUPS])) {
    if (id === ALL_USERS) continue;
    for (const { username } of table.group(id)?.members ?? []) {
      const theirs = groups.get(username);
      if (theirs === undefined) groups.set(username, [id]);
      else theirs.push(id);
    }
  }
  return groups;
}
