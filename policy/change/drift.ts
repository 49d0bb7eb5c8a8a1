/**
 * Drift: entities that a command changed and the files do not have so. Applying the files keeps them, unless the
 * operator says otherwise. An entity that is the same in the files and live is no drift any more.
 */
import {
  carriersInOrder,
  ENTITY_KINDS,
  type EntityKind,
  type EntityTypes,
  entitiesOf,
  SETTINGS_KEY,
  sectionsOf,
  settingsOf,
} from "../office/entities.js";
import type { Office } from "../office/office.js";
import { same } from "../office/same.js";

/** A reference to one entity of an office, which may have been removed. */
export interface EntityRef {
  readonly kind: EntityKind;
  readonly key: string;
}

/** The office of the files with the live state of what commands changed, and the list of those entities. */
export interface Reconciled {
  readonly office: Office;
  readonly kept: readonly EntityRef[];
}

/**
 * Replaces what the files say of entities that commands changed by their live state.
 * @param changed entities whose last change was by command
 */
export function keepDrift(files: Office, live: Office, changed: readonly EntityRef[]): Reconciled {
  const wanted = byKind(files);
  const there = byKind(live);
  const kept: EntityRef[] = [];
  for (const { kind, key } of changed) {
    const now = there[kind].get(key);
    if (same(now, wanted[kind].get(key))) continue;
    kept.push({ kind, key });
    if (now === undefined) wanted[kind].delete(key);
    else (wanted[kind] as Map<string, unknown>).set(key, now);
  }
  return kept.length === 0 ? { office: files, kept } : { office: officeOf(wanted), kept };
}

type ByKind = { readonly [K in EntityKind]: Map<string, EntityTypes[K]> };

function byKind(office: Office): ByKind {
  const entities = entitiesOf(office);
  return Object.fromEntries(
    ENTITY_KINDS.map((kind) => [kind, new Map<string, unknown>(entities[kind])]),
  ) as unknown as ByKind;
}

function officeOf(entities: ByKind): Office {
  const settings = entities.settings.get(SETTINGS_KEY);
  if (settings === undefined) throw new Error("an office without settings");
  return {
    ...settingsOf(settings),
    carriers: carriersInOrder(entities.carriers.values(), settings),
    users: inOrder(entities.users),
    groups: inOrder(entities.groups),
    flows: Object.fromEntries([...entities.flows].sort(byKey)),
    numbers: inOrder(entities.numbers),
    ...sectionsOf(entities.sections),
  };
}

function inOrder<T>(entities: ReadonlyMap<string, T>): T[] {
  return [...entities].sort(byKey).map(([, value]) => value);
}

/** By code unit, as everywhere. */
function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}
