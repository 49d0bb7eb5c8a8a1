/**
 * How entities are stored in their tables: the key in a column, the rest as JSON with sorted keys, so that equal
 * entities are equal texts.
 */
import type { EntityKind, EntityTypes } from "../policy/office/entities.js";

/** The field that is stored as the key column and not in the body; settings, flows and sections have no such field. */
export const KEY_FIELDS: { readonly [K in EntityKind]: string | undefined } = {
  settings: undefined,
  carriers: "id",
  users: "username",
  groups: "id",
  flows: undefined,
  numbers: "number",
  sections: undefined,
};

/** The table of a kind, quoted: GROUPS is also a word of SQL. */
export function tableOf(kind: EntityKind): string {
  return `"${kind}"`;
}

/** An entity with its key. */
export type Keyed<K extends EntityKind> = { readonly key: string; readonly value: EntityTypes[K] };

/** Decodes an item of a page of `read.ts`: a whole entity, or a pair [key, value] if the value has no field for its key. */
export function decodeEntity<K extends EntityKind>(kind: K, item: unknown): Keyed<K> {
  const field = KEY_FIELDS[kind];
  // The body was written by encodeBody from a value of this type, which the schema version guarantees.
  if (field !== undefined)
    return { key: (item as Record<string, string>)[field] ?? "", value: item as never };
  const [key, value] = item as [string, EntityTypes[K]];
  return { key, value };
}

/** Encodes an entity without its key. */
export function encodeBody(kind: EntityKind, value: unknown): string {
  return canonicalJson(value, KEY_FIELDS[kind]);
}

/**
 * `JSON.stringify` for plain data, with the keys of every object sorted. Several times faster than a replacer, which
 * matters when a million entities are compared to find a single change.
 * @param without a key of the outermost object to leave out
 */
function canonicalJson(value: unknown, without?: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  // Joined, not concatenated: V8 keeps a concatenated text as its pieces, in many times the memory.
  const fields: string[] = [];
  for (const { key, quoted } of sortedKeys(value)) {
    const field = (value as Record<string, unknown>)[key];
    if (field !== undefined && key !== without) fields.push(quoted, ":", canonicalJson(field), ",");
  }
  fields.pop();
  return `{${fields.join("")}}`;
}

interface SortedKey {
  readonly key: string;
  readonly quoted: string;
}

/** Sorted keys by the keys in their order of insertion: an office has few kinds of objects, and many of each. */
const SORTED = new Map<string, readonly SortedKey[]>();
/** Limit of {@link SORTED}: objects whose keys are data must not fill the memory. */
const SORTED_MAX = 1_000;

function sortedKeys(value: object): readonly SortedKey[] {
  const keys = Object.keys(value);
  const shape = keys.join("\n");
  const known = SORTED.get(shape);
  if (known !== undefined) return known;
  const sorted = keys.sort().map((key) => ({ key, quoted: JSON.stringify(key) }));
  if (SORTED.size < SORTED_MAX) SORTED.set(shape, sorted);
  return sorted;
}
