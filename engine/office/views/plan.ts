/** Says what applying an office's files would change, and how many calls are in progress meanwhile. Changes nothing. */
import type { Office } from "../../../policy/office/office.js";
import type { CallsOfRevision } from "../../../storage/live-calls.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../../use-case.js";
import { sumCalls } from "../../watch/live-calls.js";
import type { FilesDoNotFit } from "../changes/apply-files.js";
import { type DriftDifference, driftDifferences, reconcile } from "../changes/reconcile.js";
import { compareOffices, type OfficeDifference } from "./compare.js";

export interface Plan {
  readonly outcome: "planned";
  /** The live revision; 0: nothing was applied yet. */
  readonly revision: number;
  readonly difference: OfficeDifference;
  /** Entities that commands have changed and the files do not have so; applying keeps them. */
  readonly drift: readonly DriftDifference[];
  /** Calls in progress, which would keep the revision they began with. */
  readonly liveCalls: readonly CallsOfRevision[];
}

/** @param overwrite whether applying would also overwrite what commands have changed */
export function planFiles(
  { store, clock }: Pick<Deps, "store" | "clock">,
  files: Office,
  overwrite: boolean,
): Promise<Plan | FilesDoNotFit | DatabaseFailed> {
  return orDatabaseFailed<Plan | FilesDoNotFit>(async () => {
    const wanted = await reconcile(store, files, overwrite);
    const { revision, faults } = wanted;
    if (faults.length > 0) return { outcome: "files_do_not_fit", faults };
    return {
      outcome: "planned",
      revision,
      difference: compareOffices(await store.loadOffice(revision), wanted.office),
      drift: driftDifferences(files, wanted),
      liveCalls: sumCalls(await store.readLiveCalls(), clock.nowMs()),
    };
  });
}

/** The same where there is no database yet: applying would make it, and everything in it would be new. */
export function planFirstFiles(files: Office): Plan {
  const difference = compareOffices(undefined, files);
  return { outcome: "planned", revision: 0, difference, drift: [], liveCalls: [] };
}
