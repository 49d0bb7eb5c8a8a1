/** An office with the entities that differ in another revision: cheaper than reading all of a large office anew. */
import { type EntityKind, type EntityTypes, entitiesOf, type OfficeChanges, officeFrom } from "./entities.js";
import type { Office } from "./office.js";

/** The office of the revision to which the changes lead. What has not changed is the same object. */
export function patchedOffice(office: Office, changes: OfficeChanges): Office {
  const before = entitiesOf(office);
  const after = <K extends EntityKind>(kind: K): Entries<K> => merged(before[kind], changes[kind]);
  return officeFrom({
    settings: after("settings"),
    carriers: after("carriers"),
    users: after("users"),
    groups: after("groups"),
    flows: after("flows"),
    numbers: after("numbers"),
    sections: after("sections"),
  });
}

type Entries<K extends EntityKind> = readonly (readonly [key: string, value: EntityTypes[K]])[];

/** In the order of the keys, as the database has them. */
function merged<K extends EntityKind>(entries: Entries<K>, changes: OfficeChanges[K]): Entries<K> {
  if (changes.length === 0) return entries;
  const byKey = new Map(entries);
  let isNew = false;
  for (const { key, value } of changes) {
    isNew ||= value !== undefined && !byKey.has(key);
    if (value === undefined) byKey.delete(key);
    else byKey.set(key, value as EntityTypes[K]);
  }
  const all = [...byKey];
  return isNew ? all.sort(([a], [b]) => (a < b ? -1 : 1)) : all;
}
