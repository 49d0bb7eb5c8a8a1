/**
 * Takes back what one revision changed, in an office that others have changed since. What they changed of other entries
 * stays. An entry that is not any more as the revision left it is nobody's to take back: it would take a later change with it.
 */
import {
  ENTITY_KINDS,
  type EntityKind,
  entitiesOf,
  type OfficeEntities,
  officeFrom,
} from "../office/entities.js";
import type { Office } from "../office/office.js";
import { same } from "../office/same.js";
import { editsBetween } from "./edits/between.js";
import type { Edit } from "./edits/types.js";
import { idsOf, inverseOf, isSameScope, type Rename, thenRenamed, withRenames } from "./renaming.js";

/** A revision with what was renamed by it, and after it. The offices may be parts: all that the revision changed. */
export interface MadeRevision {
  readonly before: Office;
  readonly after: Office;
  readonly renamed: readonly Rename[];
  readonly renamedSince: readonly Rename[];
}

export interface EntityRef {
  readonly kind: EntityKind;
  /** As it is now. */
  readonly key: string;
}

export type Undone =
  | {
      readonly ok: true;
      /** Not checked yet. */
      readonly office: Office;
      readonly renames: readonly Rename[];
      /** The users and groups that the revision had added. */
      readonly removed: readonly { readonly kind: "user" | "group"; readonly id: string }[];
    }
  /** These were changed again. */
  | { readonly ok: false; readonly changedSince: readonly EntityRef[] };

/** Edits that would do the same, for the permissions that it needs. */
export function undoingEdits(made: MadeRevision): Edit[] {
  const { before, after } = inLiveIds(made);
  const back = inverseOf(stillRenamed(made)).map((rename): Edit => {
    const { kind, from, to } = rename;
    const id = rename.kind === "device" ? `${rename.username}/${from}` : from;
    return { verb: "rename", kind, id, to };
  });
  return [...editsBetween(after, before), ...back];
}

export function undoRevision(live: Office, made: MadeRevision): Undone {
  const { before, after, renames } = inLiveIds(made);
  const open = stillRenamed(made);
  const taken = [
    ...open.filter((rename) => isRenamedAgain(rename, made.renamedSince)),
    ...renames.filter((rename) => isTaken(rename, made.before, renames)),
  ].map(refOf);
  if (taken.length > 0) return { ok: false, changedSince: taken };
  const renamed = new Set(open.map(refOf).map(nameOf));
  const [was, is, now] = [before, after, live].map(mapsOf) as [Maps, Maps, Maps];
  const changedSince: EntityRef[] = [];
  const removed: { kind: "user" | "group"; id: string }[] = [];
  for (const ref of refsIn(was, is)) {
    const [old, left, present] = [was, is, now].map((maps) => maps[ref.kind].get(ref.key));
    const isRenamed = renamed.has(nameOf(ref));
    if (same(old, left) && !isRenamed) continue;
    // Somebody has taken it back already.
    if (same(old, present) && !isRenamed) continue;
    if (!same(left, present)) changedSince.push(ref);
    else if (old === undefined) {
      now[ref.kind].delete(ref.key);
      if (ref.kind === "users" || ref.kind === "groups")
        removed.push({ kind: ref.kind === "users" ? "user" : "group", id: ref.key });
    } else now[ref.kind].set(ref.key, old);
  }
  const back = inverseOf(open);
  const merged = officeOf(now);
  changedSince.push(...back.filter((rename) => isTaken(rename, merged, back)).map(refOf));
  if (changedSince.length > 0) return { ok: false, changedSince };
  return { ok: true, office: withRenames(merged, back), renames: back, removed };
}

/** Both sides of the revision with the ids that are live; what the revision itself renamed has the new id on both. */
function inLiveIds({ before, after, renamed, renamedSince }: MadeRevision) {
  const renames = thenRenamed(renamed, renamedSince);
  return { before: withRenames(before, renames), after: withRenames(after, renamedSince), renames };
}

/** What has its old id again was taken back already. */
function stillRenamed({ renamed, renamedSince }: MadeRevision): Rename[] {
  const isBack = (rename: Rename) =>
    renamedSince.some(
      (each) => isSameScope(each, rename) && each.from === rename.to && each.to === rename.from,
    );
  return renamed.filter((rename) => !isBack(rename));
}

function isRenamedAgain(rename: Rename, since: readonly Rename[]): boolean {
  return since.some((each) => isSameScope(each, rename) && each.from === rename.to);
}

/** Whether something else has the id that a rename gives. */
function isTaken(rename: Rename, office: Office, renames: readonly Rename[]): boolean {
  const isFree = renames.some((each) => isSameScope(each, rename) && each.from === rename.to);
  return !isFree && idsOf(office, rename)?.includes(rename.to) === true;
}

function refOf(rename: Rename): EntityRef {
  switch (rename.kind) {
    case "device":
      return { kind: "users", key: rename.username };
    case "group":
      return { kind: "groups", key: rename.to };
    case "flow":
      return { kind: "flows", key: rename.to };
  }
}

type Maps = { readonly [K in EntityKind]: Map<string, unknown> };

function mapsOf(office: Office): Maps {
  const entities = entitiesOf(office);
  const mapOf = (kind: EntityKind) => new Map<string, unknown>(entities[kind]);
  return Object.fromEntries(ENTITY_KINDS.map((kind) => [kind, mapOf(kind)])) as unknown as Maps;
}

/** In the order of the keys, as offices are stored. */
function officeOf(maps: Maps): Office {
  const entries = (kind: EntityKind) => [...maps[kind]].sort(([a], [b]) => (a < b ? -1 : 1));
  return officeFrom(
    Object.fromEntries(ENTITY_KINDS.map((kind) => [kind, entries(kind)])) as unknown as OfficeEntities,
  );
}

function refsIn(was: Maps, is: Maps): EntityRef[] {
  return ENTITY_KINDS.flatMap((kind) =>
    [...new Set([...was[kind].keys(), ...is[kind].keys()])].map((key) => ({ kind, key })),
  );
}

function nameOf({ kind, key }: EntityRef): string {
  return `${kind} ${key}`;
}
