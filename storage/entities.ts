/**
 * How entities stand in their tables: the key in its column, everything else as JSON with sorted keys, so
 * that equal entities are equal texts.
 */
import type { EntityKind, EntityTypes } from "../policy/office/entities.js";

/** The field that is the key column and not part of the body; settings, flows and sections have none. */
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

/** From a page of `read.ts`: a whole entity, or a pair of key and value where the value has no place for it. */
export function decodeEntity<K extends EntityKind>(kind: K, item: unknown): Keyed<K> {
  const field = KEY_FIELDS[kind];
  // Written by encodeBody from a value of this very type; the schema version says so.
  if (field !== undefined)
    return { key: (item as Record<string, string>)[field] ?? "", value: item as never };
  const [key, value] = item as [string, EntityTypes[K]];
  return { key, value };
}

/** The text of an entity, without its key. */
export function encodeBody(kind: EntityKind, value: unknown): string {
  return canonicalJson(value, KEY_FIELDS[kind]);
}

/**
 * What `JSON.stringify` makes of plain data, with the keys of every object in the order of the alphabet; several times
 * faster than with a replacer, which matters where a million entities are compared to find the one that has changed.
 * @param without a key of the outermost object that is left out
 */
function canonicalJson(value: unknown, without?: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  // Joined, and not added up: a text put together bit by bit is kept as its bits, in many times the memory.
  const fields: string[] = [];
  for (const { key, quoted } of sortedKeys(value)) {
    const field = (value as Record<string, unknown>)[key];
    if (field !== undefined && key !== without) fields.push(quoted, ":", canonicalJson(field), ",");
  }
  fields.pop();
  return `{${fields.join("")}}`;
}

/** Whether two values are the same plain data; a key without a value is no key. */
export function isSameData(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => isSameData(item, b[index]));
  }
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key in left) if (!isSameData(left[key], right[key])) return false;
  for (const key in right) if (right[key] !== undefined && left[key] === undefined) return false;
  return true;
}

interface SortedKey {
  readonly key: string;
  readonly quoted: string;
}

/** By the keys as they stand: an office has few kinds of objects, and many of each. */
const SORTED = new Map<string, readonly SortedKey[]>();
/** Objects whose keys are data must not fill the memory. */
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
