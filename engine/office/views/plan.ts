/** Says what applying files, or a command, would change, and how many calls are in progress. Changes nothing. */
import { systemAdminsOf } from "../../../policy/change/last-admin.js";
import { emptyMoment } from "../../../policy/change/reach.js";
import {
  type ApplyRefusal,
  NO_CHOICES,
  type RemovalChoices,
  refusedChoices,
  removingOf,
} from "../../../policy/change/removal-choices.js";
import type { Rename } from "../../../policy/change/renaming.js";
import {
  comparable,
  refusalsOf,
  type Vanished,
  vanishedName,
  vanishingBetween,
} from "../../../policy/change/vanishing.js";
import type { Office } from "../../../policy/office/office.js";
import { ENTRY_SECTIONS } from "../../../policy/office-file/sections.js";
import type { ByHand } from "../../../storage/by-hand.js";
import type { CallsOfRevision } from "../../../storage/live-calls.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../../use-case.js";
import { callsAbout, sumCalls } from "../../watch/live-calls.js";
import {
  type DriftDifference,
  type DriftRequest,
  driftDifferences,
  type FilesDoNotFit,
  type FilesSay,
  type Reconciliation,
  reconcile,
  type UnknownName,
} from "../changes/reconcile.js";
import { compareOffices, type OfficeDifference } from "./compare.js";
import { presentMoment } from "./moment.js";

export interface Plan {
  readonly outcome: "planned";
  /** The live revision; 0: nothing was applied yet. */
  readonly revision: number;
  /** The office's, in which times are shown. */
  readonly timezone: string;
  /** What the files rename. */
  readonly renames: readonly Rename[];
  readonly difference: OfficeDifference;
  /** What would be removed, with what is kept about each. */
  readonly removes: readonly Vanished[];
  /** Why applying would be refused, with the choices given. */
  readonly refusals: readonly ApplyRefusal[];
  /** What stays as it is live and not as the files say, field by field: what commands have changed, above all. */
  readonly drift: readonly DriftDifference[];
  /** What commands have renamed and the files call by another id still; what they say of it counts all the same. */
  readonly renamedByCommand: readonly Rename[];
  /** Calls in progress, which would keep the revision they began with. */
  readonly liveCalls: readonly CallsOfRevision[];
  /** Overrides by hand that are in effect now; applying does not change them. */
  readonly byHand: readonly SetByHandNow[];
}

export interface PlanRequest extends DriftRequest {
  /** The author of the apply. */
  readonly author?: string;
  /** What applying may remove. */
  readonly choices?: RemovalChoices;
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

/** What applying these files with these choices would do. */
export function planFiles(
  { store, clock }: Pick<Deps, "store" | "clock">,
  files: FilesSay,
  request: PlanRequest,
): Promise<Plan | FilesDoNotFit | UnknownName | DatabaseFailed> {
  const { choices = NO_CHOICES } = request;
  return orDatabaseFailed<Plan | FilesDoNotFit | UnknownName>(async () => {
    const nowMs = clock.nowMs();
    const cause = { revision: null, author: request.author ?? "", message: "", appliedMs: nowMs };
    const wanted = await reconcile(store, files, request, cause);
    if (wanted.outcome !== "reconciled") return wanted;
    const { revision, renames } = wanted;
    const live = await store.loadOffice(revision);
    const said = await store.readLiveCalls();
    const moment = await presentMoment({ store, clock }, renames);
    return {
      outcome: "planned",
      revision,
      timezone: files.office.timezone,
      renames,
      difference: compareOffices(live, wanted.office, renames, moment),
      ...(await removals(store, live, wanted, choices, callsAbout(said, nowMs))),
      drift: driftDifferences(files.office, wanted),
      renamedByCommand: wanted.renamedByCommand,
      liveCalls: sumCalls(said, nowMs),
      byHand: setByHand(files.office, await store.readByHand(), nowMs),
    };
  });
}

/** A change by command: the office on both sides, and what goes with it. */
export interface PlannedChange {
  readonly revision: number;
  readonly before: Office;
  readonly after: Office;
  readonly renames: readonly Rename[];
  /** Users and groups that somebody takes over, as `user:bob.stone`: nothing of them is lost. */
  readonly handedOver: readonly string[];
}

/** What a change by command would do to the live office. */
export async function planChange(
  { store, clock }: Pick<Deps, "store" | "clock">,
  { revision, before, after, renames, handedOver }: PlannedChange,
): Promise<Plan> {
  const said = await store.readLiveCalls();
  const vanishing = vanishingBetween(comparable(before), comparable(after), renames);
  const removes = await store.holdingsOf(vanishing, callsAbout(said, clock.nowMs()));
  return {
    outcome: "planned",
    revision,
    timezone: after.timezone,
    renames,
    difference: compareOffices(before, after, renames, await presentMoment({ store, clock }, renames)),
    removes: removes.filter((each) => !handedOver.includes(vanishedName(each))),
    refusals: [],
    drift: [],
    renamedByCommand: [],
    liveCalls: sumCalls(said, clock.nowMs()),
    byHand: setByHand(after, await store.readByHand(), clock.nowMs()),
  };
}

/** What would be removed with what is kept about it, and why applying would be refused. */
async function removals(
  store: Pick<Deps["store"], "holdingsOf">,
  live: Office | undefined,
  { office, renames }: Reconciliation,
  choices: RemovalChoices,
  calls: ReadonlyMap<string, number>,
): Promise<Pick<Plan, "removes" | "refusals">> {
  if (live === undefined) return { removes: [], refusals: [] };
  const vanishing = vanishingBetween(comparable(live), comparable(office), renames);
  const removes = await store.holdingsOf(vanishing, calls);
  const refusals = refusalsOf(vanishing, removes, removingOf(choices, calls), {
    users: live.users.length,
    numbers: live.numbers.length,
    handedOver: choices.replace.map(({ kind, from }) => `${kind}:${from}`),
  });
  return {
    removes,
    refusals: [...refusedChoices(choices, office, systemAdminsOf(live)), ...refusals],
  };
}

/** The same where there is no database yet: applying would make it, and everything in it would be new. */
export function planFirstFiles({ office }: FilesSay, nowMs: number): Plan {
  return {
    outcome: "planned",
    revision: 0,
    timezone: office.timezone,
    renames: [],
    difference: compareOffices(undefined, office, [], emptyMoment(nowMs)),
    removes: [],
    refusals: [],
    drift: [],
    renamedByCommand: [],
    liveCalls: [],
    byHand: [],
  };
}

function setByHand(files: Office, sets: readonly ByHand[], nowMs: number): SetByHandNow[] {
  return sets.flatMap(({ kind, id, value, untilMs, author }) => {
    const section = ENTRY_SECTIONS.find(({ noun }) => noun === kind);
    const state = section?.byHandText?.(value);
    if (section === undefined || state === undefined || (untilMs !== null && untilMs <= nowMs)) return [];
    const entry = files.sections?.[section.key]?.find((each) => each.id === id);
    const timezone = entry?.timezone ?? files.timezone;
    return [{ kind, id, state, untilMs, author, timezone, isInFiles: entry !== undefined }];
  });
}
