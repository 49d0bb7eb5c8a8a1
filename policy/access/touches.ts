/** What differs between two offices, as kinds, ids and fields of edits: for changes that are no list of edits. */
import { editSubject } from "../change/edits/between.js";
import type { EditSubject } from "../change/edits/types.js";
import { differingFields, entityFile, splitEntity } from "../change/fields.js";
import { ENTITY_KINDS, type EntityKind, entitiesOf } from "../office/entities.js";
import type { Office } from "../office/office.js";
import { same } from "../office/same.js";

export interface Touch extends EditSubject {
  /** Left out: the entry comes or goes. */
  readonly field?: string;
}

export function touchesBetween(before: Office, after: Office): Touch[] {
  const [was, is] = [entitiesOf(before), entitiesOf(after)];
  return ENTITY_KINDS.flatMap((kind) =>
    touchesOf(kind, new Map<string, unknown>(was[kind]), new Map<string, unknown>(is[kind])),
  );
}

function touchesOf(
  kind: EntityKind,
  was: ReadonlyMap<string, unknown>,
  is: ReadonlyMap<string, unknown>,
): Touch[] {
  const touches: Touch[] = [];
  for (const key of new Set([...was.keys(), ...is.keys()])) {
    const [from, to] = [was.get(key), is.get(key)];
    if (from !== undefined && to !== undefined && same(from, to)) continue;
    const subject = editSubject(kind, key);
    touches.push(...fieldsBetween(kind, key, from, to).map((field) => ({ ...subject, field })));
    if (from === undefined || to === undefined) touches.push(subject);
  }
  return touches;
}

/** All fields of an entry that comes or goes. */
function fieldsBetween(kind: EntityKind, key: string, from: unknown, to: unknown): string[] {
  const [left, right] = [from, to].map((each) =>
    each === undefined ? new Map<string, unknown>() : splitEntity(kind, entityFile(kind, key, each)),
  );
  return differingFields(kind, left ?? new Map(), right ?? new Map());
}
