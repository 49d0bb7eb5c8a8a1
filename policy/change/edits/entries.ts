/**
 * Edits of whole entries: the office's settings, users, groups, numbers, flows, carriers, and the entries of sections
 * that belong to kinds of steps. All kinds are edited alike; this file knows in what they differ.
 */
import { z } from "zod";
import { builtInGroup } from "../../office/built-in.js";
import { mapped } from "../../office/optional.js";
import { exportGroup } from "../../office-file/export.js";
import { readNumberKey } from "../../office-file/names.js";
import { aOrAn } from "../../office-file/problem.js";
import {
  carrierSchema,
  groupSchema,
  numberSchema,
  officeSchema,
  userSchema,
} from "../../office-file/schema.js";
import { ENTRY_SECTIONS } from "../../office-file/sections.js";
import { suggest } from "../../office-file/suggest.js";
import { notFound, type Refusal, refused, taken } from "../edit.js";
import { AUTO, type Draft } from "./draft.js";
import { type Entry, merge } from "./merge.js";
import { placeIn, takePlace } from "./place.js";
import type { AddEdit, EditFields, EditKind, EditSubject, SetEdit } from "./types.js";

/** In what the entries of one section of a file differ from those of others. */
export interface EntryKind {
  readonly kind: EditKind;
  /** The section's key in the file. */
  readonly section: string;
  /** The field that identifies an entry. */
  readonly key: string;
  readonly schema: z.ZodObject;
  /** The order of the entries means something, so that an edit may give an entry its place. */
  readonly isOrdered?: true;
}

/** A flow has no other field, and no schema of its own in a file. */
const flowSchema = z.strictObject({ steps: z.unknown() });

const ENTRY_KINDS: readonly EntryKind[] = [
  { kind: "user", section: "users", key: "username", schema: userSchema },
  { kind: "group", section: "groups", key: "id", schema: groupSchema },
  { kind: "number", section: "numbers", key: "number", schema: numberSchema },
  { kind: "flow", section: "flows", key: "id", schema: flowSchema },
  { kind: "carrier", section: "carriers", key: "id", schema: carrierSchema, isOrdered: true },
  ...ENTRY_SECTIONS.map(({ key, noun, schema }) => ({ kind: noun, section: key, key: "id", schema })),
];

/** Undefined: it is no kind of whole entries. */
export function entryKindOf(kind: EditKind): EntryKind | undefined {
  return ENTRY_KINDS.find((each) => each.kind === kind);
}

/** How a draft knows an entry: a number in E.164, however it is written. */
export function keyOf(draft: Draft, { kind, id }: EditSubject): string {
  return kind === "number" ? (readNumberKey(id, draft.country) ?? id) : id;
}

/** An entry of the draft. A built-in group is there in every office, mentioned or not. */
export function entryOf(draft: Draft, kind: EntryKind, key: string): Entry | undefined {
  const entry = draft.section(kind.section).get(key);
  return entry ?? (kind.kind === "group" ? mapped(builtInGroup(key), exportGroup) : undefined);
}

export function noEntry(draft: Draft, { kind, section }: EntryKind, id: string): Refusal {
  const meant = suggest(id, draft.section(section).keys());
  return notFound(`there is no ${kind} \`${id}\`${meant === undefined ? "" : `; did you mean ${meant}?`}`);
}

export function addEntry(draft: Draft, kind: EntryKind, edit: AddEdit): Refusal | undefined {
  const key = keyOf(draft, edit);
  if (draft.section(kind.section).has(key)) return taken(`there is ${aOrAn(kind.kind)} \`${key}\` already`);
  if (kind.kind === "group" && builtInGroup(key) !== undefined)
    return taken(`the group \`${key}\` is built in: it is there already`);
  if (kind.kind === "flow" && (edit.fields["steps"] ?? null) === null) return refused("a flow needs `steps`");
  return putEntry(draft, kind, key, { [kind.key]: edit.id }, edit.fields);
}

export function setEntry(draft: Draft, kind: EntryKind, edit: SetEdit): Refusal | undefined {
  const key = keyOf(draft, edit);
  const before = entryOf(draft, kind, key);
  if (before === undefined) return noEntry(draft, kind, edit.id);
  if (kind.kind === "flow" && edit.fields["steps"] === null) return refused("a flow needs `steps`");
  return putEntry(draft, kind, key, before, edit.fields);
}

/** The office's settings. */
export function setOffice(draft: Draft, { fields }: SetEdit): Refusal | undefined {
  draft.office = merge(draft.office, fields, officeSchema);
  return undefined;
}

function putEntry(
  draft: Draft,
  kind: EntryKind,
  key: string,
  before: Entry,
  fields: EditFields,
): Refusal | undefined {
  if (Object.hasOwn(fields, kind.key)) return refused(whyKeyStays(kind));
  if (Object.hasOwn(fields, "renamed_from")) return refused(RENAMED_IN_FILES);
  const section = draft.section(kind.section);
  const count = section.size + (section.has(key) ? 0 : 1);
  const placed = kind.isOrdered ? takePlace(fields, count) : { ok: true as const, fields, place: undefined };
  if (!placed.ok) return placed;
  const unknown =
    kind.kind === "flow" ? Object.keys(placed.fields).find((name) => name !== "steps") : undefined;
  if (unknown !== undefined) return refused(`a flow has no field \`${unknown}\`; it has \`steps\``);
  section.set(key, merge(before, sameExtension(before, placed.fields), kind.schema));
  if (placed.place !== undefined) {
    const entries = placeIn([...section], ([each]) => each === key, placed.place);
    section.clear();
    for (const [each, entry] of entries) section.set(each, entry);
  }
  return undefined;
}

/** `auto` is for those who have no extension: the same edit, made again, changes nothing. */
function sameExtension(before: Entry, fields: EditFields): EditFields {
  if (fields["extension"] !== AUTO || before["extension"] === undefined) return fields;
  return { ...fields, extension: before["extension"] };
}

/** An edit that renames says so by its verb. */
export const RENAMED_IN_FILES = "`renamed_from` is for files: `rename` is an edit of its own";

function whyKeyStays({ kind, key }: EntryKind): string {
  if (kind === "user") return "a username never changes";
  if (kind === "group" || kind === "flow")
    return `\`${key}\` is no field to set: a rename gives a ${kind} another id`;
  return `\`${key}\` of ${aOrAn(kind)} never changes: add another ${kind} and remove this one`;
}
