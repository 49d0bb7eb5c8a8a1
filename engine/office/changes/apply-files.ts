/**
 * Makes an office that was read from files live, as a new revision, all or nothing. What commands have changed since is
 * kept, unless the caller asks to overwrite it.
 */

import type { DriftField } from "../../../policy/change/drift.js";
import {
  type ApplyRefusal,
  NO_CHOICES,
  type RemovalChoices,
  refusedChoices,
  removingOf,
} from "../../../policy/change/removal-choices.js";
import { given } from "../../../policy/office/optional.js";
import type { Applied, Written } from "../../../storage/apply.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../../use-case.js";
import { callsAbout } from "../../watch/live-calls.js";
import { compareOffices, type OfficeDifference } from "../views/compare.js";
import { presentMoment } from "../views/moment.js";
import { type ChangeRequest, type Conflict, TRIES_MAX } from "./change.js";
import {
  type DriftRequest,
  type FilesDoNotFit,
  type FilesSay,
  reconcile,
  type UnknownName,
} from "./reconcile.js";

/** An office from files that have no errors; see `readOffice`. */
export interface FilesOffice extends FilesSay {
  readonly sourceHash: string;
}

export interface ApplyRequest extends ChangeRequest, DriftRequest {
  /** Also compare the new revision with the one before; for an office with a million numbers that takes a while. */
  readonly compare: boolean;
  /** What may be removed, and who takes over; left out: nothing that is kept may be lost. */
  readonly choices?: RemovalChoices;
  /** Called now and then with the number of entities done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** The live office is as the files say, except for what was kept. */
export interface FilesWritten extends Written {
  readonly kept: readonly DriftField[];
  /** Null: no comparison was asked for, this is the first revision, or nothing was changed. */
  readonly difference: OfficeDifference | null;
}

/** Something would be lost, or a choice does not fit; nothing was changed. */
export interface FilesRefused {
  readonly outcome: "removal_refused";
  readonly refusals: readonly ApplyRefusal[];
}

export type FilesApplied =
  | FilesWritten
  | FilesDoNotFit
  | UnknownName
  | FilesRefused
  | Conflict
  | DatabaseFailed;

export function applyFiles(
  { store, clock }: Pick<Deps, "store" | "clock">,
  request: ApplyRequest,
  files: FilesOffice,
): Promise<FilesApplied> {
  const { choices = NO_CHOICES } = request;
  return orDatabaseFailed<FilesApplied>(async () => {
    for (let tries = 1; ; tries += 1) {
      const nowMs = clock.nowMs();
      const { author, message = "" } = request;
      const cause = { revision: null, author, message, appliedMs: nowMs };
      const reconciled = await reconcile(store, files, request, cause);
      if (reconciled.outcome !== "reconciled") return reconciled;
      const { revision, office, kept, renames } = reconciled;
      const refusals = refusedChoices(choices, office, await store.systemAdmins(revision));
      if (refusals.length > 0) return { outcome: "removal_refused", refusals };
      const before = request.compare ? await store.loadOffice(revision) : undefined;
      const moment = await presentMoment({ store, clock }, renames);
      const expected = request.expect ?? revision;
      const applied: Applied = await store.applyOffice(office, {
        ...given({ onProgress: request.onProgress, origin: request.origin }),
        author,
        message,
        sourceHash: files.sourceHash,
        keeps: kept,
        renames,
        handOvers: choices.replace,
        removing: removingOf(choices, callsAbout(await store.readLiveCalls(), nowMs)),
        expectRevision: expected,
        nowMs,
      });
      switch (applied.outcome) {
        case "applied":
          return {
            ...applied,
            kept,
            difference: before === undefined ? null : compareOffices(before, office, renames, moment),
          };
        case "unchanged":
          return { ...applied, kept, difference: null };
        case "has_messages":
          throw new Error("files hand over to somebody, so no messages can be in their way");
        case "would_lose":
          return { outcome: "removal_refused", refusals: applied.refusals };
        case "conflict":
          if (request.expect !== undefined || tries === TRIES_MAX) return { ...applied, expected };
      }
    }
  });
}
