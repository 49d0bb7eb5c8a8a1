/**
 * An office as single entities by kind and key: the grain in which it is stored, compared between revisions,
 * and changed in a running routing table.
 */

import type { Step } from "../steps/types.js";
import type { CallerIdMode, Carrier, Group, NumberEntry, Office, User } from "./office.js";

/** What is said once about the whole office. */
export interface OfficeSettings {
  readonly name: string;
  readonly country: string;
  readonly timezone: string;
  readonly outsideCallerId: CallerIdMode;
  /** Left out: those of the country (`emergency.ts`). */
  readonly emergencyNumbers?: readonly string[];
}

/** What an entity of each kind is. */
export interface EntityTypes {
  readonly settings: OfficeSettings;
  readonly carriers: Carrier;
  readonly users: User;
  readonly groups: Group;
  readonly flows: readonly Step[];
  readonly numbers: NumberEntry;
}
export type EntityKind = keyof EntityTypes;
export const ENTITY_KINDS = ["settings", "carriers", "users", "groups", "flows", "numbers"] as const;

/** The settings are one entity; this is its key. */
export const SETTINGS_KEY = "office";

/** One entity as it is now; undefined: it is gone. */
export interface EntityChange<K extends EntityKind> {
  readonly key: string;
  readonly value: EntityTypes[K] | undefined;
}
export type OfficeChanges = { readonly [K in EntityKind]: readonly EntityChange<K>[] };

/** No changes of any kind. */
export const NO_CHANGES: OfficeChanges = {
  settings: [],
  carriers: [],
  users: [],
  groups: [],
  flows: [],
  numbers: [],
};

/** How many entities a set of changes touches. */
export function countChanges(changes: OfficeChanges): number {
  return ENTITY_KINDS.reduce((sum, kind) => sum + changes[kind].length, 0);
}

/** What an office says once about all of it. */
export function settingsOf(office: OfficeSettings): OfficeSettings {
  const { name, country, timezone, outsideCallerId, emergencyNumbers } = office;
  return {
    name,
    country,
    timezone,
    outsideCallerId,
    // Only there when it is said, so that equal settings are equal texts.
    ...(emergencyNumbers === undefined ? {} : { emergencyNumbers }),
  };
}

/** Every entity of an office, by kind, in the office's order. */
export function entitiesOf(office: Office): {
  readonly [K in EntityKind]: readonly (readonly [string, EntityTypes[K]])[];
} {
  return {
    settings: [[SETTINGS_KEY, settingsOf(office)]],
    carriers: office.carriers.map((carrier) => [carrier.id, carrier]),
    users: office.users.map((user) => [user.username, user]),
    groups: office.groups.map((group) => [group.id, group]),
    flows: Object.entries(office.flows),
    numbers: office.numbers.map((number) => [number.number, number]),
  };
}
