/**
 * Compares two offices in the words of the office file, by entity and by field in it. Devices and members are compared
 * by their names, steps by their place among each other.
 */

import {
  ENTITY_KINDS,
  type EntityKind,
  entitiesOf,
  type OfficeSettings,
  parseSectionKey,
} from "../office/entities.js";
import type { Carrier, Group, Member, NumberEntry, Office, SectionEntity, User } from "../office/office.js";
import { given } from "../office/optional.js";
import { same } from "../office/same.js";
import {
  exportCarrier,
  exportDevice,
  exportGroup,
  exportMember,
  exportNumber,
  exportSettings,
  exportUser,
} from "../office-file/export.js";
import { sectionOf } from "../office-file/sections.js";
import { kindOf } from "../steps/registry.js";
import type { Step } from "../steps/types.js";
import { stepsText } from "../steps/words.js";
import { type ListChange, type ListItem, listChanges } from "./list-changes.js";
import { type Rename, withRenames } from "./renaming.js";

/** One field that differs; null: that side does not have it. */
export interface FieldChange {
  /** As in the file; a field of a device is written `devices.cell.delay`. */
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
  /** Of a list that both sides have, such as members or steps: what was added, removed, moved or changed. */
  readonly items?: readonly ListChange[];
}

export interface EntityDifference {
  readonly kind: EntityKind;
  readonly key: string;
  readonly change: "added" | "removed" | "changed";
  /** The id of a group or flow before it was renamed; `change` is `changed` then, also without any field. */
  readonly renamedFrom?: string;
  /** For `added` and `removed`: all fields of the entity. */
  readonly fields: readonly FieldChange[];
}

/** A field in words; a list also has the words of each item. */
interface Described {
  readonly text: string;
  readonly items?: readonly ListItem[];
}

type Fields = ReadonlyMap<string, Described>;

/**
 * Every entity that differs, by kind, in the order of the keys; empty when the offices are equal.
 * @param renames what has another id in `after`, all at once
 */
export function diffOffices(
  before: Office | undefined,
  after: Office | undefined,
  renames: readonly Rename[] = [],
): EntityDifference[] {
  const old = before === undefined ? undefined : entitiesOf(withRenames(before, renames));
  const now = after === undefined ? undefined : entitiesOf(after);
  const carriers = { from: carrierIds(before), to: carrierIds(after) };
  return ENTITY_KINDS.flatMap((kind) => {
    const from = new Map<string, unknown>(old?.[kind] ?? []);
    const to = new Map<string, unknown>(now?.[kind] ?? []);
    const keys = [...new Set([...from.keys(), ...to.keys()])].sort();
    return keys
      .flatMap((key) => diffEntity({ kind, key }, from.get(key), to.get(key), renames))
      .map((each) => (each.kind === "settings" ? withCarriers(each, carriers) : each));
  });
}

function carrierIds(office: Office | undefined): readonly string[] {
  return office?.carriers.map(({ id }) => id) ?? [];
}

/** An order that need not be said, since it is that of the ids, is an order all the same. */
function withCarriers(
  difference: EntityDifference,
  { from, to }: { readonly from: readonly string[]; readonly to: readonly string[] },
): EntityDifference {
  const described = (ids: readonly string[]): Described | undefined =>
    ids.length === 0 ? undefined : { text: ids.join(", "), items: ids.map((text) => ({ text, like: text })) };
  const fields = difference.fields.map((field) =>
    field.field === "carriers" ? fieldChange("carriers", described(from), described(to)) : field,
  );
  return difference.change === "changed" ? { ...difference, fields } : difference;
}

function diffEntity(
  { kind, key }: Pick<EntityDifference, "kind" | "key">,
  from: unknown,
  to: unknown,
  renames: readonly Rename[],
): EntityDifference[] {
  // Describing takes a hundred times as long, and most entities of a large office are as they were.
  if (renames.length === 0 && same(from, to)) return [];
  const left: Fields = from === undefined ? new Map() : describe(kind, key, from);
  const right: Fields = to === undefined ? new Map() : describe(kind, key, to);
  const names = [...new Set([...left.keys(), ...right.keys()])];
  const fields = names
    .map((field) => fieldChange(field, left.get(field), right.get(field)))
    .filter((field) => field.from !== field.to);
  if (from === undefined) return [{ kind, key, change: "added", fields }];
  if (to === undefined) return [{ kind, key, change: "removed", fields }];
  const renamedFrom = renames.find((rename) => isOf(rename, kind) && rename.to === key)?.from;
  const all = kind === "users" ? [...renamedDevices(renames, key), ...fields] : fields;
  if (all.length === 0 && renamedFrom === undefined) return [];
  return [{ kind, key, change: "changed", ...given({ renamedFrom }), fields: all }];
}

