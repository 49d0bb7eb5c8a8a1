/**
 * Makes edits of an office, all or none. They are made one after the other in the words of the office file, and the
 * result goes through the same checks as files, so that every rule and message is the files' own.
 */
import type { Office } from "../../office/office.js";
import { type Edited, type Fault, type Refusal, refused } from "../edit.js";
import { removeGroup, removeUser } from "../hand-over.js";
import { keepsAdmins } from "../last-admin.js";
import { renameEntity } from "../rename.js";
import { type Rename, summedUp } from "../renaming.js";
import { Draft } from "./draft.js";
import { addEntry, type EntryKind, entryKindOf, setEntry, setOffice } from "./entries.js";
import { editDevice, editMember } from "./parts.js";
import { type Gone, inUse, removeEntry } from "./removals.js";
import { OFFICE_KIND, partsOf, subjectForm, subjectWords } from "./subjects.js";
import type { Edit, EditFault, EditsMade, EditsRefused, Removed, RemoveEdit, RenameEdit } from "./types.js";

/**
 * Makes edits of an office. They may be in any order; only what a rename, or a removal with a replacement, finds must be
 * a valid office.
 */
export function makeEdits(live: Office, edits: readonly Edit[]): EditsMade {
  const made = carryOut(live, edits);
  if (made.ok) return made;
  const refused: EditsRefused = { ...made.refusal, ...blamed(live, edits, made) };
  return made.isOfEdit
    ? { ...refused, faults: [...refused.faults, ...otherFaults(live, edits, made)] }
    : refused;
}

/** A refusal of the first so many edits. */
interface Failed {
  readonly ok: false;
  readonly refusal: Refusal;
  readonly count: number;
  /** The last of them makes no sense, whatever the checks would say; false: the checks refuse all together. */
  readonly isOfEdit: boolean;
}

/** Edits that make no sense are left out so many times at most, to find what else is wrong. */
const LEFT_OUT_MAX = 20;

/** What is wrong besides an edit that makes no sense: somebody who mends a form mends all of it at once. */
function otherFaults(live: Office, edits: readonly Edit[], first: Failed): EditFault[] {
  const faults: EditFault[] = [];
  let rest = edits.map((edit, index) => ({ edit, index }));
  let failed = first;
  for (let times = 0; times < LEFT_OUT_MAX; times += 1) {
    const left = rest[failed.count - 1];
    if (left === undefined || othersNeed(left.edit)) return faults;
    if (times > 0)
      faults.push({
        where: subjectWords(left.edit),
        code: failed.refusal.cause,
        message: failed.refusal.reason,
        edit: left.index,
      });
    rest = rest.filter((each) => each !== left);
    const list = rest.map(({ edit }) => edit);
    const made = carryOut(live, list);
    if (made.ok) return faults;
    if (!made.isOfEdit) {
      const found = blamed(live, list, made).faults;
      return [
        ...faults,
        ...found.map((fault) => ({ ...fault, edit: rest[fault.edit]?.index ?? fault.edit })),
      ];
    }
    failed = made;
  }
  return faults;
}

/** Without an entry that is added or has another id, others would be wrong that are not. */
function othersNeed({ verb, kind }: Edit): boolean {
  return verb === "rename" || (verb === "add" && kind !== "member" && kind !== "device");
}

function carryOut(live: Office, edits: readonly Edit[]): Extract<EditsMade, { ok: true }> | Failed {
  const run = new Run(live);
  for (const [index, edit] of edits.entries()) {
    const refusal = run.make(edit);
    if (refusal !== undefined) return { ok: false, refusal, count: index + 1, isOfEdit: true };
  }
  const edited = run.finish(edits);
  if (!edited.ok) return { ok: false, refusal: edited, count: edits.length, isOfEdit: false };
  return { ok: true, office: edited.office, removed: run.removed, renames: summedUp(run.renames) };
}

/** The office while edits are made, one after the other. */
class Run {
  readonly #live: Office;
  #draft: Draft;
  removed: readonly Removed[] = [];
  readonly renames: Rename[] = [];
  readonly #gone: Gone[] = [];

  constructor(live: Office) {
    this.#live = live;
    this.#draft = new Draft(live);
  }

