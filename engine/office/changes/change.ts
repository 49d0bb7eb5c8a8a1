/**
 * Carries out every change of an office that does not come from its files: reads the live office, edits it, checks it,
 * writes it as a new revision with its author and reason, and tries again when another revision was written in between.
 * The change is drift from the files.
 */

import type { Needed } from "../../../policy/access/access.js";
import { type Changer, guardChange, type NotAllowed } from "../../../policy/access/guard.js";
import type { Edited, Fault, Refusal, RefusalCause } from "../../../policy/change/edit.js";
import type { Edit } from "../../../policy/change/edits/types.js";
import { keepsAdmins } from "../../../policy/change/last-admin.js";
import { type Rename, summedUp } from "../../../policy/change/renaming.js";
import { boxName } from "../../../policy/office/box.js";
import type { Office } from "../../../policy/office/office.js";
import { given } from "../../../policy/office/optional.js";
import { type Applied, NO_SUMMARY, type Written } from "../../../storage/apply.js";
import type { HandOver } from "../../../storage/hand-over.js";
import type { ChangeOrigin } from "../../../storage/revision-audit.js";
import {
  type DatabaseFailed,
  type Deps,
  NO_OFFICE,
  type NoOffice,
  orDatabaseFailed,
} from "../../use-case.js";
import { compareOffices, type OfficeDifference } from "../views/compare.js";
import { presentMoment } from "../views/moment.js";
import { type Plan, planChange } from "../views/plan.js";
import { editPart } from "./part.js";

/** The author of a change, and its conditions. */
export interface ChangeRequest {
  readonly author: string;
  /** The reason, for the history; left out: the use case describes the change. */
  readonly message?: string | undefined;
  /** Refuse when another revision than this is live; left out: change the newest revision. */
  readonly expect?: number | undefined;
  /** Only say what would change. */
  readonly dryRun?: boolean | undefined;
  /** The person whose permissions decide; left out: a command on the machine, which may do everything. */
  readonly changer?: Changer | undefined;
  /** For the audit; left out likewise. */
  readonly origin?: ChangeOrigin | undefined;
}

/** The live office is as asked for; `difference` says what that changed. */
export interface Changed extends Written {
  readonly difference: OfficeDifference;
}

/** The edit was not made; see {@link RefusalCause}. */
export interface Refused {
  readonly outcome: "refused";
  readonly cause: RefusalCause;
  readonly reason: string;
  readonly faults: readonly Fault[];
  /** With `not_allowed`: a permission that who asks lacks. */
  readonly needs?: Needed;
  /** The edit at fault, where the change is a list of edits; its place in the list, from 0. */
  readonly edit?: number;
}

/** The live revision is not the one the change was made for. */
export type Conflict = Extract<Applied, { readonly outcome: "conflict" }> & { readonly expected: number };

/** A removal would leave messages to nobody. */
export type HasMessages = Extract<Applied, { readonly outcome: "has_messages" }>;

/** Why nothing was changed. */
export type ChangeFailed = NoOffice | Refused | Conflict | HasMessages | DatabaseFailed;

/**
 * - `applied`: there is a new revision.
 * - `unchanged`: the office was as asked for already.
 * - `planned`: nothing was changed, as asked; this is what would change.
 * - all others: nothing was changed.
 */
export type OfficeChanged = Changed | Plan | ChangeFailed;

/** The office to write, with the users and groups that are removed and what is renamed; or the use case's failure. */
export type Prepared<Failure> =
  | {
      readonly ok: true;
      readonly office: Office;
      readonly handOvers?: readonly HandOver[];
      /** In the order in which they were made. */
      readonly renames?: readonly Rename[];
      /** For the history, when the request gives no reason; left out: the use case's message. */
      readonly message?: string;
      /** What was edited; left out: the change is no list of edits. */
      readonly edits?: readonly Edit[];
      /** The revision that is taken back. */
      readonly undoes?: number;
    }
  | { readonly ok: false; readonly failure: Failure };

/** The change is given up after this many conflicts in a row: others write all the time. */
export const TRIES_MAX = 5;

/** A change that was written, with the offices on both sides of it, or the part of them that was looked at. */
export interface MadeChange extends Written {
  readonly before: Office;
  readonly after: Office;
  readonly renames: readonly Rename[];
}

/**
 * Changes the live office.
 * @param message for the history when the request gives no reason
 * @param prepare makes the new office from the live one; called again when another revision was written in between
 */
export async function changeOffice<Failure extends { readonly outcome: string } = never>(
  deps: Pick<Deps, "store" | "clock">,
  request: ChangeRequest,
  message: string,
  prepare: (live: Office) => Prepared<Failure> | Promise<Prepared<Failure>>,
  ofPart?: (revision: number) => Promise<PreparedPart | undefined>,
): Promise<OfficeChanged | Failure> {
  const made = await makeChange(deps, request, message, prepare, ofPart);
  if (!isMade(made)) return made;
  const { before, after, renames, ...written } = made;
  return orDatabaseFailed(async () => ({
    ...written,
    difference: compareOffices(before, after, renames, await presentMoment(deps, renames)),
  }));
}

