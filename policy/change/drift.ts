/**
 * Drift: what a command changed and the files do not have so, field by field. Applying files keeps it, unless the
 * operator says otherwise. What the files and the live office say alike is no drift any more, whichever of them came to
 * the other's word.
 */
import { type EntityKind, entitiesOf, SETTINGS_KEY } from "../office/entities.js";
import type { Office } from "../office/office.js";
import { given, mapped } from "../office/optional.js";
import type { OfficeFileContent } from "../office-file/export.js";
import {
  differingFields,
  entityFile,
  type Fields,
  isOrder,
  orderOf,
  splitEntity,
  WHOLE_ENTITY,
} from "./fields.js";
import { type MergedEntity, withEntities } from "./with-entities.js";

/** A reference to a field of an entity, or to all of it (`WHOLE_ENTITY`); either may have been removed. */
export interface FieldRef {
  readonly kind: EntityKind;
  readonly key: string;
  /** As `fields.ts` names it. */
  readonly field: string;
}

/** What files say of a field: its value in the words of the file; without `is`, they do not have it. */
export interface FilesWord {
  readonly is?: unknown;
  /**
   * Of a device or member that is not live: the one before it in the files; null: it is the first. Put in again by hand,
   * it is as in the files only at that place.
   */
  readonly behind?: string | null;
}

/** The change that made a field drift. */
export interface DriftCause {
  /** The revision of the change; null: the revision that is about to be written. */
  readonly revision: number | null;
  readonly author: string;
  readonly message: string;
  /** Milliseconds since the epoch. */
  readonly appliedMs: number;
}

/** A field that drifts, with the last change of it. */
export interface DriftField extends FieldRef, DriftCause {
  /** Left out: not known, for it was noted by a version that kept drift by entity. The next apply finds it. */
  readonly word?: FilesWord;
}

/** What the operator decides about drift in one apply. Where both name a field, `keeps` counts. */
export interface DriftChoice {
  /** Fields that become as the files say; true: all. */
  readonly overwrites: true | readonly FieldRef[];
  /** Fields that stay as they are live, although no command changed them. */
  readonly keeps: readonly FieldRef[];
  /** The cause that is noted for what `keeps` names. */
  readonly cause: DriftCause;
}

/** The files with what is kept of the live office, and the list of it. */
export interface Reconciled {
  /** Not checked yet; undefined: nothing is kept, so it is the files' office. */
  readonly content: OfficeFileContent | undefined;
  readonly kept: readonly DriftField[];
}

/** Replaces what files say by what is live, in the fields that drift. */
export function keepDrift(
  files: Office,
  live: Office,
  drift: readonly DriftField[],
  choice: DriftChoice,
): Reconciled {
  const [wanted, there] = [fieldsIn(files), fieldsIn(live)];
  const kept: DriftField[] = [];
  const merged: MergedEntity[] = [];
  for (const entity of byEntity(drift, choice.keeps)) {
    const { kind, key } = entity;
    const sides = { files: wanted(kind, key), live: there(kind, key) };
    const fields = keptFields(entity, sides, choice);
    if (fields.length === 0) continue;
    kept.push(...fields);
    merged.push({ kind, key, fields: merge(kind, sides, fields) });
  }
  // A carrier that is kept has its place in the order, which belongs to the settings.
  if (merged.some(({ kind }) => kind === "carriers") && !merged.some(({ kind }) => kind === "settings")) {
    const sides = { files: wanted("settings", SETTINGS_KEY), live: there("settings", SETTINGS_KEY) };
    merged.push({ kind: "settings", key: SETTINGS_KEY, fields: merge("settings", sides, []) });
  }
  return { content: kept.length === 0 ? undefined : withEntities(files, merged), kept };
}

/** Whether a reference to an entity or field means a field too: `members` means `members.alice.wong`. */
export function means(name: FieldRef, { kind, key, field }: FieldRef): boolean {
  if (name.kind !== kind || name.key !== key) return false;
  // `devices.desk` means the id of that device, too, which is `devices.desk/id`.
  const parts = [".", "/"].map((separator) => name.field + separator);
  return name.field === WHOLE_ENTITY || name.field === field || parts.some((part) => field.startsWith(part));
}

/** One entity as the files have it and as it is live. */
export interface Sides {
  readonly files: Fields | undefined;
  readonly live: Fields | undefined;
}

/** An entity of which something may be kept, and its drift. */
interface OfEntity {
  readonly kind: EntityKind;
  readonly key: string;
  readonly rows: readonly DriftField[];
}

