/**
 * Combines an office of files with what commands have changed since files were last applied. Applying makes the result
 * live, a plan shows it, and writing back puts it into the files.
 */
import { renamesToMake } from "../../../policy/change/claimed-renames.js";
import { diffOffices, type EntityDifference, type FieldChange } from "../../../policy/change/diff.js";
import {
  type DriftCause,
  type DriftField,
  type FieldRef,
  keepDrift,
  means,
} from "../../../policy/change/drift.js";
import { readName } from "../../../policy/change/drift-names.js";
import { checkContents, type Fault } from "../../../policy/change/edit.js";
import { idAfter, idsOf, type Rename, withRenames } from "../../../policy/change/renaming.js";
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
  /** What the files rename in the live office. */
  readonly renames: readonly Rename[];
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
  { office: files, renames: claims = [] }: FilesSay,
  { overwrite, keep = [] }: DriftRequest,
  cause: DriftCause,
): Promise<Reconciliation | FilesDoNotFit | UnknownName> {
  const revision = await store.currentRevision();
  const isAll = overwrite === true && keep.length === 0;
  const drift = isAll ? [] : await store.drift();
  const overwritten = typeof overwrite === "boolean" ? [] : overwrite;
  const isAsFiles = drift.length + keep.length + overwritten.length === 0;
  const before = isAsFiles && claims.length === 0 ? undefined : await store.loadOffice(revision);
  const made = claims.length === 0 ? [] : await store.renamesMade();
  const { renames, faults } = renamesToMake(claims, before, made);
  if (faults.length > 0) return { outcome: "files_do_not_fit", faults };
  const asFiles = { outcome: "reconciled", revision, office: files, kept: [], renames } as const;
  if (isAsFiles) return asFiles;
  const live = before && withRenames(before, renames);
  const offices = live === undefined ? [files] : [files, live];
  const keeps = readNames(keep, offices);
  const overwrites = overwrite === true ? overwrite : readNames(overwritten, offices);
  if (typeof keeps === "string") return { outcome: "unknown_name", reason: keeps };
  if (typeof overwrites === "string") return { outcome: "unknown_name", reason: overwrites };
  if (live === undefined) return asFiles;
  const followed = [...renames, ...renamesOfRemoved(claims, live)];
  const moved = drift.map((row) => renamedRow(row, followed));
  const { content, kept } = keepDrift(files, live, moved, { overwrites, keeps, cause });
  if (content === undefined) return asFiles;
  const checked = checkContents([content], "");
  if (!checked.ok) return { outcome: "files_do_not_fit", faults: checked.faults };
  return { ...asFiles, office: checked.office, kept };
}

/** Drift follows what is renamed. A device is a field of its user. */
function renamedRow(row: DriftField, renames: readonly Rename[]): DriftField {
  switch (row.kind) {
    case "groups":
      return { ...row, key: idAfter(renames, "group", row.key) };
    case "flows":
      return { ...row, key: idAfter(renames, "flow", row.key) };
    case "users": {
      const isOf = (each: Rename) =>
        each.kind === "device" && each.username === row.key && row.field === `devices.${each.from}`;
      const rename = renames.find(isOf);
      return rename === undefined ? row : { ...row, field: `devices.${rename.to}` };
    }
    default:
      return row;
  }
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
export function driftDifferences(files: Office, { office, kept }: Reconciliation): DriftDifference[] {
  if (kept.length === 0) return [];
  const entities = new Map<string, DriftField[]>();
  for (const each of kept)
    entities.set(`${each.kind} ${each.key}`, [...(entities.get(`${each.kind} ${each.key}`) ?? []), each]);
  return diffOffices(files, office).flatMap(({ fields, ...entity }) => {
    const rows = entities.get(`${entity.kind} ${entity.key}`);
    const [newest] = [...(rows ?? [])].sort((a, b) => b.appliedMs - a.appliedMs);
    if (rows === undefined || newest === undefined) return [];
    const drifts = fields.map((field) => ({ ...field, ...causeIn(rows, newest, field.field) }));
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

/** A number leads to a flow or has steps; both are one field. */
function fieldShownAs(kind: FieldRef["kind"], shown: string): string {
  return kind === "numbers" && shown === "steps" ? "flow" : shown;
}
