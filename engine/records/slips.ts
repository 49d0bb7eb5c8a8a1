/** Names that were mistyped: which one of the office is meant where no call has the name that was asked for. */
import type { Office } from "../../policy/office/office.js";
import { suggest } from "../../policy/office-file/suggest.js";
import type { CallFilter } from "../../storage/records/filter.js";
import type { Store } from "../../storage/store.js";

/** The name of the office that resembles this one; undefined: the office has this one, or none is like it. */
export function nearestName(kind: string, name: string, office: Office): string | undefined {
  const names = namesOf(kind, office);
  return names.includes(name) ? undefined : suggest(name, names);
}

function namesOf(kind: string, { users, groups, carriers, numbers }: Office): readonly string[] {
  if (kind === "user") return users.map(({ username }) => username);
  if (kind === "group") return groups.map(({ id }) => id);
  if (kind === "carrier") return carriers.map(({ id }) => id);
  return kind === "number" ? numbers.map(({ number }) => number) : [];
}

/** Why there may be no calls of those that were asked for; undefined: nothing says why. */
export async function whyNoCalls(store: Store, filter: CallFilter): Promise<string | undefined> {
  const office = await store.loadOffice();
  if (office === undefined) return undefined;
  return (await unknownName(store, filter, office)) ?? byExtension(filter.called, office);
}

/**
 * The first name that neither the office nor any call has. Users who are gone have had calls: a name is only called unknown where
 * no call has it.
 */
export async function unknownName(
  store: Store,
  filter: CallFilter,
  known?: Office,
): Promise<string | undefined> {
  const office = known ?? (await store.loadOffice());
  if (office === undefined) return undefined;
  for (const kind of ["user", "group", "carrier"] as const) {
    const name = filter[kind];
    if (name === undefined || namesOf(kind, office).includes(name)) continue;
    const { calls } = await store.records.list({ [kind]: name }, { limit: 1 });
    if (calls.length > 0) continue;
    const meant = nearestName(kind, name, office);
    return `there is no ${kind} \`${name}\`${meant === undefined ? "" : `; did you mean ${meant}?`}`;
  }
  return undefined;
}

/** Most callers reach an extension by a number, a group or a menu, and have called another number then. */
function byExtension(called: string | undefined, { users, groups }: Office): string | undefined {
  if (called === undefined) return undefined;
  const user = users.find(({ extension }) => extension === called)?.username;
  if (user !== undefined) return otherwise(called, `--user ${user}`);
  const group = groups.find(({ extension }) => extension === called)?.id;
  return group === undefined ? undefined : otherwise(called, `--group ${group}`);
}

function otherwise(called: string, option: string): string {
  return `none to ${called} itself; ${option} finds calls that came to that extension another way`;
}
