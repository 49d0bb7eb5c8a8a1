/**
 * Combines an office of files with what commands have changed since files were last applied. Applying makes the result
 * live, a plan shows it, and writing back puts it into the files.
 */
import { renamesToMake } from "../../../policy/change/claimed-renames.js";
import { diffOffices, type EntityDifference, type FieldChange } from "../../../policy/change/diff.js";
import {
  type DriftCause,
  type DriftChoice,
  type DriftField,
  type FieldRef,
  keepDrift,
  means,
} from "../../../policy/change/drift.js";
import { readName } from "../../../policy/change/drift-names.js";
import { checkContents, type Fault } from "../../../policy/change/edit.js";
import { followed, type IdBehind, idsBehind, isIdDrift, renameOf } from "../../../policy/change/id-drift.js";
import {
  idsOf,
  inverseOf,
  isSameScope,
  type Rename,
  thenRenamed,
  withRenames,
} from "../../../policy/change/renaming.js";
import type { Office } from "../../../policy/office/office.js";
import type { RenameClaim } from "../../../policy/office-file/rename-claim.js";
import type { Store } from "../../../storage/store.js";

/** What the operator decides about drift, in the names that `policy/change/drift-names.ts` reads. */
export interface DriftRequest {
  /** What becomes as the files say; true: everything. */
  readonly overwrite: boolean | readonly string[];
  /** What stays as it is live, although no command changed it. Where both name a field, this counts. */
  readonly keep?: readonly string[];
}

/** What applying these files makes live. */
export interface Reconciliation {
  readonly outcome: "reconciled";
  /** The live revision it was made from. */
  readonly revision: number;
  readonly office: Office;
  /** Fields that stay as they are live, and not as the files say. */
  readonly kept: readonly DriftField[];
  /** What gets another id in the live office. */
  readonly renames: readonly Rename[];
  /** What commands have renamed and the files call by another id still: from theirs to the live one. */
  readonly renamedByCommand: readonly Rename[];
}

/** The files together with what is kept would be an office with errors. */
export interface FilesDoNotFit {
  readonly outcome: "files_do_not_fit";
  readonly faults: readonly Fault[];
}

/** A name that the operator gave names nothing; `reason` says so, and what was probably meant. */
export interface UnknownName {
  readonly outcome: "unknown_name";
  readonly reason: string;
}

/** What files say: the office, and what its groups, flows and devices were called before. */
export interface FilesSay {
  readonly office: Office;
  readonly renames?: readonly RenameClaim[];
}

/** @param cause what is noted for what the operator keeps although no command changed it */
export async function reconcile(
  store: Pick<Store, "currentRevision" | "drift" | "loadOffice" | "renamesMade">,
  said: FilesSay,
  { overwrite, keep = [] }: DriftRequest,
  cause: DriftCause,
): Promise<Reconciliation | FilesDoNotFit | UnknownName> {
  const revision = await store.currentRevision();
  const { office: files, renames: claims = [] } = said;
  const overwritten = typeof overwrite === "boolean" ? [] : overwrite;
  const all = await store.drift();
  // Where everything becomes as the files say, only other ids concern what is renamed.
  const drift = overwrite === true && keep.length === 0 ? all.filter(isIdDrift) : all;
  const isAsFiles = drift.length + keep.length + overwritten.length === 0;
  const before = isAsFiles && claims.length === 0 ? undefined : await store.loadOffice(revision);
  const ids = await renamesOf(store, said, before, drift);
  if ("outcome" in ids) return ids;
  const asFiles: Reconciliation = {
    outcome: "reconciled",
    revision,
    office: files,
    kept: [],
    renames: ids.renames,
    renamedByCommand: [],
  };
  if (isAsFiles) return asFiles;
  const live = before && withRenames(before, ids.renames);
  const offices = live === undefined ? [files] : [files, live];
  const keeps = readNames(keep, offices);
  const overwrites = overwrite === true ? overwrite : readNames(overwritten, offices);
  if (typeof keeps === "string") return { outcome: "unknown_name", reason: keeps };
  if (typeof overwrites === "string") return { outcome: "unknown_name", reason: overwrites };
  if (live === undefined) return asFiles;
  const moved = drift.map((row) => followed(row, [...ids.renames, ...renamesOfRemoved(claims, live)]));
  return withDrift(asFiles, live, claims, moved, { overwrites, keeps, cause });
}

