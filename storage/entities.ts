/**
 * How entities stand in their tables: the key in its column, everything else as JSON with sorted keys, so
 * that equal entities are equal texts.
 */
import { ENTITY_KINDS, type EntityKind, type EntityTypes, entitiesOf } from "../policy/entities.js";
import type { Office } from "../policy/office.js";

/** The field that is the key column and not part of the body; settings and flows have none. */
const KEY_FIELDS: { readonly [K in EntityKind]: string | undefined } = {
  settings: undefined,
  carriers: "id",
  users: "username",
  groups: "id",
  flows: undefined,
  numbers: "number",
};

/** The table of a kind, quoted: GROUPS is also a word of SQL. */
export function tableOf(kind: EntityKind): string {
  return `"${kind}"`;
}

/** Every entity of an office as key and body, by kind. */
export function encodeOffice(office: Office): { readonly [K in EntityKind]: ReadonlyMap<string, string> } {
  const entities = entitiesOf(office);
  const encoded = ENTITY_KINDS.map((kind) => [
    kind,
    new Map(entities[kind].map(([key, value]) => [key, encodeBody(kind, value)])),
  ]);
  return Object.fromEntries(encoded);
}

/** An entity from its key and its parsed body. */
export function decodeEntity<K extends EntityKind>(kind: K, key: string, body: unknown): EntityTypes[K] {
  const field = KEY_FIELDS[kind];
  // Written by encodeBody from a value of this very type; the schema version says so.
  return (field === undefined ? body : { [field]: key, ...(body as object) }) as EntityTypes[K];
}

function encodeBody(kind: EntityKind, value: unknown): string {
  const field = KEY_FIELDS[kind];
  return JSON.stringify(
    field === undefined ? value : { ...(value as object), [field]: undefined },
    sortedKeys,
  );
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
