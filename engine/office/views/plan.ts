/** Says what applying an office's files, or a command, would change, and how many calls are in progress meanwhile. Changes nothing. */
import type { Office } from "../../../policy/office/office.js";
import { STEP_SECTIONS } from "../../../policy/steps/registry.js";
import type { ByHand } from "../../../storage/by-hand.js";
import type { CallsOfRevision } from "../../../storage/live-calls.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../../use-case.js";
import { sumCalls } from "../../watch/live-calls.js";
import {
  type DriftDifference,
  type DriftRequest,
  driftDifferences,
  type FilesDoNotFit,
  reconcile,
  type UnknownName,
} from "../changes/reconcile.js";
import { compareOffices, type OfficeDifference } from "./compare.js";

export interface Plan {
  readonly outcome: "planned";
  /** The live revision; 0: nothing was applied yet. */
  readonly revision: number;
  /** The office's, in which times are shown. */
  readonly timezone: string;
  readonly difference: OfficeDifference;
  /** What stays as it is live and not as the files say, field by field: what commands have changed, above all. */
  readonly drift: readonly DriftDifference[];
  /** Calls in progress, which would keep the revision they began with. */
  readonly liveCalls: readonly CallsOfRevision[];
  /** Overrides by hand that are in effect now; applying does not change them. */
  readonly byHand: readonly SetByHandNow[];
}

/** For example: the schedule `practice` is closed. Times are milliseconds since the epoch. */
export interface SetByHandNow {
  readonly kind: string;
  readonly id: string;
  readonly state: string;
  /** Null: until it is reset. */
  readonly untilMs: number | null;
  readonly author: string;
  /** The zone of the entry's own clock, or the office's. */
  readonly timezone: string;
  /** False: the files have no such entry; it would count again if they had. */
  readonly isInFiles: boolean;
}

/** @param request what applying would overwrite and keep, and the author of the apply */
export function planFiles(
  { store, clock }: Pick<Deps, "store" | "clock">,
  files: Office,
  request: DriftRequest & { readonly author?: string },
): Promise<Plan | FilesDoNotFit | UnknownName | DatabaseFailed> {
  return orDatabaseFailed<Plan | FilesDoNotFit | UnknownName>(async () => {
    const cause = { revision: null, author: request.author ?? "", message: "", appliedMs: clock.nowMs() };
    const wanted = await reconcile(store, files, request, cause);
    if (wanted.outcome !== "reconciled") return wanted;
    const { revision } = wanted;
    return {
      outcome: "planned",
      revision,
      timezone: files.timezone,
      difference: compareOffices(await store.loadOffice(revision), wanted.office),
      drift: driftDifferences(files, wanted),
      liveCalls: sumCalls(await store.readLiveCalls(), clock.nowMs()),
      byHand: setByHand(files, await store.readByHand(), clock.nowMs()),
    };
  });
}

/** What a change by command would do to the live office. */
export async function planChange(
  { store, clock }: Pick<Deps, "store" | "clock">,
  revision: number,
  before: Office,
  after: Office,
): Promise<Plan> {
  return {
    outcome: "planned",
    revision,
    timezone: after.timezone,
    difference: compareOffices(before, after),
    drift: [],
    liveCalls: sumCalls(await store.readLiveCalls(), clock.nowMs()),
    byHand: setByHand(after, await store.readByHand(), clock.nowMs()),
  };
}

/** The same where there is no database yet: applying would make it, and everything in it would be new. */
export function planFirstFiles(files: Office): Plan {
  const difference = compareOffices(undefined, files);
  return {
    outcome: "planned",
    revision: 0,
    timezone: files.timezone,
    difference,
    drift: [],
    liveCalls: [],
    byHand: [],
  };
}

function setByHand(files: Office, sets: readonly ByHand[], nowMs: number): SetByHandNow[] {
  return sets.flatMap(({ kind, id, value, untilMs, author }) => {
    const section = STEP_SECTIONS.find(({ noun }) => noun === kind);
    const state = section?.byHandText?.(value);
    if (section === undefined || state === undefined || (untilMs !== null && untilMs <= nowMs)) return [];
    const entry = files.sections?.[section.key]?.find((each) => each.id === id);
    const timezone = entry?.timezone ?? files.timezone;
    return [{ kind, id, state, untilMs, author, timezone, isInFiles: entry !== undefined }];
  });
}
