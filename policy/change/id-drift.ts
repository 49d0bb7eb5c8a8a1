/**
 * Ids that a command changed and the files do not have yet. A rename is drift of the id alone: the files' entity is the
 * live one under its earlier id, so whatever else the files say of it counts. The drift of an id is kept like that of any
 * field, with the files' id as the files' word, and follows the entity through further renames.
 */
import type { EntityKind } from "../office/entities.js";
import type { Office } from "../office/office.js";
import type { RenameClaim } from "../office-file/rename-claim.js";
import { type DriftCause, type DriftField, type FieldRef, type FilesWord, fieldsIn } from "./drift.js";
import { differingFields, WHOLE_ENTITY } from "./fields.js";
import { idsOf, isSameScope, type Rename, withRenames } from "./renaming.js";

/** The field of the id of a group or flow. */
const ID = "id";
/** Of a device: `devices.desk/id`. No id has a slash in it, while `desk.id` could be another device. */
const DEVICE = "devices.";
const DEVICE_ID = "/id";

/** The field that is the id of what a rename has named. */
function idRef({ to, ...rename }: Rename): FieldRef {
  if (rename.kind === "device")
    return { kind: "users", key: rename.username, field: `${DEVICE}${to}${DEVICE_ID}` };
  return { kind: rename.kind === "group" ? "groups" : "flows", key: to, field: ID };
}

/** The name of a field as an operator types it. */
export function fieldName(field: string): string {
  return field.replace("/", ".");
}

/** The fields that are ids, of an entity with these fields: commands can change them. */
export function idFields(kind: EntityKind, fields: readonly string[]): readonly string[] {
  if (kind === "groups" || kind === "flows") return [ID];
  const devices = fields.filter((field) => kind === "users" && field.startsWith(DEVICE));
  return devices.map((field) => `${field}${DEVICE_ID}`);
}

/** What a drifting id renames: from the id in the files to the live one; undefined: another field drifts. */
export function renameOf({ kind, key, field, word }: DriftField): Rename | undefined {
  const from = word?.is;
  if (typeof from !== "string") return undefined;
  if (kind === "groups" && field === ID) return { kind: "group", from, to: key };
  if (kind === "flows" && field === ID) return { kind: "flow", from, to: key };
  if (kind !== "users" || !field.startsWith(DEVICE) || !field.endsWith(DEVICE_ID)) return undefined;
  return { kind: "device", username: key, from, to: field.slice(DEVICE.length, -DEVICE_ID.length) };
}

/** Whether an id drifts, and not another field. */
export function isIdDrift(row: DriftField): boolean {
  return renameOf(row) !== undefined;
}

/** The drift of an id, with the cause of the rename. */
function idDrift(rename: Rename, { revision, author, message, appliedMs }: DriftCause): DriftField {
  return { ...idRef(rename), revision, author, message, appliedMs, word: { is: rename.from } };
}

/** The id that something has after renames, at once; undefined: they do not name it. */
function idThen(renames: readonly Rename[], scope: Rename, id: string): string | undefined {
  return renames.find((each) => isSameScope(each, scope) && each.from === id)?.to;
}

/** A row under the new ids. A device is a field of its user. */
export function followed<Row extends FieldRef>(row: Row, renames: readonly Rename[]): Row {
  switch (row.kind) {
    case "groups":
    case "flows": {
      const kind = row.kind === "groups" ? "group" : "flow";
      return { ...row, key: idThen(renames, { kind, from: "", to: "" }, row.key) ?? row.key };
    }
    case "users": {
      if (!row.field.startsWith(DEVICE)) return row;
      const end = row.field.endsWith(DEVICE_ID) ? DEVICE_ID : "";
      const id = row.field.slice(DEVICE.length, row.field.length - end.length);
      const to = idThen(renames, { kind: "device", username: row.key, from: "", to: "" }, id);
      return to === undefined ? row : { ...row, field: `${DEVICE}${to}${end}` };
    }
    default:
      return row;
  }
}

/** All drift after a command has renamed, and the renames that count as such for it. */
export interface DriftRenamed {
  readonly rows: readonly DriftField[];
  /** The others are, for drift, a removal and an addition. */
  readonly renames: readonly Rename[];
}

