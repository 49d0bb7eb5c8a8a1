/**
 * Splits an entity into the fields by which drift is kept, and puts fields together again. Values are in the words of
 * the office file, so that a field has one name for the operator, for the database and for this code.
 *
 * What one field is:
 * - A device (`devices.desk`) or a member (`members.bob.stone`), whole: the office is read so. Two members never depend
 *   on each other, but a delay without its ring time, or a name without `sip` or `phone`, means little by itself.
 * - The order of devices, members and carriers: a field of its own (`devices`, `members`, `carriers`), since adding a
 *   member must not fix the places of all others.
 * - Each setting of `voicemail`, `permissions`, `outside_calls`, `emergency`, `records` and `sign_in` (`voicemail.limit`).
 * - All steps of a flow together: a step means what it means because of the steps before it.
 * - Where a number leads: `flow` and `steps` of a number exclude each other and are one field, `flow`.
 */
import { type EntityKind, type OfficeSettings, parseSectionKey } from "../office/entities.js";
import type { Carrier, Group, NumberEntry, SectionEntity, User } from "../office/office.js";
import { given } from "../office/optional.js";
import { same } from "../office/same.js";
import {
  exportCarrier,
  exportGroup,
  exportNumber,
  exportSettings,
  exportSteps,
  exportUser,
} from "../office-file/export.js";
import { sectionOf } from "../office-file/sections.js";
import type { Step } from "../steps/types.js";

/** The fields of an entity by name; the field that identifies the entity is not among them. */
export type Fields = ReadonlyMap<string, unknown>;

/** An entity as a mapping of the office file; a flow is `{ steps }`, and the settings have the order of the carriers. */
export type EntityFile = Readonly<Record<string, unknown>>;

/** The field that stands for all of an entity: it was added or removed. */
export const WHOLE_ENTITY = "";

/** Where a number leads, whether the file calls it `flow` or `steps`. */
const LEADS_TO = "flow";

/** Lists whose items have names: the key of the list, and the key of the name in an item. */
const NAMED_LISTS: Readonly<Record<string, string>> = { devices: "id", members: "user" };

/** Mappings whose settings do not depend on each other. */
const MAPPINGS: ReadonlySet<string> = new Set([
  "voicemail",
  "permissions",
  "outside_calls",
  "emergency",
  "records",
  "sign_in",
]);

/** The key that identifies an entity in the file; flows and settings have none. */
export const NAME_KEYS: { readonly [K in EntityKind]: string | undefined } = {
  settings: undefined,
  carriers: "id",
  users: "username",
  groups: "id",
  flows: undefined,
  numbers: "number",
  sections: "id",
};

/** An entity as the file writes it. Entries of a section that this version does not know are as they are stored. */
export function entityFile(kind: EntityKind, key: string, entity: unknown): EntityFile {
  switch (kind) {
    case "settings": {
      const settings = entity as OfficeSettings;
      return { ...exportSettings(settings), ...given({ carriers: settings.carrierOrder }) };
    }
    case "carriers":
      return exportCarrier(entity as Carrier);
    case "users":
      return exportUser(entity as User);
    case "groups":
      return exportGroup(entity as Group);
    case "flows":
      return { steps: exportSteps(entity as readonly Step[]) };
    case "numbers":
      return exportNumber(entity as NumberEntry);
    case "sections":
      return (sectionOf(parseSectionKey(key).section)?.write(entity as SectionEntity) ??
        entity) as EntityFile;
  }
}

/** The fields of an entity that is written as the file writes it. */
export function splitEntity(kind: EntityKind, file: EntityFile): Fields {
  const fields = new Map<string, unknown>();
  for (const [key, value] of Object.entries(file)) {
    if (value === undefined || key === NAME_KEYS[kind]) continue;
    for (const [name, part] of splitField(kind, key, value)) fields.set(name, part);
  }
  return fields;
}

function splitField(kind: EntityKind, key: string, value: unknown): [name: string, part: unknown][] {
  const nameKey = isNamedList(kind, key) ? NAMED_LISTS[key] : undefined;
  if (nameKey !== undefined) {
    const items = (value as readonly EntityFile[]).map((item) => [String(item[nameKey]), item] as const);
    return [
      [key, items.map(([name]) => name)],
      ...items.map(([name, item]): [string, unknown] => [`${key}.${name}`, item]),
    ];
  }
  if (MAPPINGS.has(key)) {
    const settings = Object.entries(value as object).filter(([, each]) => each !== undefined);
    // An empty mapping is more than none: `voicemail: {}` gives a mailbox its own settings, all default.
    if (settings.length === 0) return [[key, {}]];
    return settings.map(([name, each]) => [`${key}.${name}`, each]);
  }
  return [[kind === "numbers" && key === "steps" ? LEADS_TO : key, value]];
}

function isNamedList(kind: EntityKind, key: string): boolean {
  return (kind === "users" || kind === "groups") && Object.hasOwn(NAMED_LISTS, key);
}

/** Whether a field is the order of a list whose items are fields of their own. */
export function isOrder(kind: EntityKind, field: string): boolean {
  return isNamedList(kind, field) || (kind === "settings" && field === "carriers");
}

/** The inverse of {@link splitEntity}; the order of a named list names all its items. */
export function joinEntity(kind: EntityKind, key: string, fields: Fields): EntityFile {
  const nameKey = NAME_KEYS[kind];
  const id = kind === "sections" ? parseSectionKey(key).id : key;
  const file: Record<string, unknown> = {};
  if (nameKey !== undefined) file[nameKey] = id;
  for (const [field, value] of fields) joinField(file, kind, fields, field, value);
  return file;
}

function joinField(
  file: Record<string, unknown>,
  kind: EntityKind,
  fields: Fields,
  field: string,
  value: unknown,
): void {
  const [part = "", ...rest] = field.split(".");
  if (isNamedList(kind, part)) {
    if (rest.length > 0) return;
    file[part] = (value as readonly string[]).map((name) => fields.get(`${part}.${name}`));
  } else if (MAPPINGS.has(part)) {
    const before = file[part] as object | undefined;
    file[part] = rest.length === 0 ? (before ?? {}) : { ...before, [rest.join(".")]: value };
  } else if (kind === "numbers" && field === LEADS_TO && typeof value !== "string") file["steps"] = value;
  else file[field] = value;
}

/** The names of the fields that differ, those of the first entity first. */
export function differingFields(kind: EntityKind, from: Fields, to: Fields): string[] {
  const names = new Set([...from.keys(), ...to.keys()]);
  return [...names].filter((name) => differ(kind, from, to, name));
}

/** Whether a field differs. Orders differ only in what both lists have: an item more is a field of its own. */
export function differ(kind: EntityKind, from: Fields, to: Fields, name: string): boolean {
  const [left, right] = [from.get(name), to.get(name)];
  if (!isOrder(kind, name)) return !same(left, right);
  const [before, after] = [orderOf(kind, left, right), orderOf(kind, right, left)];
  const [inBefore, inAfter] = [new Set(before), new Set(after)];
  return !same(
    before.filter((each) => inAfter.has(each)),
    after.filter((each) => inBefore.has(each)),
  );
}

/** A list of names. Carriers whose order no file gives are tried in the order of their ids. */
export function orderOf(kind: EntityKind, list: unknown, other: unknown): readonly string[] {
  const names = (each: unknown) => (each ?? []) as readonly string[];
  return kind === "settings" && list === undefined ? [...names(other)].sort() : names(list);
}
