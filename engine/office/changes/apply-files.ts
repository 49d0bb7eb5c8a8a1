/**
 * Makes an office that was read from files live, as a new revision, all or nothing. What commands have changed since is
 * kept, unless the caller asks to overwrite it.
 */

import type { Office } from "../../../policy/office/office.js";
import { given } from "../../../policy/office/optional.js";
import type { Applied, Written } from "../../../storage/apply.js";
import type { DriftEntry } from "../../../storage/drift.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../../use-case.js";
import { compareOffices, type OfficeDifference } from "../views/compare.js";
import { type ChangeRequest, type Conflict, TRIES_MAX } from "./change.js";
import { type FilesDoNotFit, reconcile } from "./reconcile.js";

/** An office from files that have no errors; see `readOffice`. */
export interface FilesOffice {
  readonly office: Office;
  readonly sourceHash: string;
}

export interface ApplyRequest extends ChangeRequest {
  /** Also overwrite what commands have changed. */
  readonly overwrite: boolean;
  /** Also compare the new revision with the one before; for an office with a million numbers that takes a while. */
  readonly compare: boolean;
  /** Called now and then with the number of entities done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** The live office is as the files say, except for what was kept. */
export interface FilesWritten extends Written {
  readonly kept: readonly DriftEntry[];
  /** Null: no comparison was asked for, this is the first revision, or nothing was changed. */
  readonly difference: OfficeDifference | null;
}

export type FilesApplied = FilesWritten | FilesDoNotFit | Conflict | DatabaseFailed;

export function applyFiles(
  { store, clock }: Pick<Deps, "store" | "clock">,
  request: ApplyRequest,
  files: FilesOffice,
): Promise<FilesApplied> {
  return orDatabaseFailed<FilesApplied>(async () => {
    for (let tries = 1; ; tries += 1) {
      const before = request.compare ? await store.loadOffice() : undefined;
      const { revision, office, kept, faults } = await reconcile(store, files.office, request.overwrite);
      if (faults.length > 0) return { outcome: "files_do_not_fit", faults };
      const expected = request.expect ?? revision;
      const applied: Applied = await store.applyOffice(office, {
        ...given({ onProgress: request.onProgress }),
        author: request.author,
        message: request.message ?? "",
        sourceHash: files.sourceHash,
        keeps: kept,
        expectRevision: expected,
        nowMs: clock.nowMs(),
      });
      switch (applied.outcome) {
        case "applied":
          return {
            ...applied,
            kept,
            difference: before === undefined ? null : compareOffices(before, office),
          };
        case "unchanged":
          return { ...applied, kept, difference: null };
        case "has_messages":
          throw new Error("files hand nothing over, so no messages can be in their way");
        case "conflict":
          if (request.expect !== undefined || tries === TRIES_MAX) return { ...applied, expected };
      }
    }
  });
}