/** What the files rename in the live office. */
async function renamesOf(
  store: Pick<Store, "renamesMade">,
  { office: files, renames: claims = [] }: FilesSay,
  live: Office | undefined,
  drift: readonly DriftField[],
): Promise<{ readonly renames: readonly Rename[] } | FilesDoNotFit> {
  if (claims.length === 0) return { renames: [] };
  const open = claims.map((claim) => withoutRenamed(claim, drift));
  const { renames, faults } = renamesToMake(open, live, files, await store.renamesMade());
  return faults.length > 0 ? { outcome: "files_do_not_fit", faults } : { renames };
}

/** An earlier id that a command has changed is live under another; what has it now is something else. */
function withoutRenamed(claim: RenameClaim, drift: readonly DriftField[]): RenameClaim {
  const gone = drift.flatMap((row) => {
    const rename = renameOf(row);
    return rename !== undefined && isSameScope({ ...claim, from: "" }, rename) ? [rename.from] : [];
  });
  return { ...claim, from: claim.from.filter((id) => !gone.includes(id)) };
}

/** The files with what is kept of the live office: in its ids, first of all. */
function withDrift(
  asFiles: Reconciliation,
  live: Office,
  claims: readonly RenameClaim[],
  drift: readonly DriftField[],
  choice: DriftChoice,
): Reconciliation | FilesDoNotFit {
  const files = asFiles.office;
  const behind = idsBehind(files, live, drift, claims);
  const chosen = choiceUnder(choice, behind, live);
  const isBack = ({ row }: IdBehind) =>
    !chosen.keeps.some((name) => means(name, row)) &&
    (chosen.overwrites === true || chosen.overwrites.some((name) => means(name, row)));
  const back = inverseOf(behind.filter(isBack).map(({ rename }) => rename));
  const faults = back.filter((rename) => isTaken(rename, live, back)).map(cannotGoBack);
  if (faults.length > 0) return { outcome: "files_do_not_fit", faults };
  const kept = behind.filter((each) => !isBack(each));
  const renamedByCommand = kept.map(({ rename }) => rename);
  const renamed = withRenames(files, renamedByCommand);
  const made = back.filter((rename) => idsOf(live, rename)?.includes(rename.from) === true);
  const fields = drift.filter((row) => !isIdDrift(row)).map((row) => followed(row, back));
  const merged = keepDrift(renamed, withRenames(live, made), fields, {
    ...chosen,
    keeps: chosen.keeps.map((ref) => followed(ref, back)),
    overwrites: chosen.overwrites === true || chosen.overwrites.map((ref) => followed(ref, back)),
  });
  const result = {
    ...asFiles,
    office: renamed,
    kept: [...kept.map(({ row }) => row), ...merged.kept],
    renames: thenRenamed(asFiles.renames, made),
    renamedByCommand,
  };
  if (merged.content === undefined) return result;
  const checked = checkContents([merged.content], "");
  if (!checked.ok) return { outcome: "files_do_not_fit", faults: checked.faults };
  return { ...result, office: checked.office };
}

/** The operator's choice under the live ids, where it names something by the id that the files have. */
function choiceUnder(
  { overwrites, keeps, cause }: DriftChoice,
  behind: readonly IdBehind[],
  live: Office,
): DriftChoice {
  const renames = behind
    .map(({ rename }) => rename)
    .filter((rename) => idsOf(live, rename)?.includes(rename.from) !== true);
  const now = (refs: readonly FieldRef[]) => refs.map((ref) => followed(ref, renames));
  return { overwrites: overwrites === true || now(overwrites), keeps: now(keeps), cause };
}

function isTaken(rename: Rename, live: Office, renames: readonly Rename[]): boolean {
  const ids = idsOf(live, rename) ?? [];
  return (
    ids.includes(rename.from) &&
    ids.includes(rename.to) &&
    !renames.some((each) => isSameScope(each, rename) && each.from === rename.to)
  );
}

