/**
 * Changes an entry of an office file by the fields of an edit, as a JSON merge patch (RFC 7396): a field that is named
 * replaces the one before, null takes it away, and what is not named stays. Mappings with fields of their own, such as
 * `voicemail`, are changed the same way; other mappings are one value (`password: { env: NAME }`) and are replaced.
 */
import { z } from "zod";
import type { EditFields } from "./types.js";

/** An entry as a file writes it; its fields are checked later, with the whole office. */
export type Entry = Readonly<Record<string, unknown>>;

/** Fields of which an entry has one or the other: who sets one takes the other away. */
const ALTERNATIVES: readonly (readonly [string, string])[] = [
  ["flow", "steps"],
  ["sip", "phone"],
];

/** @param schema the schema of the entry, which tells the mappings with fields of their own */
export function merge(entry: Entry, fields: EditFields, schema: z.ZodObject): Entry {
  const merged = new Map(Object.entries(entry));
  for (const [name, value] of Object.entries(fields)) {
    const next = value === null ? null : mergedValue(merged.get(name), value, innerSchema(schema, name));
    if (next === null || (isEmpty(next) && !isEmpty(value))) merged.delete(name);
    else merged.set(name, next);
  }
  for (const [one, other] of ALTERNATIVES) {
    if (isSet(fields, one) && !isSet(fields, other) && other in schema.shape) merged.delete(other);
    if (isSet(fields, other) && !isSet(fields, one) && one in schema.shape) merged.delete(one);
  }
  return Object.fromEntries(merged);
}

function mergedValue(before: unknown, value: unknown, schema: z.ZodObject | undefined): unknown {
  if (schema === undefined || !isMapping(value)) return value;
  return merge(isMapping(before) ? before : {}, value, schema);
}

/** The schema of a field that is a mapping with fields of its own; undefined: it is one value. */
function innerSchema(schema: z.ZodObject, name: string): z.ZodObject | undefined {
  const field: unknown = Object.hasOwn(schema.shape, name) ? schema.shape[name] : undefined;
  const inner = field instanceof z.ZodOptional ? field.unwrap() : field;
  return inner instanceof z.ZodObject ? inner : undefined;
}

/** A mapping of which everything was taken away is taken away itself. */
function isEmpty(value: unknown): boolean {
  return isMapping(value) && Object.keys(value).length === 0;
}

function isSet(fields: EditFields, name: string): boolean {
  return (fields[name] ?? undefined) !== undefined;
}

function isMapping(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
