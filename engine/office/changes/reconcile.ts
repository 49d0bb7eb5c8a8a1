/**
 * Combines an office of files with what commands have changed since files were last applied. Applying makes the result
 * live, and a plan shows it.
 */
import { diffOffices, type EntityDifference } from "../../../policy/change/diff.js";
import { keepDrift } from "../../../policy/change/drift.js";
import { type Fault, faultsOf } from "../../../policy/change/edit.js";
import type { Office } from "../../../policy/office/office.js";
import type { DriftEntry } from "../../../storage/drift.js";
import type { Store } from "../../../storage/store.js";

/** What applying these files makes live. */
export interface Reconciliation {
  /** The live revision it was made from. */
  readonly revision: number;
  readonly office: Office;
  /** Entities that stay as a command left them, and not as the files say. */
  readonly kept: readonly DriftEntry[];
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

/** @param overwrite whether the files also overwrite what commands have changed */
export async function reconcile(
  store: Pick<Store, "currentRevision" | "drift" | "loadOffice">,
  files: Office,
  overwrite: boolean,
): Promise<Reconciliation> {
  const revision = await store.currentRevision();
  const drift = overwrite ? [] : await store.drift();
  const live = drift.length === 0 ? undefined : await store.loadOffice(revision);
  if (live === undefined) return { revision, office: files, kept: [], faults: [] };
  const { office, kept } = keepDrift(files, live, drift);
  const isKept = new Set(kept.map(({ kind, key }) => `${kind} ${key}`));
  return {
    revision,
    office,
    kept: drift.filter(({ kind, key }) => isKept.has(`${kind} ${key}`)),
    faults: kept.length === 0 ? [] : faultsOf(office),
  };
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