/**
 * @param before what is renamed, and what has the new ids, before the change; other entities may be left out
 * @param renames all at once
 */
export function driftRenamed(
  rows: readonly DriftField[],
  before: Office,
  renames: readonly Rename[],
  cause: DriftCause,
): DriftRenamed {
  const wrong = renames.filter((rename) => isTaken(rename, rows, before, renames));
  const good = renames.filter((rename) => !wrong.some((each) => isSameScope(each, rename)));
  if (good.length === 0) return { rows, renames: good };
  const moved = rows.flatMap((row): DriftField[] => {
    const rename = renameOf(row);
    const now = followed(row, good);
    if (rename === undefined) return [{ ...now, ...wordRenamed(row, good) }];
    const to = idThen(good, rename, rename.to);
    if (to === undefined) return [row];
    return to === rename.from ? [] : [idDrift({ ...rename, to }, cause)];
  });
  const known = rows.flatMap((row) => renameOf(row) ?? []);
  const fresh = good.filter(
    (rename) =>
      idsOf(before, rename)?.includes(rename.from) === true &&
      !known.some((each) => isSameScope(each, rename) && each.to === rename.from) &&
      !isOnlyLive(rename, rows),
  );
  return { rows: [...moved, ...fresh.map((rename) => idDrift(rename, cause))], renames: good };
}

/** Whether the files have something of their own under the new id, or what they have is not known. */
function isTaken(
  rename: Rename,
  rows: readonly DriftField[],
  before: Office,
  renames: readonly Rename[],
): boolean {
  const [was, is] = [entityRow(rename, rename.from, rows), entityRow(rename, rename.to, rows)];
  const user = rename.kind === "device" ? wholeRow("users", rename.username, rows) : undefined;
  if ([was, user].some((row) => row !== undefined && row.word === undefined)) return true;
  if (renames.some((each) => isSameScope(each, rename) && each.from === rename.to)) return false;
  if (idsOf(before, rename)?.includes(rename.to) === true) return true;
  return is !== undefined && (is.word === undefined || "is" in is.word);
}

/** Whether a command made what is renamed, so that the files have no id for it. */
function isOnlyLive(rename: Rename, rows: readonly DriftField[]): boolean {
  const rowsOf = [
    entityRow(rename, rename.from, rows),
    ...(rename.kind === "device" ? [wholeRow("users", rename.username, rows)] : []),
  ];
  return rowsOf.some((row) => row !== undefined && row.word !== undefined && !("is" in row.word));
}

/** The drift of all of what has an id. */
function entityRow(rename: Rename, id: string, rows: readonly DriftField[]): DriftField | undefined {
  if (rename.kind !== "device") return wholeRow(rename.kind === "group" ? "groups" : "flows", id, rows);
  const field = `${DEVICE}${id}`;
  return rows.find((row) => row.kind === "users" && row.key === rename.username && row.field === field);
}

function wholeRow(kind: EntityKind, key: string, rows: readonly DriftField[]): DriftField | undefined {
  return rows.find((row) => row.kind === kind && row.key === key && row.field === WHOLE_ENTITY);
}

/** What the files say of a field, with the live ids, so that a command that sets it back ends its drift. */
function wordRenamed(
  { kind, key, field, word }: DriftField,
  renames: readonly Rename[],
): { readonly word?: FilesWord } {
  if (word === undefined) return {};
  const targets = new Map(
    renames.flatMap((each) =>
      each.kind === "device" ? [] : [[`${each.kind}:${each.from}`, `${each.kind}:${each.to}`] as const],
    ),
  );
  const devices = renames.filter((each) => each.kind === "device" && each.username === key);
  const idNow = (id: string) => devices.find(({ from }) => from === id)?.to ?? id;
  const isDevice = kind === "users" && devices.length > 0;
  const value = (is: unknown): unknown => {
    if (isDevice && field === "devices") return (is as readonly string[]).map(idNow);
    if (isDevice && field.startsWith(DEVICE))
      return { ...(is as { id: string }), id: idNow((is as { id: string }).id) };
    if (kind === "numbers" && field === "flow" && typeof is === "string")
      return targets.get(`flow:${is}`)?.slice("flow:".length) ?? is;
    return targets.size === 0 ? is : textsReplaced(is, targets);
  };
  return {
    word: {
      ...word,
      ...("is" in word ? { is: value(word.is) } : {}),
      ...(isDevice && typeof word.behind === "string" ? { behind: idNow(word.behind) } : {}),
    },
  };
}

