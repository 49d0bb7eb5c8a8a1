/**
 * The edits that would make one office of another. They are not made: they say, in the words of edits, what differs, so that
 * a change that is no list of edits needs the same permissions as one that is.
 */
import { ENTITY_KINDS, type EntityKind, entitiesOf, parseSectionKey } from "../../office/entities.js";
import type { Office } from "../../office/office.js";
import { same } from "../../office/same.js";
import { sectionOf } from "../../office-file/sections.js";
import { differingFields, entityFile, type Fields, isOrder, NAME_KEYS, splitEntity } from "../fields.js";
import { OFFICE_KIND } from "./subjects.js";
import type { Edit, EditFields, EditSubject } from "./types.js";

/** Each entry that comes, goes, or differs; a device and a member of an entry that stays is an edit of its own. */
export function editsBetween(before: Office, after: Office): Edit[] {
  const [was, is] = [entitiesOf(before), entitiesOf(after)];
  return ENTITY_KINDS.flatMap((kind) => {
    const [from, to] = [new Map<string, unknown>(was[kind]), new Map<string, unknown>(is[kind])];
    const keys = [...new Set([...from.keys(), ...to.keys()])];
    return keys.flatMap((key) => entityEdits(kind, key, from.get(key), to.get(key)));
  });
}

/** How edits name the entries of each kind. */
const EDIT_KINDS: Readonly<Record<Exclude<EntityKind, "sections">, string>> = {
  settings: OFFICE_KIND,
  carriers: "carrier",
  users: "user",
  groups: "group",
  flows: "flow",
  numbers: "number",
};

/** An entity as edits name it. */
export function editSubject(kind: EntityKind, key: string): EditSubject {
  if (kind !== "sections") return { kind: EDIT_KINDS[kind], id: kind === "settings" ? "" : key };
  const { section, id } = parseSectionKey(key);
  return { kind: sectionOf(section)?.noun ?? section, id };
}

function entityEdits(kind: EntityKind, key: string, from: unknown, to: unknown): Edit[] {
  if (same(from, to)) return [];
  const subject = editSubject(kind, key);
  if (to === undefined) return [{ verb: "remove", ...subject, options: {} }];
  const file = entityFile(kind, key, to);
  if (from === undefined) return [{ verb: "add", ...subject, fields: withoutName(kind, file) }];
  return fieldEdits(kind, subject, splitEntity(kind, entityFile(kind, key, from)), splitEntity(kind, file));
}

function withoutName(kind: EntityKind, file: EditFields): EditFields {
  return Object.fromEntries(Object.entries(file).filter(([field]) => field !== NAME_KEYS[kind]));
}

/** Parts of an entry, and how edits call them. */
const PARTS: Readonly<Record<string, string>> = { devices: "device", members: "member" };

function fieldEdits(kind: EntityKind, subject: EditSubject, from: Fields, to: Fields): Edit[] {
  const fields: Record<string, unknown> = {};
  const parts: Edit[] = [];
  for (const name of differingFields(kind, from, to)) {
    const [mapping = "", ...rest] = name.split(".");
    const inner = rest.join(".");
    const part = kind === "users" || kind === "groups" ? PARTS[mapping] : undefined;
    if (part !== undefined && inner !== "")
      parts.push(partEdit(part, `${subject.id}/${inner}`, from.get(name), to.get(name)));
    else if (part !== undefined && isOrder(kind, name)) parts.push(...moved(part, subject.id, to.get(name)));
    else if (inner === "") fields[name] = to.get(name) ?? null;
    else fields[mapping] = { ...(fields[mapping] as object | undefined), [inner]: to.get(name) ?? null };
  }
  return Object.keys(fields).length === 0 ? parts : [{ verb: "set", ...subject, fields }, ...parts];
}

function partEdit(kind: string, id: string, from: unknown, to: unknown): Edit {
  if (to === undefined) return { verb: "remove", kind, id, options: {} };
  const file = withoutPartName(kind, to as EditFields);
  if (from === undefined) return { verb: "add", kind, id, fields: file };
  const was = withoutPartName(kind, from as EditFields);
  const differing = [...new Set([...Object.keys(was), ...Object.keys(file)])].filter(
    (field) => !same(was[field], file[field]),
  );
  return {
    verb: "set",
    kind,
    id,
    fields: Object.fromEntries(differing.map((field) => [field, file[field] ?? null])),
  };
}

function withoutPartName(kind: string, file: EditFields): EditFields {
  const name = kind === "device" ? "id" : "user";
  return Object.fromEntries(
    Object.entries(file).filter(([field, value]) => field !== name && value !== undefined),
  );
}

/** Another order, as an edit of the first place. */
function moved(kind: string, owner: string, order: unknown): Edit[] {
  const [first] = (order ?? []) as readonly string[];
  return first === undefined ? [] : [{ verb: "set", kind, id: `${owner}/${first}`, fields: { place: 1 } }];
}