function cannotGoBack(rename: Rename): Fault {
  const { kind, from, to } = rename;
  return {
    where: kind === "device" ? `user ${rename.username}, device ${from}` : `${kind} ${from}`,
    code: "wrong_rename",
    message: `cannot be called \`${to}\` again as the files say: the live office has another \`${to}\` by now`,
    expected: `--keep of its id, or the other \`${to}\` under another id`,
  };
}

/** The new ids of what a command removed: it stays removed, also under the id that the files now have for it. */
function renamesOfRemoved(claims: readonly RenameClaim[], live: Office): Rename[] {
  const each = claims.flatMap((claim) => claim.from.map((from): Rename => ({ ...claim, from })));
  return each.filter((rename) => {
    const ids = idsOf(live, rename) ?? [];
    return !ids.includes(rename.from) && !ids.includes(rename.to);
  });
}

/** The references, or why one of the names names nothing. */
function readNames(names: readonly string[], offices: readonly Office[]): readonly FieldRef[] | string {
  const refs: FieldRef[] = [];
  for (const name of names) {
    const read = readName(name, offices);
    if (!read.ok) return read.reason;
    refs.push(read.ref);
  }
  return refs;
}

/** A field that drifts: `from` is what the files say, `to` what is live. */
export type FieldDrift = FieldChange & DriftCause;

/** An entity that drifts, with its newest change. */
export type DriftDifference = Omit<EntityDifference, "fields"> &
  DriftCause & { readonly fields: readonly FieldDrift[] };

/** What is kept, field by field. */
export function driftDifferences(
  files: Office,
  { office, kept, renamedByCommand }: Reconciliation,
): DriftDifference[] {
  if (kept.length === 0) return [];
  const isLive = (rename: Rename) => idsOf(office, rename)?.includes(rename.to) === true;
  const [renames, removed] = [
    renamedByCommand.filter(isLive),
    renamedByCommand.filter((each) => !isLive(each)),
  ];
  const entities = new Map<string, DriftField[]>();
  // What was removed since is shown as the files have it.
  for (const each of kept.map((row) => followed(row, inverseOf(removed))))
    entities.set(`${each.kind} ${each.key}`, [...(entities.get(`${each.kind} ${each.key}`) ?? []), each]);
  return diffOffices(files, office, renames).flatMap(({ fields, ...entity }) => {
    const rows = entities.get(`${entity.kind} ${entity.key}`);
    const [newest] = [...(rows ?? [])].sort((a, b) => b.appliedMs - a.appliedMs);
    if (rows === undefined || newest === undefined) return [];
    const { renamedFrom } = entity;
    const id = renamedFrom === undefined ? [] : [{ field: "id", from: renamedFrom, to: entity.key }];
    const drifts = [...id, ...fields].map((field) => ({ ...field, ...causeIn(rows, newest, field.field) }));
    return [{ ...entity, fields: drifts, ...causeOf(newest) }];
  });
}

/**
 * The cause of a field of a difference, which may be a part of the field that drifts (`devices.cell.delay`), or hold it
 * (`members`, the names of all members).
 */
function causeIn(rows: readonly DriftField[], newest: DriftField, shown: string): DriftCause {
  const ref = ({ kind, key }: FieldRef): FieldRef => ({ kind, key, field: fieldShownAs(kind, shown) });
  return causeOf(
    rows.find((row) => means(row, ref(row))) ?? rows.find((row) => means(ref(row), row)) ?? newest,
  );
}

function causeOf({ revision, author, message, appliedMs }: DriftCause): DriftCause {
  return { revision, author, message, appliedMs };
}

/** A number leads to a flow or has steps, which are one field; the id of a device is none of the device's own fields. */
function fieldShownAs(kind: FieldRef["kind"], shown: string): string {
  if (kind === "users" && shown.startsWith("devices.")) return shown.replace(/\.id$/, "/id");
  return kind === "numbers" && shown === "steps" ? "flow" : shown;
}