/** A value of the file with other texts; a target is a text such as `group:sales`. */
function textsReplaced(value: unknown, texts: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return texts.get(value) ?? value;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => textsReplaced(each, texts));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, textsReplaced(each, texts)]));
}

/** A drifting id that the files have in their own words still: `from` is their id, `to` the live one. */
export interface IdBehind {
  readonly rename: Rename;
  readonly row: DriftField;
}

/**
 * The drifting ids that the files do not have yet.
 * @param drift under the ids of the live office
 * @param claims what the files say of earlier ids: they may have another id for it than when it was renamed
 */
export function idsBehind(
  files: Office,
  live: Office,
  drift: readonly DriftField[],
  claims: readonly RenameClaim[],
): IdBehind[] {
  let behind = drift.flatMap((row): IdBehind[] => {
    const rename = renameOf(row);
    const from = rename === undefined ? undefined : idInFiles(rename, files, claims);
    if (rename === undefined || from === undefined || from === rename.to) return [];
    return [{ rename: { ...rename, from }, row: { ...row, word: { is: from } } }];
  });
  for (;;) {
    const left = behind.filter(
      ({ rename }) => isFree(rename, files, behind) && !isOfAnother(rename, live, behind),
    );
    if (left.length === behind.length) break;
    behind = left;
  }
  return behind.filter(({ rename }) => {
    const circle = circleOf(rename, behind);
    return circle.length === 0 || !isMadeInFiles(circle, files, live);
  });
}

function idInFiles(rename: Rename, files: Office, claims: readonly RenameClaim[]): string | undefined {
  const ids = idsOf(files, rename) ?? [];
  if (ids.includes(rename.from)) return rename.from;
  const claim = claims.find(
    (each) => isSameScope({ ...each, from: "" }, rename) && each.from.includes(rename.from),
  );
  return claim !== undefined && ids.includes(claim.to) ? claim.to : undefined;
}

/** Whether the files have the live id for nothing else than what another rename has named by now. */
function isFree(rename: Rename, files: Office, behind: readonly IdBehind[]): boolean {
  if (idsOf(files, rename)?.includes(rename.to) !== true) return true;
  return behind.some((each) => isSameScope(each.rename, rename) && each.rename.from === rename.to);
}

/** Whether what was renamed was removed since, and another that is live has the files' id: then that is theirs. */
function isOfAnother(rename: Rename, live: Office, behind: readonly IdBehind[]): boolean {
  const ids = idsOf(live, rename) ?? [];
  if (ids.includes(rename.to) || !ids.includes(rename.from)) return false;
  return !behind.some((each) => isSameScope(each.rename, rename) && each.rename.to === rename.from);
}

/** The renames that exchange ids with a rename, itself among them; empty: its new id was nobody's. */
function circleOf(first: Rename, behind: readonly IdBehind[]): readonly Rename[] {
  const circle = [first];
  for (let last: Rename | undefined = first; last.to !== first.from; circle.push(last)) {
    const { to }: Rename = last;
    last = behind.find(({ rename }) => isSameScope(rename, first) && rename.from === to)?.rename;
    if (last === undefined) return [];
  }
  return circle;
}

/**
 * Whether files that have the ids of a circle have exchanged them as well: whichever is nearer to the live office. Files
 * cannot say so with `renamed_from`, since each id is still there.
 */
function isMadeInFiles(circle: readonly Rename[], files: Office, live: Office): boolean {
  const refs = circle.map(idRef);
  const differences = (office: Office) => {
    const [ours, theirs] = [fieldsIn(office), fieldsIn(live)];
    return refs.reduce((sum, { kind, key }) => {
      const [from, to] = [ours(kind, key), theirs(kind, key)];
      return sum + (from === undefined || to === undefined ? 1 : differingFields(kind, from, to).length);
    }, 0);
  };
  const asTheyAre = differences(files);
  return asTheyAre === 0 || asTheyAre < differences(withRenames(files, circle));
}