function byEntity(drift: readonly DriftField[], keeps: readonly FieldRef[]): readonly OfEntity[] {
  const entities = new Map<string, { kind: EntityKind; key: string; rows: DriftField[] }>();
  const entityOf = ({ kind, key }: FieldRef) => {
    const entity = entities.get(`${kind} ${key}`) ?? { kind, key, rows: [] };
    entities.set(`${kind} ${key}`, entity);
    return entity;
  };
  for (const row of drift) entityOf(row).rows.push(row);
  for (const name of keeps) entityOf(name);
  return [...entities.values()];
}

/** The fields of an entity that stay as they are live, with what the files say instead. */
function keptFields(
  { kind, key, rows }: OfEntity,
  { files, live }: Sides,
  choice: DriftChoice,
): DriftField[] {
  const whole = rows.find(({ field }) => field === WHOLE_ENTITY);
  const isNamed = (names: readonly FieldRef[], field: string) =>
    names.some((name) => means(name, { kind, key, field }));
  const causeOf = (field: string): DriftCause | undefined => {
    const row = rows.find((each) => each.field === field) ?? whole;
    if (isNamed(choice.keeps, field)) return row ?? choice.cause;
    const isOverwritten = choice.overwrites === true || isNamed(choice.overwrites, field);
    return isOverwritten ? undefined : row;
  };
  const kept = (field: string, word: FilesWord): DriftField[] => {
    const cause = causeOf(field);
    if (cause === undefined) return [];
    const { revision, author, message, appliedMs } = cause;
    return [{ kind, key, field, revision, author, message, appliedMs, word }];
  };
  if (files === undefined && live === undefined) return [];
  // A field that drifts does not keep its entity where the files no longer have it.
  if (files === undefined || live === undefined) return kept(WHOLE_ENTITY, wholeWord(files));
  return differingFields(kind, files, live).flatMap((field) => kept(field, wordOf(kind, files, live, field)));
}

/** What files say of an entity as a whole. */
export function wholeWord(files: Fields | undefined): FilesWord {
  return given({ is: mapped(files, (fields) => Object.fromEntries(fields)) });
}

/** What files say of a field of an entity that they have. @param live the entity as it is live */
export function wordOf(kind: EntityKind, files: Fields, live: Fields, field: string): FilesWord {
  if (!files.has(field)) return {};
  const [list = "", ...name] = field.split(".");
  const is = files.get(field);
  if (name.length === 0 || live.has(field) || !isOrder(kind, list)) return { is };
  const order = (files.get(list) ?? []) as readonly string[];
  return { is, behind: order[order.indexOf(name.join(".")) - 1] ?? null };
}

/** The fields of the files with those of the live office that are kept; undefined: the entity is not there. */
function merge(kind: EntityKind, { files, live }: Sides, kept: readonly FieldRef[]): Fields | undefined {
  if (files === undefined || live === undefined) return live;
  const merged = new Map(files);
  for (const { field } of kept)
    if (live.has(field)) merged.set(field, live.get(field));
    else merged.delete(field);
  for (const field of new Set([...files.keys(), ...live.keys()])) {
    if (!isOrder(kind, field)) continue;
    const isKept = kept.some((each) => each.field === field);
    const [first, second] = isKept ? [live, files] : [files, live];
    const order = mergedOrder(
      orderOf(kind, first.get(field), second.get(field)),
      orderOf(kind, second.get(field), first.get(field)),
    );
    // Carriers are entities of their own; an order may name some that there are not.
    const isThere = (name: string) => kind === "settings" || merged.has(`${field}.${name}`);
    merged.set(field, order.filter(isThere));
  }
  return merged;
}

/** The first order with what only the second has, each where the second has it: behind the same neighbour. */
function mergedOrder(first: readonly string[], second: readonly string[]): readonly string[] {
  const known = new Set(first);
  const behind = new Map<string | undefined, string[]>();
  let neighbour: string | undefined;
  for (const name of second) {
    const names = behind.get(neighbour) ?? [];
    behind.set(neighbour, names);
    if (known.has(name)) neighbour = name;
    else names.push(name);
  }
  return [undefined, ...first].flatMap((name) => [
    ...(name === undefined ? [] : [name]),
    ...(behind.get(name) ?? []),
  ]);
}

/** The fields of any entity of an office; undefined: there is no such entity. */
export function fieldsIn(office: Office): (kind: EntityKind, key: string) => Fields | undefined {
  const entities = entitiesOf(office);
  const maps = new Map<EntityKind, ReadonlyMap<string, unknown>>();
  return (kind, key) => {
    const all = maps.get(kind) ?? new Map<string, unknown>(entities[kind]);
    maps.set(kind, all);
    const entity = all.get(key);
    if (entity === undefined) return undefined;
    const fields = splitEntity(kind, entityFile(kind, key, entity));
    // Spelled out, also where it is the order of the ids, so that carriers of two offices can be put into one order.
    return kind === "settings"
      ? new Map([...fields, ["carriers", office.carriers.map(({ id }) => id)]])
      : fields;
  };
}