function fieldChange(field: string, from: Described | undefined, to: Described | undefined): FieldChange {
  const change = { field, from: from?.text ?? null, to: to?.text ?? null };
  if (from?.items === undefined || to?.items === undefined || from.text === to.text) return change;
  return { ...change, items: listChanges(from.items, to.items) };
}

function isOf(rename: Rename, kind: EntityKind): boolean {
  return (rename.kind === "group" && kind === "groups") || (rename.kind === "flow" && kind === "flows");
}

function renamedDevices(renames: readonly Rename[], username: string): FieldChange[] {
  return renames.flatMap((rename) =>
    rename.kind === "device" && rename.username === username
      ? [{ field: `devices.${rename.to}.id`, from: rename.from, to: rename.to }]
      : [],
  );
}

/** An entity as a flat list of fields and short texts. */
function describe(kind: EntityKind, key: string, value: unknown): Fields {
  switch (kind) {
    case "settings":
      return describeSettings(value as OfficeSettings);
    case "carriers":
      return plainFields(exportCarrier(value as Carrier));
    case "users":
      return describeUser(value as User);
    case "groups":
      return describeGroup(value as Group);
    case "flows":
      return new Map([["steps", describeSteps(value as readonly Step[])]]);
    case "numbers":
      return describeNumber(value as NumberEntry);
    case "sections":
      return describeEntry(parseSectionKey(key).section, value as SectionEntity);
  }
}

/** The kind of a step tells a step that was changed from another step. */
function describeSteps(steps: readonly Step[]): Described {
  return {
    text: stepsText(steps),
    items: steps.map((step) => ({ text: kindOf(step).words(step), like: step.kind })),
  };
}

function describeMembers(members: readonly Member[]): Described {
  const names = members.map(({ username }) => username);
  return { text: names.join(", "), items: names.map((text) => ({ text, like: text })) };
}

function describeSettings(settings: OfficeSettings): Fields {
  // Calls outside try the carriers in this order.
  const { carrierOrder: carriers } = settings;
  return plainFields({ ...exportSettings(settings), ...given({ carriers }) });
}

function describeUser(user: User): Map<string, Described> {
  const { devices: _devices, no_answer: _steps, ...plain } = exportUser(user);
  return new Map([
    ...plainFields(plain),
    ...user.devices.flatMap((device) => {
      const { id, ...fields } = exportDevice(device);
      return prefixed(`devices.${id}`, fields);
    }),
    ["no_answer", describeSteps(user.flow)],
  ]);
}

function describeGroup(group: Group): Map<string, Described> {
  const { members: _members, no_answer: _steps, ...plain } = exportGroup(group);
  return new Map([
    ...plainFields(plain),
    // The order of members matters for the strategies in_order and rotating.
    ["members", describeMembers(group.members)],
    ...group.members.flatMap((member) => {
      const { user, ...fields } = exportMember(member);
      return prefixed(`members.${user}`, fields);
    }),
    ["no_answer", describeSteps(group.flow)],
  ]);
}

function describeNumber(entry: NumberEntry): Map<string, Described> {
  const { number: _number, steps: _steps, ...plain } = exportNumber(entry);
  return new Map([
    ...plainFields(plain),
    ...(entry.leadsTo?.kind === "steps" ? [["steps", describeSteps(entry.leadsTo.steps)] as const] : []),
  ]);
}

/** A revision may hold entries of a section that this version does not know; those are shown as they are stored. */
function describeEntry(key: string, entity: SectionEntity): Map<string, Described> {
  const section = sectionOf(key);
  if (section?.fields !== undefined)
    return new Map(Object.entries(section.fields(entity)).map(([name, text]) => [name, { text }]));
  const { id: _id, ...plain } = section === undefined ? entity : section.write(entity);
  return plainFields(plain);
}

function prefixed(prefix: string, fields: object): [string, Described][] {
  return [...plainFields(fields)].map(([name, text]) => [`${prefix}.${name}`, text]);
}

function plainFields(fields: object): Map<string, Described> {
  return new Map(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, { text: fieldText(value) }]),
  );
}

/** As the file writes it, without its punctuation: `env CARRIER_PASSWORD`. */
function fieldText(value: unknown): string {
  if (Array.isArray(value)) return value.map(fieldText).join(", ");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .map(([name, part]) => `${name} ${fieldText(part)}`)
    .join(", ");
}
