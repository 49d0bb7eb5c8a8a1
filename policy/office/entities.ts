/**
 * Splits an office into single entities by kind and key. Storage keeps entities, revisions are compared by entity, and
 * a running routing table is changed by entity.
 */

import type { SignInSettings } from "../accounts/session-life.js";
import type { OutsideCalls } from "../outside/settings.js";
import type { Step } from "../steps/types.js";
import type {
  CallerIdMode,
  Carrier,
  EmergencySettings,
  Group,
  NumberEntry,
  Office,
  SectionEntity,
  User,
} from "./office.js";
import { given } from "./optional.js";
import type { RecordKeeping } from "./record-keeping.js";

/** The settings that concern the whole office. */
export interface OfficeSettings {
  readonly name: string;
  readonly country: string;
  readonly timezone: string;
  readonly outsideCallerId: CallerIdMode;
  /** Left out: the country's emergency numbers (`emergency.ts`). */
  readonly emergencyNumbers?: readonly string[];
  readonly emergency?: EmergencySettings;
  readonly outsideCalls?: OutsideCalls;
  readonly records?: RecordKeeping;
  /** A user's phones sign in only while the user has an account, that is, has followed the invitation. */
  readonly phonesNeedAccount?: true;
  readonly signIn?: SignInSettings;
  /**
   * The ids of the carriers in the order in which calls outside try them. Left out: the order of the ids. An office has
   * its carriers in order instead (`carriersInOrder`).
   */
  readonly carrierOrder?: readonly string[];
}

/** The type of an entity of each kind. */
export interface EntityTypes {
  readonly settings: OfficeSettings;
  readonly carriers: Carrier;
  readonly users: User;
  readonly groups: Group;
  readonly flows: readonly Step[];
  readonly numbers: NumberEntry;
  /** Entries of sections such as `schedules` and `plans`, under the keys of {@link sectionKey}. */
  readonly sections: SectionEntity;
}
export type EntityKind = keyof EntityTypes;
export const ENTITY_KINDS = [
  "settings",
  "carriers",
  "users",
  "groups",
  "flows",
  "numbers",
  "sections",
] as const;

/** The settings are one entity; this is its key. */
export const SETTINGS_KEY = "office";

/** The key of an entry of a section: `schedules:practice`. */
export function sectionKey(section: string, id: string): string {
  return `${section}:${id}`;
}

/** The inverse of {@link sectionKey}. */
export function parseSectionKey(key: string): { readonly section: string; readonly id: string } {
  const colon = key.indexOf(":");
  return { section: key.slice(0, colon), id: key.slice(colon + 1) };
}

/** How people are shown an entity: the name of its section in a file, and the entity's own name there. */
export function shownAs(kind: EntityKind, key: string): { readonly section: string; readonly id: string } {
  if (kind === "sections") return parseSectionKey(key);
  return { section: kind === "settings" ? SETTINGS_KEY : kind, id: key };
}

/** The sections of an office, from their entries by key; an empty object when there is no entry. */
export function sectionsOf(
  entries: Iterable<readonly [key: string, entity: SectionEntity]>,
): Pick<Office, "sections"> {
  const sections: Record<string, SectionEntity[]> = {};
  for (const [key, entity] of [...entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { section } = parseSectionKey(key);
    sections[section] ??= [];
    sections[section].push(entity);
  }
  return Object.keys(sections).length === 0 ? {} : { sections };
}

/** One entity as it is now; undefined: it was removed. */
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
  sections: [],
};

/** How many entities a set of changes touches. */
export function countChanges(changes: OfficeChanges): number {
  return ENTITY_KINDS.reduce((sum, kind) => sum + changes[kind].length, 0);
}

/** The settings of an office, without its entities. */
export function settingsOf(office: OfficeSettings): OfficeSettings {
  const { name, country, timezone, outsideCallerId, emergencyNumbers, emergency, outsideCalls } = office;
  const { records, phonesNeedAccount, signIn } = office;
  return {
    name,
    country,
    timezone,
    outsideCallerId,
    // The key is left out when there is nothing to say, so that equal settings are equal texts.
    ...given({ emergencyNumbers, emergency, outsideCalls, records, phonesNeedAccount, signIn }),
  };
}

/** Carriers in the order that the settings say; those that the settings do not name come last, in the order of their ids. */
export function carriersInOrder(
  carriers: Iterable<Carrier>,
  { carrierOrder = [] }: Pick<OfficeSettings, "carrierOrder">,
): Carrier[] {
  const places = new Map(carrierOrder.map((id, place) => [id, place]));
  const placeOf = ({ id }: Carrier) => places.get(id) ?? places.size;
  return [...carriers].sort((a, b) => placeOf(a) - placeOf(b) || (a.id < b.id ? -1 : 1));
}

/** Left out for carriers in the order of their ids, so that equal offices have equal settings. */
function orderOf(carriers: readonly Carrier[]): Pick<OfficeSettings, "carrierOrder"> {
  const ids = carriers.map(({ id }) => id);
  return ids.every((id, place) => place === 0 || (ids[place - 1] ?? "") < id) ? {} : { carrierOrder: ids };
}

/** Every entity of an office, by kind, in the office's order. */
export function entitiesOf(office: Office): OfficeEntities {
  return {
    settings: [[SETTINGS_KEY, { ...settingsOf(office), ...orderOf(office.carriers) }]],
    carriers: office.carriers.map((carrier) => [carrier.id, carrier]),
    users: office.users.map((user) => [user.username, user]),
    groups: office.groups.map((group) => [group.id, group]),
    flows: Object.entries(office.flows),
    numbers: office.numbers.map((number) => [number.number, number]),
    sections: Object.entries(office.sections ?? {}).flatMap(([section, entities]) =>
      entities.map((entity) => [sectionKey(section, entity.id), entity] as const),
    ),
  };
}

/** The entities of an office, by kind, in the order of their keys. */
export type OfficeEntities = {
  readonly [K in EntityKind]: readonly (readonly [key: string, value: EntityTypes[K]])[];
};

/** The office that has these entities. @throws Error when there are no settings: then there is no office */
export function officeFrom(entities: OfficeEntities): Office {
  const [settings] = entities.settings;
  if (settings === undefined) throw new Error("an office has settings");
  const values = <T>(entries: readonly (readonly [string, T])[]): T[] => entries.map(([, value]) => value);
  return {
    ...settingsOf(settings[1]),
    carriers: carriersInOrder(values(entities.carriers), settings[1]),
    users: values(entities.users),
    groups: values(entities.groups),
    flows: Object.fromEntries(entities.flows),
    numbers: values(entities.numbers),
    ...sectionsOf(entities.sections),
  };
}
