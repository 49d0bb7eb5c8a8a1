/**
 * Compares two offices in the words of the office file, by entity and by field in it. Devices and members are compared
 * by their names, flows as a whole.
 */

import {
  ENTITY_KINDS,
  type EntityKind,
  entitiesOf,
  type OfficeSettings,
  parseSectionKey,
} from "../office/entities.js";
import type { Carrier, Group, NumberEntry, Office, SectionEntity, User } from "../office/office.js";
import { given } from "../office/optional.js";
import {
  exportCarrier,
  exportDevice,
  exportGroup,
  exportMember,
  exportNumber,
  exportSettings,
  exportUser,
} from "../office-file/export.js";
import { sectionOf } from "../steps/registry.js";
import type { Step } from "../steps/types.js";
import { stepsText } from "../steps/words.js";

/** One field that differs; null: that side does not have it. */
export interface FieldChange {
  /** As in the file; a field of a device is written `devices.cell.delay`. */
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
}

export interface EntityDifference {
  readonly kind: EntityKind;
  readonly key: string;
  readonly change: "added" | "removed" | "changed";
  /** For `added` and `removed`: all fields of the entity. */
  readonly fields: readonly FieldChange[];
}

/** Every entity that differs, by kind, in the order of the keys; empty when the offices are equal. */
export function diffOffices(before: Office | undefined, after: Office | undefined): EntityDifference[] {
  const old = before === undefined ? undefined : entitiesOf(before);
  const now = after === undefined ? undefined : entitiesOf(after);
  return ENTITY_KINDS.flatMap((kind) => {
    const from = new Map<string, unknown>(old?.[kind] ?? []);
    const to = new Map<string, unknown>(now?.[kind] ?? []);
    const keys = [...new Set([...from.keys(), ...to.keys()])].sort();
    return keys.flatMap((key) => diffEntity(kind, key, from.get(key), to.get(key)));
  });
}

function diffEntity(kind: EntityKind, key: string, from: unknown, to: unknown): EntityDifference[] {
  const left = from === undefined ? new Map<string, string>() : describe(kind, key, from);
  const right = to === undefined ? new Map<string, string>() : describe(kind, key, to);
  const names = [...new Set([...left.keys(), ...right.keys()])];
  const fields = names
    .map((field) => ({ field, from: left.get(field) ?? null, to: right.get(field) ?? null }))
    .filter((field) => field.from !== field.to);
  if (from === undefined) return [{ kind, key, change: "added", fields }];
  if (to === undefined) return [{ kind, key, change: "removed", fields }];
  return fields.length === 0 ? [] : [{ kind, key, change: "changed", fields }];
}

/** An entity as a flat list of fields and short texts. */
function describe(kind: EntityKind, key: string, value: unknown): Map<string, string> {
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
      return new Map([["steps", stepsText(value as readonly Step[])]]);
    case "numbers":
      return describeNumber(value as NumberEntry);
    case "sections":
      return describeEntry(parseSectionKey(key).section, value as SectionEntity);
  }
}

function describeSettings(settings: OfficeSettings): Map<string, string> {
  // Calls outside try the carriers in this order.
  const { carrierOrder: carriers } = settings;
  return plainFields({ ...exportSettings(settings), ...given({ carriers }) });
}

function describeUser(user: User): Map<string, string> {
  const { devices: _devices, no_answer: _steps, ...plain } = exportUser(user);
  return new Map([
    ...plainFields(plain),
    ...user.devices.flatMap((device) => {
      const { id, ...fields } = exportDevice(device);
      return prefixed(`devices.${id}`, fields);
    }),
    ["no_answer", stepsText(user.flow)],
  ]);
}

function describeGroup(group: Group): Map<string, string> {
  const { members: _members, no_answer: _steps, ...plain } = exportGroup(group);
  return new Map([
    ...plainFields(plain),
    // The order of members matters for the strategies in_order and rotating.
    ["members", group.members.map(({ username }) => username).join(", ")],
    ...group.members.flatMap((member) => {
      const { user, ...fields } = exportMember(member);
      return prefixed(`members.${user}`, fields);
    }),
    ["no_answer", stepsText(group.flow)],
  ]);
}

function describeNumber(entry: NumberEntry): Map<string, string> {
  const { number: _number, steps: _steps, ...plain } = exportNumber(entry);
  return new Map([
    ...plainFields(plain),
    ...(entry.leadsTo?.kind === "steps" ? [["steps", stepsText(entry.leadsTo.steps)] as const] : []),
  ]);
}

/** A revision may hold entries of a section that this version does not know; those are shown as they are stored. */
function describeEntry(key: string, entity: SectionEntity): Map<string, string> {
  const section = sectionOf(key);
  if (section?.fields !== undefined) return new Map(Object.entries(section.fields(entity)));
  const { id: _id, ...plain } = section === undefined ? entity : section.write(entity);
  return plainFields(plain);
}

function prefixed(prefix: string, fields: object): [string, string][] {
  return [...plainFields(fields)].map(([name, text]) => [`${prefix}.${name}`, text]);
}

function plainFields(fields: object): Map<string, string> {
  return new Map(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, fieldText(value)]),
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
