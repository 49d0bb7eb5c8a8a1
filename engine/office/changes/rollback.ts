/**
 * Makes the office of an earlier revision live again. History is never rewritten: a rollback writes a new revision, and
 * what it changes is drift from the files.
 */
import { given } from "../../../policy/office/optional.js";
import type { Written } from "../../../storage/apply.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../../use-case.js";
import type { NoRevision } from "../views/revisions.js";
import type { ChangeRequest, Conflict } from "./change.js";

export interface RollbackRequest extends ChangeRequest {
  /** The revision to go back to. */
  readonly revision: number;
  /** Called now and then with the number of entities done. */
  readonly onProgress?: (done: number, total: number) => void;
}

export type RolledBack = Written | Conflict | NoRevision | DatabaseFailed;

export function rollBack(
  { store, clock }: Pick<Deps, "store" | "clock">,
  request: RollbackRequest,
): Promise<RolledBack> {
  const { revision, expect, onProgress } = request;
  return orDatabaseFailed<RolledBack>(async () => {
    const office = await store.loadOffice(revision);
    if (office === undefined) return { outcome: "no_revision", revision };
    const applied = await store.applyOffice(office, {
      ...given({ onProgress }),
      author: request.author,
      message: request.message ?? `rollback to revision ${revision}`,
      sourceHash: "",
      rollsBackTo: revision,
      nowMs: clock.nowMs(),
      ...given({ expectRevision: expect }),
    });
    if (applied.outcome === "applied" || applied.outcome === "unchanged") return applied;
    if (applied.outcome === "conflict" && expect !== undefined) return { ...applied, expected: expect };
    throw new Error(`a rollback expects nothing and hands nothing over, but ended as ${applied.outcome}`);
  });
}
