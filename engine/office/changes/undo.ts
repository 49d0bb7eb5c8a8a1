/**
 * Takes back what one revision changed, as a new revision, and leaves alone what others have changed since. Undoing an undo
 * makes the change again. Whoever may make the change by edits may take it back.
 */
import { type Changer, guardChange } from "../../../policy/access/guard.js";
import { checkOffice, notFound, refused } from "../../../policy/change/edit.js";
import { editSubject } from "../../../policy/change/edits/between.js";
import { subjectWords } from "../../../policy/change/edits/subjects.js";
import type { EditSubject } from "../../../policy/change/edits/types.js";
import {
  type EntityRef,
  type MadeRevision,
  undoingEdits,
  undoRevision as undone,
} from "../../../policy/change/undo.js";
import { type EntityKind, officeFrom } from "../../../policy/office/entities.js";
import type { Office } from "../../../policy/office/office.js";
import { given } from "../../../policy/office/optional.js";
import type { RevisionInfo } from "../../../storage/store.js";
import { type Deps, orDatabaseFailed } from "../../use-case.js";
import {
  type ChangeRequest,
  makeChange,
  type OfficeChanged,
  type Prepared,
  type Refused,
  refusal,
} from "./change.js";
import { shownChange } from "./edits.js";

export interface UndoRequest extends ChangeRequest {
  /** Whose change is taken back. */
  readonly revision: number;
}

/** An entry that was changed again, and the newest revision that did. */
export interface LaterChange extends EditSubject {
  readonly revision: number;
  readonly author: string;
  readonly appliedMs: number;
  readonly message: string;
}

/** Nothing was undone: it would have taken later changes with it. */
export interface ChangedSince {
  readonly outcome: "changed_since";
  readonly entries: readonly LaterChange[];
}

/** What is known of the revision that is undone; it never changes. */
interface Undoing {
  readonly info: RevisionInfo;
  readonly before: Office;
  readonly after: Office;
}

/** "the user `carol.diaz` was changed again by bella.ruiz in revision 7". */
export function changedSinceText(entries: readonly LaterChange[]): string {
  const each = entries.map(
    (entry) => `${subjectWords(entry)} was changed again by ${entry.author} in revision ${entry.revision}`,
  );
  return `${each.slice(0, NAMED_MAX).join("; ")}${each.length > NAMED_MAX ? `; and ${each.length - NAMED_MAX} more` : ""}`;
}

const NAMED_MAX = 3;

type Store = Deps["store"];

export function undoRevision(
  deps: Pick<Deps, "store" | "clock">,
  request: UndoRequest,
): Promise<OfficeChanged | ChangedSince> {
  return orDatabaseFailed<OfficeChanged | ChangedSince>(async () => {
    const { store } = deps;
    const { revision } = request;
    const [info] = await store.history(1, { before: revision + 1 });
    if (info?.revision !== revision) return refusal(notFound(`there is no revision ${revision} to undo`));
    const sides = await readSides(store, revision);
    if (sides === undefined)
      return refusal(refused(`revision ${revision} made the office: there is nothing before it`));
    const undoing: Undoing = { info, ...sides };
    const asked = { ...request, ...given({ changer: request.changer && proving(request.changer, undoing) }) };
    const made = await makeChange<Refused | ChangedSince>(
      deps,
      asked,
      `undo revision ${revision}`,
      (live, newest) => prepared(store, live, newest, undoing, asked.changer),
    );
    return shownChange(deps, asked, made);
  });
}

/** Who removed an outside phone of their own may have it back: its number was proved, or given to them, before. */
function proving(changer: Changer, { info, before }: Undoing): Changer {
  const { username } = changer;
  if (info.author !== username) return changer;
  const user = before.users.find((each) => each.username === username);
  const own = (user?.devices ?? []).flatMap(({ at }) => (at.kind === "phone" ? [at.number] : []));
  return { ...changer, provenNumbers: [...(changer.provenNumbers ?? []), ...own] };
}

async function prepared(
  store: Store,
  live: Office,
  newest: number,
  { info: { revision }, before, after }: Undoing,
  changer: Changer | undefined,
): Promise<Prepared<Refused | ChangedSince>> {
  const made: MadeRevision = {
    ...{ before, after },
    renamed: await store.renamesBetween(revision - 1, revision),
    renamedSince: await store.renamesBetween(revision, newest),
  };
  const edits = undoingEdits(made);
  // Before anything is said of the office.
  const notAllowed = changer && guardChange(changer, { before: live, edits });
  if (notAllowed !== undefined) return { ok: false, failure: refusal(notAllowed) };
  const ended = undone(live, made);
  if (!ended.ok)
    return {
      ok: false,
      failure: { outcome: "changed_since", entries: await laterChanges(store, ended.changedSince) },
    };
  const checked = checkOffice(
    ended.office,
    `revision ${revision} cannot be undone: what it changed does not fit with the office as it is now`,
  );
  if (!checked.ok) return { ok: false, failure: refusal(checked) };
  const { renames, removed } = ended;
  const handOvers = removed.map(({ kind, id }) => ({ kind, from: id, to: null }));
  return { ok: true, office: checked.office, renames, handOvers, edits, undoes: revision };
}

async function laterChanges(store: Store, entries: readonly EntityRef[]): Promise<LaterChange[]> {
  const found: LaterChange[] = [];
  for (const of of entries) {
    const [newest] = await store.history(1, { of });
    if (newest === undefined) continue;
    const { revision, author, appliedMs, message } = newest;
    found.push({ ...editSubject(of.kind, of.key), revision, author, appliedMs, message });
  }
  return found;
}

/** The office on both sides of a revision, where only what it changed is read. Undefined: there is nothing before it. */
async function readSides(
  store: Store,
  revision: number,
): Promise<Pick<MadeRevision, "before" | "after"> | undefined> {
  const differing = await store.changesBetween(revision - 1, revision);
  if (differing.outcome === "too_many") {
    const [before, after] = [await store.loadOffice(revision - 1), await store.loadOffice(revision)];
    return before && after && { before, after };
  }
  const keysOf: KeysOf = (kind) => differing.changes[kind].map(({ key }) => key);
  const before = await readEntries(store, revision - 1, keysOf);
  const after = await readEntries(store, revision, keysOf);
  return before && after && { before, after };
}

type KeysOf = (kind: EntityKind) => readonly string[];

async function readEntries(store: Store, revision: number, keysOf: KeysOf): Promise<Office | undefined> {
  const read = async <K extends EntityKind>(kind: K) =>
    [...(await store.entities(kind, revision, keysOf(kind)))].sort(([a], [b]) => (a < b ? -1 : 1));
  // Their order is one of the settings.
  const settings = [...(await store.allEntities("settings", revision))];
  const carriers = [...(await store.allEntities("carriers", revision))];
  if (settings.length === 0) return undefined;
  return officeFrom({
    settings,
    carriers,
    users: await read("users"),
    groups: await read("groups"),
    flows: await read("flows"),
    numbers: await read("numbers"),
    sections: await read("sections"),
  });
}