/** A change that was made of a part of the office; see `part.ts`. */
export interface PreparedPart {
  /** The part as it is live. */
  readonly before: Office;
  readonly prepared: Extract<Prepared<never>, { readonly ok: true }>;
}

/**
 * The same, for a use case that needs the written office for its next action.
 * @param ofPart makes the change of a part of a revision, where that is possible; then `before` and `after` are the part
 */
export function makeChange<Failure>(
  { store, clock }: Pick<Deps, "store" | "clock">,
  request: ChangeRequest,
  message: string,
  prepare: (live: Office, revision: number) => Prepared<Failure> | Promise<Prepared<Failure>>,
  ofPart: (revision: number) => Promise<PreparedPart | undefined> = async () => undefined,
): Promise<MadeChange | Plan | ChangeFailed | Failure> {
  return orDatabaseFailed<MadeChange | Plan | ChangeFailed | Failure>(async () => {
    for (let tries = 1; ; tries += 1) {
      const revision = await store.currentRevision();
      const part = await ofPart(revision);
      const before = part?.before ?? (await store.loadOffice(revision));
      if (before === undefined) return NO_OFFICE;
      const prepared = part?.prepared ?? (await prepare(before, revision));
      if (!prepared.ok) return prepared.failure;
      const { office: after, handOvers = [] } = prepared;
      const renames = summedUp(prepared.renames ?? []);
      const notAllowed =
        request.changer &&
        guardChange(request.changer, { before, after, ...given({ edits: prepared.edits }) });
      if (notAllowed !== undefined) return refusal(notAllowed);
      const adminless = keepsAdmins(before, after);
      if (adminless !== undefined) return refusal(adminless);
      const expected = request.expect ?? revision;
      if (request.dryRun === true) {
        if (expected !== revision) return { outcome: "conflict", revision, summary: NO_SUMMARY, expected };
        const messages = await messagesInTheWay(store, handOvers);
        if (messages.length > 0) return { outcome: "has_messages", messages, revision, summary: NO_SUMMARY };
        const handedOver = handOvers.flatMap(({ kind, from, to }) =>
          to === null ? [] : [`${kind}:${from}`],
        );
        return planChange({ store, clock }, { revision, before, after, renames, handedOver });
      }
      const applied = await store.applyOffice(after, {
        author: request.author,
        message: request.message ?? prepared.message ?? message,
        sourceHash: "",
        expectRevision: expected,
        handOvers,
        renames,
        ...given({ partBefore: part?.before, origin: request.origin, undoes: prepared.undoes }),
        nowMs: clock.nowMs(),
      });
      if (applied.outcome === "has_messages") return applied;
      if (applied.outcome === "would_lose") throw new Error("a command names what it removes");
      if (applied.outcome !== "conflict") return { ...applied, before, after, renames };
      if (request.expect !== undefined || tries === TRIES_MAX) return { ...applied, expected };
    }
  });
}

/** The messages that a removal would lose. A change that is written asks for them again, inside its transaction. */
async function messagesInTheWay(
  store: Pick<Deps["store"], "messagesKept">,
  handOvers: readonly HandOver[],
): Promise<string[]> {
  const messages: string[] = [];
  for (const { kind, from, to, lettingGo = [] } of handOvers) {
    if (to !== null || lettingGo === "all") continue;
    const box = boxName(kind === "user" ? { kind, username: from } : { kind, id: from });
    messages.push(...(await store.messagesKept(box)).filter((id) => !lettingGo.includes(id)));
  }
  return messages;
}

/** Whether the change was written, or the office was as asked for already. */
export function isMade<Other extends { readonly outcome: string }>(
  ended: MadeChange | Other,
): ended is MadeChange {
  return ended.outcome === "applied" || ended.outcome === "unchanged";
}

/**
 * The same for a change that is a single edit.
 * @param asEdits edits that do the same, where it can be made: then a part of the office may be enough
 */
export function editOffice(
  deps: Pick<Deps, "store" | "clock">,
  request: ChangeRequest,
  message: string,
  edit: (live: Office) => Edited,
  asEdits?: readonly Edit[],
): Promise<OfficeChanged> {
  const ofPart = async (revision: number): Promise<PreparedPart | undefined> => {
    const part = asEdits && (await editPart(deps.store, revision, asEdits, request.changer?.username));
    return part && { before: part.before, prepared: { ok: true, office: part.made.office } };
  };
  return changeOffice<Refused>(deps, request, message, (live) => preparedEdit(edit(live)), ofPart);
}

/** Turns an edit into what {@link changeOffice} writes or returns. */
export function preparedEdit(edited: Edited): Prepared<Refused> {
  return edited.ok ? edited : { ok: false, failure: refusal(edited) };
}

/** A refused edit as a result. */
export function refusal(refused: Refusal & Partial<Pick<NotAllowed, "needs" | "edit">>): Refused {
  const { cause, reason, faults, needs, edit } = refused;
  return { outcome: "refused", cause, reason, faults, ...given({ needs, edit }) };
}
