/** Takes applied revisions out of the database: the difference of two, or one as a file. */
import { inverseOf } from "../../../policy/change/renaming.js";
import { exportOffice } from "../../../policy/office-file/export.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../../use-case.js";
import { writeOfficeFile } from "../files/write.js";
import { compareOffices, type OfficeDifference } from "./compare.js";
import { presentMoment } from "./moment.js";

/** There is no such revision; `revision` 0: nothing was applied yet. */
export interface NoRevision {
  readonly outcome: "no_revision";
  readonly revision: number;
}

export type RevisionsCompared =
  | { readonly outcome: "compared"; readonly difference: OfficeDifference }
  | NoRevision
  | DatabaseFailed;

/** What differs between two revisions; 0 is the empty office, before anything was applied. */
export function compareRevisions(
  { store, clock }: Pick<Deps, "store" | "clock">,
  from: number,
  to: number,
): Promise<RevisionsCompared> {
  return orDatabaseFailed<RevisionsCompared>(async () => {
    for (const revision of [from, to])
      if (!(await store.hasRevision(revision))) return { outcome: "no_revision", revision };
    const between = await store.renamesBetween(Math.min(from, to), Math.max(from, to));
    const renames = from <= to ? between : inverseOf(between);
    const difference = compareOffices(
      await store.loadOffice(from),
      await store.loadOffice(to),
      renames,
      await presentMoment({ store, clock }, renames),
    );
    return { outcome: "compared", difference };
  });
}

export type RevisionExported =
  | { readonly outcome: "exported"; readonly revision: number; readonly text: string }
  | NoRevision
  | DatabaseFailed;

/** A revision (the live one unless given) as an office file; applying the file to that revision changes nothing. */
export function exportRevision({ store }: Pick<Deps, "store">, wanted?: number): Promise<RevisionExported> {
  return orDatabaseFailed<RevisionExported>(async () => {
    const revision = wanted ?? (await store.currentRevision());
    const office = await store.loadOffice(revision);
    if (office === undefined) return { outcome: "no_revision", revision };
    const text = writeOfficeFile(exportOffice(office), `${office.name}, revision ${revision}`);
    return { outcome: "exported", revision, text };
  });
}
