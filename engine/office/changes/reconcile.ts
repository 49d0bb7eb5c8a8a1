/**
 * Combines an office of files with what commands have changed since files were last applied. Applying makes the result
 * live, and a plan shows it.
 */
import { renamesToMake } from "../../../policy/change/claimed-renames.js";
import { diffOffices, type EntityDifference } from "../../../policy/change/diff.js";
import { keepDrift } from "../../../policy/change/drift.js";
import { type Fault, faultsOf } from "../../../policy/change/edit.js";
import { idAfter, type Rename, withRenames } from "../../../policy/change/renaming.js";
import type { Office } from "../../../policy/office/office.js";
import type { RenameClaim } from "../../../policy/office-file/rename-claim.js";
import type { DriftEntry } from "../../../storage/drift.js";
import type { Store } from "../../../storage/store.js";

/** What applying these files makes live. */
export interface Reconciliation {
  /** The live revision it was made from. */
  readonly revision: number;
  readonly office: Office;
  /** Entities that stay as a command left them, and not as the files say. */
  readonly kept: readonly DriftEntry[];
  /** What the files rename in the live office. */
  readonly renames: readonly Rename[];
  /** Why the files and what is kept are no valid office together; empty when they are. */
  readonly faults: readonly Fault[];
}

/** The files together with what is kept would be an office with errors; nothing was changed. */
export interface FilesDoNotFit {
  readonly outcome: "files_do_not_fit";
  readonly faults: readonly Fault[];
}

/** A kept entity and its differences: `from` is what the files say, `to` what is live. */
export type DriftDifference = EntityDifference &
  Pick<DriftEntry, "revision" | "author" | "message" | "appliedMs">;

/** What files say: the office, and what its groups, flows and devices were called before. */
export interface FilesSay {
  readonly office: Office;
  readonly renames?: readonly RenameClaim[];
}

/** @param overwrite whether the files also overwrite what commands have changed */
export async function reconcile(
  store: Pick<Store, "currentRevision" | "drift" | "loadOffice" | "renamesMade">,
  files: FilesSay,
  overwrite: boolean,
): Promise<Reconciliation> {
  const revision = await store.currentRevision();
  const drift = overwrite ? [] : await store.drift();
  const claims = files.renames ?? [];
  const isAlone = drift.length === 0 && claims.length === 0;
  const live = isAlone ? undefined : await store.loadOffice(revision);
  const made = claims.length === 0 ? [] : await store.renamesMade();
  const { renames, faults } = renamesToMake(claims, live, made);
  if (live === undefined || faults.length > 0)
    return { revision, office: files.office, kept: [], renames, faults };
  const moved = drift.map((entry) => renamedEntry(entry, renames));
  const { office, kept } = keepDrift(files.office, withRenames(live, renames), moved);
  const isKept = new Set(kept.map(({ kind, key }) => `${kind} ${key}`));
  return {
    revision,
    office,
    kept: moved.filter(({ kind, key }) => isKept.has(`${kind} ${key}`)),
    renames,
    faults: kept.length === 0 ? [] : faultsOf(office),
  };
}

/** Drift follows what is renamed. */
function renamedEntry(entry: DriftEntry, renames: readonly Rename[]): DriftEntry {
  if (entry.kind === "groups") return { ...entry, key: idAfter(renames, "group", entry.key) };
  return entry.kind === "flows" ? { ...entry, key: idAfter(renames, "flow", entry.key) } : entry;
}

/** What is kept, field by field. */
export function driftDifferences(files: Office, { office, kept }: Reconciliation): DriftDifference[] {
  if (kept.length === 0) return [];
  const entries = new Map(kept.map((entry) => [`${entry.kind} ${entry.key}`, entry]));
  return diffOffices(files, office).flatMap((difference) => {
    const entry = entries.get(`${difference.kind} ${difference.key}`);
    if (entry === undefined) return [];
    const { revision, author, message, appliedMs } = entry;
    return [{ ...difference, revision, author, message, appliedMs }];
  });
}
