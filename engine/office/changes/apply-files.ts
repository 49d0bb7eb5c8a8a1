/**
 * Makes an office that was read from files live, as a new revision, all or nothing. What commands have changed since is
 * kept, unless the caller asks to overwrite it.
 */

import type { DriftField } from "../../../policy/change/drift.js";
import type { Office } from "../../../policy/office/office.js";
import { given } from "../../../policy/office/optional.js";
import type { Applied, Written } from "../../../storage/apply.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../../use-case.js";
import { compareOffices, type OfficeDifference } from "../views/compare.js";
import { type ChangeRequest, type Conflict, TRIES_MAX } from "./change.js";
import { type DriftRequest, type FilesDoNotFit, reconcile, type UnknownName } from "./reconcile.js";

/** An office from files that have no errors; see `readOffice`. */
export interface FilesOffice {
  readonly office: Office;
  readonly sourceHash: string;
}

export interface ApplyRequest extends ChangeRequest, DriftRequest {
  /** Also compare the new revision with the one before; for an office with a million numbers that takes a while. */
  readonly compare: boolean;
  /** Called now and then with the number of entities done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** The live office is as the files say, except for what was kept. */
export interface FilesWritten extends Written {
  readonly kept: readonly DriftField[];
  /** Null: no comparison was asked for, this is the first revision, or nothing was changed. */
  readonly difference: OfficeDifference | null;
}

export type FilesApplied = FilesWritten | FilesDoNotFit | UnknownName | Conflict | DatabaseFailed;

export function applyFiles(
  { store, clock }: Pick<Deps, "store" | "clock">,
  request: ApplyRequest,
  files: FilesOffice,
): Promise<FilesApplied> {
  return orDatabaseFailed<FilesApplied>(async () => {
    for (let tries = 1; ; tries += 1) {
      const before = request.compare ? await store.loadOffice() : undefined;
      const nowMs = clock.nowMs();
      const { author, message = "" } = request;
      const cause = { revision: null, author, message, appliedMs: nowMs };
      const reconciled = await reconcile(store, files.office, request, cause);
      if (reconciled.outcome !== "reconciled") return reconciled;
      const { revision, office, kept } = reconciled;
      const expected = request.expect ?? revision;
      const applied: Applied = await store.applyOffice(office, {
        ...given({ onProgress: request.onProgress }),
        author,
        message,
        sourceHash: files.sourceHash,
        keeps: kept,
        expectRevision: expected,
        nowMs,
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
