/**
 * Makes the office of an earlier revision live again. History is never rewritten: a rollback writes a new revision, and
 * what it changes is drift from the files. What was renamed since has its old id again, with everything kept about it.
 */
import { guardChange } from "../../../policy/access/guard.js";
import { notFound } from "../../../policy/change/edit.js";
import { keepsAdmins, lostAdmins, systemAdminsOf } from "../../../policy/change/last-admin.js";
import { idsOf, inverseOf, type Rename } from "../../../policy/change/renaming.js";
import {
  comparable,
  holdsSomething,
  type Vanished,
  vanishingBetween,
} from "../../../policy/change/vanishing.js";
import type { Office } from "../../../policy/office/office.js";
import { given } from "../../../policy/office/optional.js";
import { NO_SUMMARY, type Written } from "../../../storage/apply.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../../use-case.js";
import { callsAbout } from "../../watch/live-calls.js";
import { compareOffices } from "../views/compare.js";
import { presentMoment } from "../views/moment.js";
import { type PlannedChange, planChange } from "../views/plan.js";
import type { NoRevision } from "../views/revisions.js";
import {
  type ChangeRequest,
  type Conflict,
  type OfficeChanged,
  type Refused,
  refusal,
  TRIES_MAX,
} from "./change.js";

export interface RollbackRequest extends ChangeRequest {
  /** The revision to go back to. */
  readonly revision: number;
  /** Also to a revision without a System Admin, when the live one has one. */
  readonly withoutAdmin?: boolean;
  /** Called now and then with the number of entities done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** The earlier office is live, without what came after it. */
export interface RolledBackTo extends Written {
  /** What was removed, with what is kept about each. */
  readonly removes: readonly Vanished[];
}

/** The earlier revision has no System Admin who is not suspended, and the live one has; nothing was changed. */
export interface LosesAdmins {
  readonly outcome: "last_admin";
  readonly admins: readonly string[];
}

export type RolledBack = RolledBackTo | LosesAdmins | Refused | Conflict | NoRevision | DatabaseFailed;

export function rollBack(
  { store, clock }: Pick<Deps, "store" | "clock">,
  request: RollbackRequest,
): Promise<RolledBack> {
  const { revision, expect, onProgress } = request;
  return orDatabaseFailed<RolledBack>(async () => {
    for (let tries = 1; ; tries += 1) {
      const office = await store.loadOffice(revision);
      if (office === undefined) return { outcome: "no_revision", revision };
      const current = await store.currentRevision();
      const live = await store.loadOffice(current);
      const admins =
        request.withoutAdmin === true || live === undefined ? [] : lostAdmins(systemAdminsOf(live), office);
      if (admins.length > 0) return { outcome: "last_admin", admins };
      const notAllowed =
        request.changer && live && guardChange(request.changer, { before: live, after: office });
      if (notAllowed !== undefined) return refusal(notAllowed);
      const renames = undone(await store.renamesBetween(revision, current), office);
      const removes = await removedBy(store, live, office, renames, clock.nowMs());
      const expected = expect ?? current;
      const applied = await store.applyOffice(office, {
        ...given({ onProgress, origin: request.origin }),
        author: request.author,
        message: request.message ?? `rollback to revision ${revision}`,
        sourceHash: "",
        renames,
        rollsBackTo: revision,
        nowMs: clock.nowMs(),
        expectRevision: expected,
      });
      if (applied.outcome === "applied" || applied.outcome === "unchanged") return { ...applied, removes };
      if (applied.outcome !== "conflict")
        throw new Error(`a rollback removes whatever came later, but ended as ${applied.outcome}`);
      if (expect !== undefined || tries === TRIES_MAX) return { ...applied, expected };
    }
  });
}

/** The same with what it changes, and with `dryRun` only that. */
export function rollBackShown(
  deps: Pick<Deps, "store" | "clock">,
  request: RollbackRequest,
): Promise<OfficeChanged> {
  const { store } = deps;
  return orDatabaseFailed<OfficeChanged>(async () => {
    const before = await store.currentRevision();
    const [live, office] = [await store.loadOffice(before), await store.loadOffice(request.revision)];
    if (live === undefined || office === undefined) return refusal(noRevision(request.revision));
    const renames = undone(await store.renamesBetween(request.revision, before), office);
    if (request.dryRun === true)
      return planned(deps, request, { revision: before, before: live, after: office, renames });
    const ended = await rollBack(deps, request);
    switch (ended.outcome) {
      case "applied":
      case "unchanged": {
        // Another revision may have come in between.
        const replaced = ended.outcome === "applied" ? await store.loadOffice(ended.revision - 1) : live;
        const difference = compareOffices(replaced, office, renames, await presentMoment(deps, renames));
        return { ...ended, difference };
      }
      case "no_revision":
        return refusal(noRevision(ended.revision));
      case "last_admin":
        return refusal(keepsAdmins(live, office) ?? noRevision(request.revision));
      default:
        return ended;
    }
  });
}

async function planned(
  deps: Pick<Deps, "store" | "clock">,
  { changer, expect }: RollbackRequest,
  change: Omit<PlannedChange, "handedOver">,
): Promise<OfficeChanged> {
  const { revision, before, after } = change;
  const adminless = keepsAdmins(before, after);
  if (adminless !== undefined) return refusal(adminless);
  const notAllowed = changer && guardChange(changer, { before, after });
  if (notAllowed !== undefined) return refusal(notAllowed);
  if (expect !== undefined && expect !== revision)
    return { outcome: "conflict", revision, summary: NO_SUMMARY, expected: expect };
  return planChange(deps, { ...change, handedOver: [] });
}

function noRevision(revision: number) {
  return notFound(`there is no revision ${revision} to go back to`);
}

/** Only what is there again; what was made and renamed since is removed. */
function undone(made: readonly Rename[], office: Office): Rename[] {
  return inverseOf(made).filter((rename) => idsOf(office, rename)?.includes(rename.to) === true);
}

async function removedBy(
  store: Pick<Deps["store"], "holdingsOf" | "readLiveCalls">,
  live: Office | undefined,
  office: Office,
  renames: readonly Rename[],
  nowMs: number,
): Promise<readonly Vanished[]> {
  if (live === undefined) return [];
  const vanishing = vanishingBetween(comparable(live), comparable(office), renames);
  const calls = callsAbout(await store.readLiveCalls(), nowMs);
  const vanished = await store.holdingsOf(vanishing, calls);
  return vanished.filter((each) => each.kind !== "device" || holdsSomething(each));
}
