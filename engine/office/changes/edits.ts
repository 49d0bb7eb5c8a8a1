/**
 * Edits the live office by a list of edits in the words of the office file: one revision, or nothing. Every command that
 * edits makes such a list.
 */
import { type Changer, guardChange } from "../../../policy/access/guard.js";
import { makeEdits } from "../../../policy/change/edits/make-edits.js";
import { subjectText } from "../../../policy/change/edits/subjects.js";
import type { Edit, EditFault, EditsMade, Removed } from "../../../policy/change/edits/types.js";
import type { Office, User } from "../../../policy/office/office.js";
import type { HandOver } from "../../../storage/hand-over.js";
import { type DatabaseFailed, type Deps, orDatabaseFailed } from "../../use-case.js";
import { compareOffices } from "../views/compare.js";
import { presentMoment } from "../views/moment.js";
import {
  type Changed,
  type ChangeRequest,
  isMade,
  type MadeChange,
  makeChange,
  type OfficeChanged,
  type Prepared,
  type Refused,
  refusal,
} from "./change.js";
import { type EditsOf, editPart } from "./part.js";

/** Why the edits were not made, and the edit that is at fault: its place in the list, from 0. */
export interface EditsRefused extends Refused {
  readonly edit: number;
  readonly faults: readonly EditFault[];
}

export type OfficeEdited = Exclude<OfficeChanged, Refused> | EditsRefused;

/** Makes edits of the live office, as one revision. */
export async function editOfficeBy(
  deps: Pick<Deps, "store" | "clock">,
  request: ChangeRequest,
  edits: readonly Edit[] | EditsOf,
): Promise<OfficeEdited> {
  const ofPart = async (revision: number) => {
    const part = await editPart(deps.store, revision, edits, request.changer?.username);
    return part && { before: part.before, prepared: preparedOf(part.made, part.edits) };
  };
  const made = await makeChange<EditsRefused>(
    deps,
    request,
    "",
    (live) => prepared(live, edits, request.changer),
    ofPart,
  );
  if (made.outcome === "refused" && !isOfEdit(made))
    throw new Error(`edits that could be made were refused as a whole: ${made.reason}`);
  return shownChange(deps, request, made);
}

/** A change that was made, with what differs by it. */
export async function shownChange<Other extends { readonly outcome: string }>(
  deps: Pick<Deps, "store" | "clock">,
  { author }: Pick<ChangeRequest, "author">,
  made: MadeChange | Other,
): Promise<Changed | Other | DatabaseFailed> {
  if (!isMade(made)) return made;
  const { before, after, renames, ...written } = made;
  return orDatabaseFailed(async (): Promise<Changed> => {
    // After the revision: a phone that could not be changed keeps its password.
    for (const sipName of sipNamesLost(before, after))
      await deps.store.removeCredential(sipName, { author, nowMs: deps.clock.nowMs() });
    const difference = compareOffices(before, after, renames, await presentMoment(deps, renames));
    return { ...written, difference };
  });
}

function isOfEdit(refused: Refused): refused is EditsRefused {
  return refused.edit !== undefined;
}

function prepared(
  live: Office,
  wanted: readonly Edit[] | EditsOf,
  changer: Changer | undefined,
): Prepared<EditsRefused> {
  const edits = typeof wanted === "function" ? wanted(live) : wanted;
  if ("ok" in edits) return { ok: false, failure: { ...refusal(edits), edit: 0, faults: [] } };
  // Before they are made: what the checks find says something of the office.
  const notAllowed = changer && guardChange(changer, { before: live, edits });
  if (notAllowed !== undefined)
    return { ok: false, failure: { ...refusal(notAllowed), edit: notAllowed.edit, faults: [] } };
  const made = makeEdits(live, edits);
  if (!made.ok) {
    const { edit, faults } = made;
    return { ok: false, failure: { ...refusal(made), edit, faults } };
  }
  return preparedOf(made, edits);
}

function preparedOf(
  { office, removed, renames }: Extract<EditsMade, { readonly ok: true }>,
  edits: readonly Edit[],
): Extract<Prepared<never>, { readonly ok: true }> {
  return { ok: true, office, handOvers: removed.map(handOverOf), renames, message: messageOf(edits), edits };
}

/** SIP names that users who stay had before, and nobody has now. Another phone of that name must not sign in as the old one. */
function sipNamesLost(before: Office, after: Office): string[] {
  const stay = new Set(after.users.map(({ username }) => username));
  const now = new Set(after.users.flatMap(sipNames));
  return before.users.flatMap((user) =>
    stay.has(user.username) ? sipNames(user).filter((name) => !now.has(name)) : [],
  );
}

function sipNames({ devices }: User): string[] {
  return devices.flatMap(({ at }) => (at.kind === "sip" ? [at.name] : []));
}

function handOverOf({ kind, id, to, discardMessages }: Removed): HandOver {
  return { kind, from: id, to, ...(discardMessages ? { lettingGo: "all" as const } : {}) };
}

/** Edits that the history names; it says how many there are besides. */
const NAMED_MAX = 3;

/** For the history: `set user:bob.stone (extension, email); rename group:sales to support`. */
function messageOf(edits: readonly Edit[]): string {
  const named = edits.slice(0, NAMED_MAX).map(editText).join("; ");
  return edits.length > NAMED_MAX ? `${named}; and ${edits.length - NAMED_MAX} more edits` : named;
}

function editText(edit: Edit): string {
  const what = `${edit.verb} ${subjectText(edit)}`;
  switch (edit.verb) {
    case "add":
      return what;
    case "set":
      return `${what} (${Object.keys(edit.fields).join(", ")})`;
    case "remove":
      return edit.options.replaceBy === undefined ? what : `${what}, replaced by ${edit.options.replaceBy}`;
    case "rename":
      return `${what} to ${edit.to}`;
  }
}
