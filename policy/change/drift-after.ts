/**
 * What drifts after a change by command. The files' word of a field that drifts is kept beside it, so that a command that
 * sets the field back ends its drift without any files at hand.
 */
import type { EntityKind } from "../office/entities.js";
import { given } from "../office/optional.js";
import { type DriftCause, type DriftField, type FilesWord, wholeWord, wordOf } from "./drift.js";
import {
  differ,
  differingFields,
  entityFile,
  type Fields,
  isOrder,
  splitEntity,
  WHOLE_ENTITY,
} from "./fields.js";

/** An entity that a command changes; undefined: it is not there. */
export interface EntityChanged {
  readonly kind: EntityKind;
  readonly key: string;
  readonly before: unknown;
  readonly after: unknown;
}

/**
 * All drift of an entity after the change.
 * @param rows all its drift before
 * @param cause what is noted for the fields that change
 */
export function driftAfter(
  { kind, key, before, after }: EntityChanged,
  rows: readonly DriftField[],
  cause: DriftCause,
): DriftField[] {
  const [was, is] = [before, after].map((entity) =>
    entity === undefined ? undefined : splitEntity(kind, entityFile(kind, key, entity)),
  );
  const noted = (field: string, why: DriftCause, word?: FilesWord): DriftField => {
    const { revision, author, message, appliedMs } = why;
    return { kind, key, field, revision, author, message, appliedMs, ...given({ word }) };
  };
  const whole = rows.find(({ field }) => field === WHOLE_ENTITY);
  const isChanged = (field: string) => was === undefined || is === undefined || differ(kind, was, is, field);
  if (whole !== undefined && whole.word === undefined) {
    // Until files are applied, what they say of any field is not known.
    if (was === undefined || is === undefined) return [noted(WHOLE_ENTITY, cause)];
    const changed = differingFields(kind, was, is).map((field) => noted(field, cause));
    return [...rows.filter(({ field }) => field === WHOLE_ENTITY || !isChanged(field)), ...changed];
  }
  const files = whole === undefined ? filesFields(kind, was, rows) : fieldsOfWord(whole.word);
  if (files === undefined && is === undefined) return [];
  if (files === undefined || is === undefined) return [noted(WHOLE_ENTITY, cause, wholeWord(files))];
  return differingFields(kind, files, is).map((field) => {
    const row = isChanged(field) ? undefined : (rows.find((each) => each.field === field) ?? whole);
    return noted(field, row ?? cause, wordOf(kind, files, is, field));
  });
}

/** What the files say of an entity that they have: what is live, but for the fields that drift. */
function filesFields(
  kind: EntityKind,
  live: Fields | undefined,
  rows: readonly DriftField[],
): Fields | undefined {
  if (live === undefined) return undefined;
  const fields = new Map(live);
  for (const { field, word } of rows)
    if (word !== undefined && "is" in word) fields.set(field, word.is);
    else fields.delete(field);
  for (const list of new Set([...rows.map(({ field }) => field.split(".", 1)[0] ?? ""), ...live.keys()]))
    if (isOrder(kind, list) && kind !== "settings") fields.set(list, filesOrder(list, fields, rows));
  return fields;
}

/** The order of a list in the files: without items that are only live, and with those that are only in the files. */
function filesOrder(list: string, fields: Fields, rows: readonly DriftField[]): readonly string[] {
  const order = ((fields.get(list) ?? []) as readonly string[]).filter((name) =>
    fields.has(`${list}.${name}`),
  );
  let missing = rows.flatMap(({ field, word }) => {
    const name = field.slice(list.length + 1);
    const isItem = field.startsWith(`${list}.`) && word !== undefined && "is" in word;
    return isItem && !order.includes(name) ? [{ name, behind: word.behind ?? null }] : [];
  });
  while (missing.length > 0) {
    const placed = missing.filter(({ behind }) => behind === null || order.includes(behind));
    if (placed.length === 0) return [...order, ...missing.map(({ name }) => name)];
    for (const { name, behind } of placed)
      order.splice(behind === null ? 0 : order.indexOf(behind) + 1, 0, name);
    missing = missing.filter((each) => !placed.includes(each));
  }
  return order;
}

function fieldsOfWord(word: FilesWord | undefined): Fields | undefined {
  return word?.is === undefined ? undefined : new Map(Object.entries(word.is as object));
}