  /** @returns why the edit makes no sense; what the checks say comes at the end */
  make(edit: Edit): Refusal | undefined {
    if (edit.verb === "rename") return this.#rename(edit);
    if (edit.verb === "remove") {
      const refusal = wrongOptions(edit);
      if (refusal !== undefined) return refusal;
    }
    if (edit.kind === OFFICE_KIND)
      return edit.verb === "set" ? setOffice(this.#draft, edit) : refused("the office can only be set");
    if (edit.kind === "member") return editMember(this.#draft, edit);
    if (edit.kind === "device") return editDevice(this.#draft, edit);
    const kind = entryKindOf(edit.kind);
    if (kind === undefined) return refused(`there is no kind of entry \`${edit.kind}\``);
    switch (edit.verb) {
      case "add":
        return this.#isRemoved(edit.kind, edit.id)
          ? refused(`the ${edit.kind} \`${edit.id}\` is removed by an edit before this one`)
          : addEntry(this.#draft, kind, edit);
      case "set":
        return setEntry(this.#draft, kind, edit);
      case "remove":
        return this.#remove(kind, edit);
    }
  }

  finish(edits: readonly Edit[]): Edited {
    const edited = this.#check(reasonOf(edits));
    return edited.ok ? (keepsAdmins(this.#live, edited.office) ?? edited) : edited;
  }

  #check(reason: string): Edited {
    const edited = this.#draft.check(reason);
    return edited.ok ? edited : inUse(edited, this.#gone, this.#live);
  }

  #remove(kind: EntryKind, edit: RemoveEdit): Refusal | undefined {
    const { replaceBy, discardMessages = false } = edit.options;
    if (replaceBy === undefined) {
      const taken = removeEntry(this.#draft, kind, edit);
      if (!taken.ok) return taken;
      this.#gone.push(taken.gone);
    } else {
      const remove = edit.kind === "user" ? removeUser : removeGroup;
      const refusal = this.#onOffice((office) => remove(office, edit.id, replaceBy));
      if (refusal !== undefined) return refusal;
    }
    if (edit.kind !== "user" && edit.kind !== "group") return undefined;
    const to = replaceBy ?? null;
    // What an earlier edit handed over to the one that is removed now goes on to the next.
    const earlier = this.removed.map((each) =>
      each.kind === edit.kind && each.to === edit.id ? { ...each, to, discardMessages } : each,
    );
    this.removed = [...earlier, { kind: edit.kind, id: edit.id, to, discardMessages }];
    return undefined;
  }

  #rename(edit: RenameEdit): Refusal | undefined {
    const rename = renameOf(edit);
    if (!rename.ok) return rename;
    return this.#onOffice((office) => {
      const edited = renameEntity(office, rename.rename);
      if (edited.ok) this.renames.push(rename.rename);
      return edited;
    });
  }

  /** Makes a change for which the edits before it must have made an office. */
  #onOffice(change: (office: Office) => Edited): Refusal | undefined {
    const before = this.#check("the edits before this one make no office");
    const after = before.ok ? change(before.office) : before;
    if (!after.ok) return after;
    this.#draft = new Draft(after.office);
    return undefined;
  }

  #isRemoved(kind: string, id: string): boolean {
    return this.removed.some((each) => each.kind === kind && each.id === id);
  }
}

function wrongOptions({ kind, options }: RemoveEdit): Refusal | undefined {
  const { replaceBy, discardMessages } = options;
  if (kind !== "user" && kind !== "group" && Object.keys(options).length > 0)
    return refused(`only users and groups have a mailbox and a replacement, and not a ${kind}`);
  return replaceBy !== undefined && discardMessages === true
    ? refused("the replacement gets the messages: they cannot be discarded, too")
    : undefined;
}

function renameOf({ kind, id, to }: RenameEdit): { readonly ok: true; readonly rename: Rename } | Refusal {
  if (kind === "group" || kind === "flow") return { ok: true, rename: { kind, from: id, to } };
  if (kind === "user" || kind === "member") return refused("a username never changes");
  if (kind !== "device")
    return refused(
      `only groups, flows and devices are renamed, and not ${kind === OFFICE_KIND ? "the" : "a"} ${kind}`,
    );
  const parts = partsOf(id);
  if (parts === undefined) return refused(`\`device:${id}\` names no device; expected ${subjectForm(kind)}`);
  const [username, from] = parts;
  return { ok: true, rename: { kind, username, from, to } };
}

const OUTCOMES: Readonly<Record<Edit["verb"], string>> = {
  add: "cannot be added",
  set: "cannot be so",
  remove: "is still needed",
  rename: "cannot be renamed",
};

function reasonOf(edits: readonly Edit[]): string {
  const [first, second] = edits;
  if (first === undefined || second !== undefined) return `these ${edits.length} edits cannot be made`;
  return `${subjectWords(first)} ${OUTCOMES[first.verb]}`;
}

/** After so many tries to find the edit that causes a fault, the nearest that was found counts. */
const CHECKS_MAX = 40;

/**
 * Finds the edit that causes each fault: the one after which the checks find it, and before which they do not. A fault
 * stands where the office is wrong, which need not be the entry that was edited.
 */
function blamed(
  live: Office,
  edits: readonly Edit[],
  { refusal, count }: Failed,
): Pick<EditsRefused, "edit" | "faults"> {
  const known = new Map<number, ReadonlySet<string>>();
  const wrongAfter = (made: number): ReadonlySet<string> => {
    const wrong = known.get(made) ?? wrongIn(carryOut(live, edits.slice(0, made)));
    known.set(made, wrong);
    return wrong;
  };
  const causeOf = (wrong: string): number => {
    let [without, within] = [0, count];
    while (within - without > 1 && known.size < CHECKS_MAX) {
      const middle = Math.floor((without + within) / 2);
      if (wrongAfter(middle).has(wrong)) within = middle;
      else without = middle;
    }
    return within - 1;
  };
  const faults = refusal.faults.map((fault): EditFault => ({ ...fault, edit: causeOf(faultKey(fault)) }));
  return { edit: faults[0]?.edit ?? causeOf(refusal.reason), faults };
}

/** What is wrong after some of the edits: the faults, or else the reason. */
function wrongIn(made: EditsMade | Failed): ReadonlySet<string> {
  if (made.ok || !("refusal" in made)) return new Set();
  const { faults, reason } = made.refusal;
  return new Set(faults.length === 0 ? [reason] : faults.map(faultKey));
}

function faultKey({ where, code, message }: Fault): string {
  return JSON.stringify([where, code, message]);
}
